/** `harness clean`: removes what runs have left on the Docker engine whose harness is dead, and the images if asked. */
import { requireEngine } from '../environments/docker/engine.ts';
import { removeImages } from '../environments/docker/images/images.ts';
import { type RunRemains, reapDeadRuns } from '../environments/docker/leftovers.ts';
import type { Texts } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** Exit code 255 when something could not be removed. */
export async function cleanCommand(flags: Texts, { print, note }: Terminal): Promise<number> {
  const engine = await requireEngine();
  const { removed, left, failures, folders } = await reapDeadRuns(engine);
  const images = flags['images'] === true ? await removeImages(engine) : [];
  if (flags['json'] === true) print(JSON.stringify({ removed, left, failures, folders, images }, null, 2));
  else {
    if (removed.length + images.length + folders.length === 0) print('Nothing to remove.');
    for (const image of images) print(`Removed the image ${image}.`);
    for (const remains of removed) print(`Removed ${amounts(remains)} of run ${remains.run}, whose harness is dead.`);
    for (const folder of folders) print(`Removed the folder ${folder}, whose harness is dead.`);
    for (const remains of left) print(`Left ${amounts(remains)} of run ${remains.run} alone: ${why(remains)}.`);
  }
  for (const failure of failures) note(`Could not be removed: ${failure}`);
  return failures.length === 0 ? 0 : 255;
}

function why({ fate, owner, run }: RunRemains): string {
  if (owner === null) return 'its labels do not say whose it is';
  const whose = `its harness, process ${owner.process.pid} on ${owner.host}`;
  if (fate === 'alive') return `${whose}, lives`;
  return (
    `${whose}, cannot be looked at from here. Run harness clean there, or, if it is dead, remove what has the label ` +
    `harness.run=${run} with docker`
  );
}

const amounts = ({ containers, networks, volumes }: RunRemains): string =>
  [
    [containers.length, 'container'],
    [networks.length, 'network'],
    [volumes.length, 'volume'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`)
    .join(', ');
