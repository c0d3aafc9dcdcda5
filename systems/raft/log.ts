import { invariant } from '../../src/core/errors.ts';
import type { Entry } from './dialect.ts';

/**
 * The replicated log in memory. Indexes begin at 1. Terms never fall along a log (Log Matching, paper 5.3), so the
 * border of a term is found by bisection, and no step ever copies the log.
 */
export class Log {
  readonly #entries: Entry[] = [];

  get lastIndex(): number {
    return this.#entries.length;
  }

  get lastTerm(): number {
    return this.#entries.at(-1)?.term ?? 0;
  }

  /** Throws on an index that the log does not hold. */
  at(index: number): Entry {
    const entry = this.#entries[index - 1];
    invariant(entry !== undefined, () => `the log ends at ${this.lastIndex}, entry ${index} was asked for`);
    return entry;
  }

  /** The term of the entry there; 0 at index 0, undefined beyond the end. */
  termAt(index: number): number | undefined {
    return index === 0 ? 0 : this.#entries[index - 1]?.term;
  }

  /** At most `limit` entries from the index on. */
  slice(from: number, limit: number): readonly Entry[] {
    return this.#entries.slice(from - 1, from - 1 + limit);
  }

  append(entry: Entry): number {
    return this.#entries.push(entry);
  }

  /** Replaces everything from the index on. */
  replaceFrom(from: number, entries: readonly Entry[]): void {
    invariant(
      from >= 1 && from <= this.lastIndex + 1,
      () => `a gap: the log ends at ${this.lastIndex}, not before ${from}`,
    );
    this.#entries.length = from - 1;
    for (const entry of entries) this.#entries.push(entry);
  }

  /** Whether a log that ends like this is at least as complete as this one (paper, 5.4.1). */
  isUpToDate(lastTerm: number, lastIndex: number): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex);
  }

  /** The first index whose term is at least this one; one beyond the end if there is none. */
  firstIndexOf(term: number): number {
    let low = 1;
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
    return index > 0 && this.at(index).term === term ? index : null;
  }
}
