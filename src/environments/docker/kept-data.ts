/** What the nodes have left on their disks goes beside their logs; what does not is named there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HarnessError, messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { noteInLog } from '../real/node-log.ts';
import type { Holder } from './holder/holder.ts';
import { recordsFolder } from './launch.ts';

/** Of one node, in bytes. */
const mostData = 64 * 2 ** 20;

/** Keeps what it can, whichever holder is gone, and then rejects with the nodes whose data could not be had. */
export async function keepData(
  holders: ReadonlyMap<NodeId, Pick<Holder, 'collect'>>,
  directory: string,
): Promise<void> {
  const failures: string[] = [];
  const keeping = [...holders].map(([node, holder]) =>
    keep(holder, join(directory, node)).catch((error: unknown) => {
      failures.push(`the data of ${node} could not be kept: ${messageOf(error)}`);
    }),
  );
  await Promise.all(keeping);
  if (failures.length > 0) throw new HarnessError(failures.join('; '));
}

async function keep(holder: Pick<Holder, 'collect'>, folder: string): Promise<void> {
  const files = await holder.collect(recordsFolder, mostData);
  mkdirSync(join(folder, 'data'), { recursive: true });
  for (const { name, bytes, base64 } of files) {
    if (base64 !== null) writeFileSync(join(folder, 'data', basename(name)), Buffer.from(base64, 'base64'));
    else noteInLog(folder, `data/${name} was not kept: with its ${mebibytes(bytes)} it is over ${mebibytes(mostData)}`);
  }
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
