/**
 * Virtual time: one heap of what is to happen, keyed by time and then by the order in which it was arranged, so that
 * the same seed gives the same run, byte for byte. Every event that is a step of some machine goes into a running hash;
 * two runs with one hash took the same steps. The idea is FoundationDB's (Zhou et al. 2021, section 4).
 */
import { createHash } from 'node:crypto';
import { Heap } from '../../core/heap.ts';
import type { Cancel, Duration, Instant } from '../../core/time.ts';

interface Entry {
  fire: (() => void) | null;
}

/** The hash is fed in pieces of this many characters: one call a piece costs less than one an event. */
const pieceLength = 1 << 16;

/** Hears of each step before it is taken. */
export type StepObserver = (at: Instant, who: string, kind: string, input: string) => void;

export class Timeline {
  readonly #observe: StepObserver | null;
  readonly #heap = new Heap<Entry>();
  readonly #hash = createHash('sha256');
  #piece = '';
  #now = 0;
  #events = 0;

  constructor(observe: StepObserver | null = null) {
    this.#observe = observe;
  }

  now(): Instant {
    return this.#now as Instant;
  }

  /** Steps of machines so far. */
  get events(): number {
    return this.#events;
  }

  after(delay: Duration, fire: () => void): Cancel {
    const entry: Entry = { fire };
    this.#heap.push(this.#now + Math.max(0, delay), entry);
    return () => {
      entry.fire = null;
    };
  }

  /** Notes a step that is about to be taken: whose, of what kind, with what input. */
  trace(who: string, kind: string, input: string): void {
    this.#events++;
    this.#observe?.(this.#now as Instant, who, kind, input);
    this.#piece += `${this.#now} ${who} ${kind} ${input}\n`;
    if (this.#piece.length >= pieceLength) this.#feed();
  }

  /** Takes the next event; false when there is none. */
  advance(): boolean {
    while (this.#heap.size > 0) {
      const at = this.#heap.nextAt;
      const entry = this.#heap.pop();
      if (entry === undefined || entry.fire === null) continue;
      this.#now = at;
      entry.fire();
      return true;
    }
    return false;
  }

  /** The hash of all steps so far, as 16 hexadecimal digits. */
  hash(): string {
    this.#feed();
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  #feed(): void {
    this.#hash.update(this.#piece);
    this.#piece = '';
  }
}
