/**
 * The simulated disk of one node. It outlives the node. A flush takes time; a crash before it is done keeps a random
 * prefix of what was to be appended, the last record possibly torn, and of a replacement wholly the old log or wholly
 * the new one. It can be slow, and it can be told what is to befall the next write.
 */
import type { Random } from '../../core/random.ts';
import { microseconds } from '../../core/time.ts';
import type { Cancel, Duration } from '../../core/time.ts';
import type { DiskWrite, NodeDisk } from '../../protocol/node-runtime.ts';
import { frameRecord, readRecords } from '../../protocol/record-log.ts';

const fastest = microseconds(100);
const slowest = microseconds(900);

/** `fail`: the next write ends with the error. `interrupt`: something happens in the midst of the next append. */
type Trap =
  | { readonly kind: 'fail'; readonly error: Error; readonly struck: () => void }
  | { readonly kind: 'interrupt'; readonly struck: () => void };

/** While there is one, no write has room. */
interface Filling {
  readonly error: Error;
  readonly struck: () => void;
}

export class SimulatedDisk implements NodeDisk {
  readonly #random: Random;
  readonly #after: (delay: Duration, fire: () => void) => void;
  #lines: string[] = [];
  #underWay: DiskWrite | null = null;
  readonly #delays = new Set<{ readonly sync: Duration }>();
  readonly #traps: Trap[] = [];
  readonly #fillings = new Set<Filling>();

  /** `after` must keep firing for the running node only: a flush that a crash cut off is not answered. */
  constructor(random: Random, after: (delay: Duration, fire: () => void) => void) {
    this.#random = random;
    this.#after = after;
  }

  flush(write: DiskWrite, done: (error: Error | null) => void): void {
    const [filling] = this.#fillings;
    if (filling !== undefined) return this.#refuse(filling, done);
    this.#underWay = write;
    const takes = this.#syncTime();
    const trap = this.#trapFor(write);
    if (trap?.kind === 'interrupt') this.#after(Math.floor(takes / 2) as Duration, () => this.#spring(trap));
    this.#after(takes, () => {
      if (trap?.kind === 'fail' && this.#traps.includes(trap)) {
        // What of the write is on disk is left open until the node, for which this is fatal, crashes.
        done(trap.error);
        return this.#spring(trap);
      }
      this.#underWay = null;
      this.#apply(write);
      done(null);
    });
  }

  /** Writes and syncs nothing, in the way of every write; `done` is called when that is over, unless the node dies before. */
  probe(done: (error: Error | null) => void): void {
    const [filling] = this.#fillings;
    this.#after(this.#syncTime(), () => done(filling?.error ?? null));
  }

  /** Until it is cancelled, no sync is faster than this. */
  slow(sync: Duration): Cancel {
    const delay = { sync };
    this.#delays.add(delay);
    return () => void this.#delays.delete(delay);
  }

  /** No sync is faster than this now; 0 by itself. */
  get slowness(): number {
    return Math.max(0, ...[...this.#delays].map(({ sync }) => sync));
  }

  /** Until it is cancelled, every write fails and leaves nothing behind; `struck` is called whenever one has. */
  useUp(error: Error, struck: () => void): Cancel {
    const filling = { error, struck };
    this.#fillings.add(filling);
    return () => void this.#fillings.delete(filling);
  }

  get isFull(): boolean {
    return this.#fillings.size > 0;
  }

  /** The next write fails; `struck` is called when it has. */
  failNext(error: Error, struck: () => void): Cancel {
    return this.#set({ kind: 'fail', error, struck });
  }

  /** Calls `struck` in the midst of the next append, when a crash would tear it. */
  interruptNext(struck: () => void): Cancel {
    return this.#set({ kind: 'interrupt', struck });
  }

  /** What a crash at this moment leaves of a flush under way. `tearing`: an append surely leaves a torn record. */
  crash(tearing = false): void {
    const write = this.#underWay;
    this.#underWay = null;
    if (write === null) return;
    if (write.kind === 'replace') {
      if (this.#random.chance(0.5)) this.#apply(write);
      return;
    }
    const kept = this.#random.below(write.records.length + (tearing ? 0 : 1));
    this.#apply({ kind: 'append', records: write.records.slice(0, kept) });
    const next = write.records[kept];
    if (next === undefined || (!tearing && !this.#random.chance(0.5))) return;
    const line = frameRecord(next);
    this.#lines.push(
      line.slice(0, tearing ? 1 + this.#random.below(line.length - 1) : this.#random.below(line.length)),
    );
  }

  /** What is on disk, as a starting node finds it. */
  contents(): string {
    return this.#lines.join('');
  }

  /** Reads the log as a starting node does: a torn tail is cut off for good. */
  read(): readonly string[] {
    const { records, torn } = readRecords(this.contents());
    if (torn) this.#lines = records.map(frameRecord);
    return records;
  }

  /** Nothing of the write is on disk, whenever the node crashes; that there is no room is told before any sync. */
  #refuse({ error, struck }: Filling, done: (error: Error) => void): void {
    this.#after(fastest, () => {
      done(error);
      struck();
    });
  }

  #syncTime(): Duration {
    let takes = fastest + this.#random.below(slowest - fastest);
    for (const { sync } of this.#delays) takes = Math.max(takes, sync);
    return takes as Duration;
  }

  #trapFor(write: DiskWrite): Trap | undefined {
    if (this.#traps.length === 0) return undefined;
    const tearable = write.kind === 'append' && write.records.length > 0;
    return this.#traps.find(({ kind }) => kind === 'fail' || tearable);
  }

  #set(trap: Trap): Cancel {
    this.#traps.push(trap);
    return () => this.#remove(trap);
  }

  #remove(trap: Trap): void {
    const place = this.#traps.indexOf(trap);
    if (place >= 0) this.#traps.splice(place, 1);
  }

  #spring(trap: Trap): void {
    if (!this.#traps.includes(trap)) return;
    this.#remove(trap);
    trap.struck();
  }

  #apply(write: DiskWrite): void {
    if (write.kind === 'replace') this.#lines = [];
    for (const record of write.records) this.#lines.push(frameRecord(record));
  }
}
