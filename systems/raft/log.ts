import { invariant } from '../../src/core/errors.ts';
import type { Entry } from './dialect.ts';

/**
 * The replicated log in memory, from `base` on: what came before, and the entry at `base` itself, is in a snapshot
 * (paper, 7). Indexes begin at 1. Terms never fall along a log (Log Matching, paper 5.3), so the border of a term is
 * found by bisection, and no step ever copies the log.
 */
export class Log {
  #entries: Entry[] = [];
  #base = 0;
  #baseTerm = 0;

  /** The index before the first entry that is held. All up to there is committed. */
  get base(): number {
    return this.#base;
  }

  get lastIndex(): number {
    return this.#base + this.#entries.length;
  }

  get lastTerm(): number {
    return this.#entries.at(-1)?.term ?? this.#baseTerm;
  }

  /** Throws on an index that the log does not hold. */
  at(index: number): Entry {
    const entry = this.#entries[index - this.#base - 1];
    invariant(
      entry !== undefined,
      () => `the log holds ${this.#base + 1} to ${this.lastIndex}, entry ${index} was asked for`,
    );
    return entry;
  }

  /** The term of the entry there, or of the base; undefined before it and beyond the end. */
  termAt(index: number): number | undefined {
    return index === this.#base ? this.#baseTerm : this.#entries[index - this.#base - 1]?.term;
  }

  /** At most `limit` entries from the index on, which lies behind the base. */
  slice(from: number, limit: number): readonly Entry[] {
    const start = from - this.#base - 1;
    return this.#entries.slice(start, start + limit);
  }

  append(entry: Entry): number {
    this.#entries.push(entry);
    return this.lastIndex;
  }

  /** Replaces everything from the index on. */
  replaceFrom(from: number, entries: readonly Entry[]): void {
    invariant(
      from > this.#base && from <= this.lastIndex + 1,
      () => `a gap: the log holds ${this.#base + 1} to ${this.lastIndex}, and is to go on at ${from}`,
    );
    this.#entries.length = from - this.#base - 1;
    for (const entry of entries) this.#entries.push(entry);
  }

  /** Forgets the entries up to the index, which a snapshot covers. */
  forgetUpTo(index: number): void {
    if (index <= this.#base) return;
    this.#baseTerm = this.at(index).term;
    this.#entries = this.#entries.slice(index - this.#base);
    this.#base = index;
  }

  /**
   * Begins anew behind a snapshot. Entries behind it stay if the log holds the snapshot's last entry (paper, figure
   * 13, step 6).
   */
  beginAt(index: number, term: number): void {
    if (index >= this.#base && this.termAt(index) === term) return this.forgetUpTo(index);
    this.#entries = [];
    this.#base = index;
    this.#baseTerm = term;
  }

  /** Whether a log that ends like this is at least as complete as this one (paper, 5.4.1). */
  isUpToDate(lastTerm: number, lastIndex: number): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex);
  }

  /** The first index behind the base whose term is at least this one; one beyond the end if there is none. */
  firstIndexOf(term: number): number {
    let low = this.#base + 1;
    let high = this.lastIndex + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle).term < term) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last index of exactly this term, or null. */
  lastIndexOf(term: number): number | null {
    const index = this.firstIndexOf(term + 1) - 1;
    return index > 0 && this.termAt(index) === term ? index : null;
  }
}
