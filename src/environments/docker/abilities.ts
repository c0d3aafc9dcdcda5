/** What the kernel under an engine can do to packets, found out by a holder that lives for a moment. */
import { randomBytes } from 'node:crypto';
import { confinement, kept } from './attached.ts';
import type { Engine } from './engine.ts';
import { holderProgram } from './holder/holder.ts';
import { Holder } from './holder/holder.ts';
import type { Abilities } from './holder/requests.ts';
import type { Images } from './images/images.ts';
import { labelsOf, ownOwner } from './labels.ts';
import { removeRun } from './leftovers.ts';

export async function abilitiesOf({ docker }: Engine, images: Images): Promise<Abilities> {
  const run = randomBytes(4).toString('hex');
  try {
    const holder = await Holder.create(docker, `harness-${run}-trial`, '', {
      ...kept,
      Image: images.holder,
      Entrypoint: [...holderProgram],
      Cmd: ['/tmp/clock', ''],
      Labels: { ...labelsOf(run, ownOwner()) },
      HostConfig: { ...confinement(['NET_ADMIN']), NetworkMode: 'none' },
    });
    await holder.start();
    const abilities = await holder.abilities();
    holder.close();
    return abilities;
  } finally {
    await removeRun(docker, run);
  }
}
