/**
 * The file that libfaketime reads a program's wall clock from. All skews of a node come to one offset: bumps and the
 * present side of strobes are added up, and what a drift has gained stays when it ends. A rate is never written: one
 * other than 1 counts from the start of the process, so it would jump at once and change at every restart. Drift is
 * made of many small steps instead.
 */
import { renameSync, writeFileSync } from 'node:fs';
import type { ClockSkew, FaultId } from '../../faults.ts';

/** Milliseconds between two steps of a drift, so small that nobody takes them for jumps. */
const driftEvery = 10;

interface Active {
  readonly skew: ClockSkew;
  /** Milliseconds on the machine's monotonic clock. */
  readonly since: number;
}

export class ClockFile {
  readonly #path: string;
  readonly #now: () => number;
  readonly #active = new Map<FaultId, Active>();
  /** What drifts that have ended have gained, in milliseconds. */
  #gained = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `now`: a monotonic clock in milliseconds. */
  constructor(path: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
    this.#write();
  }

  /** Null ends the skew of the fault. */
  set(fault: FaultId, skew: ClockSkew | null): void {
    const ended = this.#active.get(fault);
    if (skew !== null) this.#active.set(fault, { skew, since: this.#now() });
    else if (ended !== undefined) {
      if (ended.skew.type === 'drift') this.#gained += this.#offsetOf(ended);
      this.#active.delete(fault);
    }
    clearTimeout(this.#timer);
    this.#write();
    this.#wait();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #offsetOf({ skew, since }: Active): number {
    const passed = this.#now() - since;
    if (skew.type === 'bump') return skew.by / 1e6;
    if (skew.type === 'drift') return skew.rate * passed;
    const steps = Math.floor(passed / (skew.period / 1e6)) + 1;
    if (skew.type === 'rewind') return (-steps * skew.by) / 1e6;
    return steps % 2 === 1 ? skew.by / 1e6 : 0;
  }

  /** Until the next step of any of them. */
  #wait(): void {
    const waits = [...this.#active.values()].map(({ skew, since }) => {
      if (skew.type === 'bump') return Number.POSITIVE_INFINITY;
      const every = skew.type === 'drift' ? driftEvery : skew.period / 1e6;
      return every - ((this.#now() - since) % every);
    });
    const next = Math.min(...waits);
    if (!Number.isFinite(next)) return;
    this.#timer = setTimeout(() => {
      this.#write();
      this.#wait();
    }, Math.ceil(next));
  }

  /** By renaming, so that nobody reads half of it. */
  #write(): void {
    let offset = this.#gained;
    for (const active of this.#active.values()) offset += this.#offsetOf(active);
    const seconds = (offset / 1000).toFixed(6);
    writeFileSync(`${this.#path}.next`, `${seconds.startsWith('-') ? '' : '+'}${seconds}s x1.0\n`);
    renameSync(`${this.#path}.next`, this.#path);
  }
}
