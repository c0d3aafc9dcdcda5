/**
 * Between a machine that persists and the disk: collects writes, keeps one flush in progress at a time (group commit)
 * and knows up to which step everything is durable. Rule 2 of the host rests on `durable`.
 */
import type { DiskWrite, NodeDisk } from './node-runtime.ts';

export class DurableLog {
  readonly #disk: NodeDisk;
  readonly #settled: (error: Error | null) => void;
  /** One write suffices: an append joins what waits, and a replacement makes what waits needless. */
  #waiting: { readonly kind: DiskWrite['kind']; readonly records: string[] } | null = null;
  #flushing = false;
  #written = 0;
  #durable = 0;

  /** `settled` is called after every flush: with null when more is durable, with the error when the disk failed. */
  constructor(disk: NodeDisk, settled: (error: Error | null) => void) {
    this.#disk = disk;
    this.#settled = settled;
  }

  /** The number of the newest write; what is released after it must wait for `durable` to reach it. */
  get written(): number {
    return this.#written;
  }

  get durable(): number {
    return this.#durable;
  }

  add(writes: readonly DiskWrite[]): void {
    this.#written++;
    for (const { kind, records } of writes) {
      if (kind === 'append' && this.#waiting !== null) this.#waiting.records.push(...records);
      else this.#waiting = { kind, records: [...records] };
    }
  }

  /** Starts a flush of all that waits, unless one is in progress; what comes meanwhile goes with the next. */
  flush(): void {
    if (this.#flushing || this.#waiting === null) return;
    this.#flushing = true;
    const upTo = this.#written;
    const batch = this.#waiting;
    this.#waiting = null;
    this.#disk.flush(batch, (error) => {
      this.#flushing = false;
      if (error === null) this.#durable = upTo;
      this.#settled(error);
    });
  }
}
