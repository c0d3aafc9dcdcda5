/** Writes records to a disk for as long as it lives, and says the number of each that is durable. */
import type { DiskWrite } from '../../src/protocol/node-runtime.ts';
import { RealDisk } from '../../src/runtimes/real/disk.ts';

const { disk, records } = await RealDisk.open(process.argv[2] as string);

/** Every fifth write makes the whole log anew. */
const write = (number: number): void => {
  const kind: DiskWrite['kind'] = number % 5 === 0 ? 'replace' : 'append';
  disk.flush({ kind, records: [`{"number":${number},"kind":"${kind}"}`] }, (error) => {
    if (error !== null) throw error;
    process.stdout.write(`${number}\n`);
    write(number + 1);
  });
};

write((JSON.parse(records.at(-1) ?? '{"number":0}') as { number: number }).number + 1);
