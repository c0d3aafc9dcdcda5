/**
 * From where no way led on, by hash. It forgets some, and two hashes may be the same: at worst a legal order is missed, and
 * somebody else looks for it.
 */
import { hashPair } from '../general/pair-map.ts';

const size = 2 ** 14;

export class Failures {
  readonly #hashes = new Int32Array(size);
  /** Counts registers, so that what is remembered of one means nothing for the next. */
  #register = 0;
  isEmpty = true;

  clear(): void {
    this.#register++;
    this.isEmpty = true;
  }

  add(hash: number): void {
    this.isEmpty = false;
    const own = hashPair(hash, this.#register) | 0;
    this.#hashes[own & (size - 1)] = own;
  }

  has(hash: number): boolean {
    const own = hashPair(hash, this.#register) | 0;
    return this.#hashes[own & (size - 1)] === own;
  }
}
