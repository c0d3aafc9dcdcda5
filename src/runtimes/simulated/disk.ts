/**
 * The simulated disk of one node. It outlives the node. A flush takes time; a crash before it is done keeps a random
 * prefix of what was to be appended, the last record possibly torn, and of a replacement wholly the old log or wholly
 * the new one.
 */
import type { Random } from '../../core/random.ts';
import { microseconds } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';
import type { DiskWrite, NodeDisk } from '../../protocol/node-runtime.ts';
import { frameRecord, readRecords } from '../../protocol/record-log.ts';

const fastest = microseconds(100);
const slowest = microseconds(900);

export class SimulatedDisk implements NodeDisk {
  readonly #random: Random;
  readonly #after: (delay: Duration, fire: () => void) => void;
  #lines: string[] = [];
  #underWay: DiskWrite | null = null;

  /** `after` must keep firing for the running node only: a flush that a crash cut off is not answered. */
  constructor(random: Random, after: (delay: Duration, fire: () => void) => void) {
    this.#random = random;
    this.#after = after;
  }

  flush(write: DiskWrite, done: (error: Error | null) => void): void {
    this.#underWay = write;
    const takes = fastest + this.#random.below(slowest - fastest);
    this.#after(takes as Duration, () => {
      this.#underWay = null;
      this.#apply(write);
      done(null);
    });
  }

  /** What a crash at this moment leaves of a flush under way. */
  crash(): void {
    const write = this.#underWay;
    this.#underWay = null;
    if (write === null) return;
    if (write.kind === 'replace') {
      if (this.#random.chance(0.5)) this.#apply(write);
      return;
    }
    const kept = this.#random.below(write.records.length + 1);
    this.#apply({ kind: 'append', records: write.records.slice(0, kept) });
    const next = write.records[kept];
    if (next === undefined || !this.#random.chance(0.5)) return;
    const line = frameRecord(next);
    this.#lines.push(line.slice(0, this.#random.below(line.length)));
  }

  /** Reads the log as a starting node does: a torn tail is cut off for good. */
  read(): readonly string[] {
    const { records, torn } = readRecords(this.#lines.join(''));
    if (torn) this.#lines = records.map(frameRecord);
    return records;
  }

  #apply(write: DiskWrite): void {
    if (write.kind === 'replace') this.#lines = [];
    for (const record of write.records) this.#lines.push(frameRecord(record));
  }
}
