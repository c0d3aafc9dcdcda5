/**
 * Leases on the monotonic clock. A node serves only while it holds one, for the present epoch. It counts from when the node
 * asked, and so ends before the keeper's wait does, which begins later and is longer by what two clocks may drift
 * apart (settings.ts). Whether it still holds is asked in the very step that answers: a node that slept through its end
 * finds it ended.
 */
import type { Instant } from '../../src/core/time.ts';
import type { Settings } from './settings.ts';

export class Lease {
  readonly #settings: Settings;
  /** By their number, the oldest first; none for longer than its answer would be a lease. */
  readonly #asked = new Map<number, Instant>();
  #number = 0;
  #until: number = -Infinity;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Names a question that is asked now. */
  ask(now: Instant): number {
    for (const [number, asked] of this.#asked) {
      if (now < asked + this.#settings.lease) break;
      this.#asked.delete(number);
    }
    this.#number++;
    this.#asked.set(this.#number, now);
    return this.#number;
  }

  /** The keeper has granted what was asked for under this number, for the present epoch. */
  extend(number: number): void {
    const asked = this.#asked.get(number);
    if (asked !== undefined) this.#until = Math.max(this.#until, asked + this.#settings.lease);
  }

  /** The epoch that it was for is over. */
  end(): void {
    this.#until = -Infinity;
  }

  holdsAt(now: Instant): boolean {
    return now < this.#until || this.#settings.mistakes.has('removed-node-serves');
  }
}
