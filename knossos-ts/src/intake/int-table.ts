/**
 * A map from 32-bit integers to 32-bit integers: open addressing in one typed array, keys and values side by side, so
 * that a million entries cost 16 MB and no objects. Runs of 16 neighbouring keys stay together and the runs are
 * scattered: what is numbered upwards, as processes and written values mostly are, meets the cache, and no regular
 * pattern makes one long cluster.
 */
import { cellsOf } from './cells.ts';

export class IntTable {
  /** Key and value in turn; a value of `none` marks a free place. */
  #cells: Int32Array;
  /** What `cells` is a part of. */
  #store: Int32Array;
  #mask: number;
  #size = 0;

  constructor(expected = 16) {
    const capacity = capacityFor(expected);
    this.#store = cellsOf(capacity * 2).fill(none);
    this.#cells = this.#store;
    this.#mask = capacity - 1;
  }

  /** `none` when there is none. */
  get(key: number): number {
    return this.#cells[this.#place(key) * 2 + 1] as number;
  }

  /** Any value but `none`. */
  set(key: number, value: number): void {
    const place = this.#place(key) * 2;
    const isNew = this.#cells[place + 1] === none;
    this.#cells[place] = key;
    this.#cells[place + 1] = value;
    if (isNew && ++this.#size * 2 > this.#mask) this.#grow();
  }

  /** Numbers keys in the order of their first coming, from 0. */
  numberOf(key: number): number {
    const place = this.#place(key) * 2;
    const known = this.#cells[place + 1] as number;
    if (known !== none) return known;
    const number = this.#size++;
    this.#cells[place] = key;
    this.#cells[place + 1] = number;
    if (this.#size * 2 > this.#mask) this.#grow();
    return number;
  }

  /** Empty again, with room for so many. */
  clear(expected: number): void {
    const capacity = capacityFor(expected);
    if (capacity * 2 > this.#store.length) this.#store = cellsOf(capacity * 2);
    this.#cells = this.#store.subarray(0, capacity * 2).fill(none);
    this.#mask = capacity - 1;
    this.#size = 0;
  }

  /** Where the key is, or would go. */
  #place(key: number): number {
    const cells = this.#cells;
    const mask = this.#mask;
    let place = ((Math.imul(key >> 4, 0x9e3779b1) >>> 3) ^ (key & 15)) & mask;
    while (cells[place * 2 + 1] !== none && cells[place * 2] !== key) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const old = this.#cells;
    this.#mask = this.#mask * 2 + 1;
    this.#store = cellsOf(old.length * 2).fill(none);
    this.#cells = this.#store;
    for (let cell = 0; cell < old.length; cell += 2) {
      if (old[cell + 1] === none) continue;
      const place = this.#place(old[cell] as number) * 2;
      this.#cells[place] = old[cell] as number;
      this.#cells[place + 1] = old[cell + 1] as number;
    }
  }
}

/** No value of a table. */
export const none: number = -(2 ** 31);

/** At most half of the places are taken. */
function capacityFor(expected: number): number {
  let capacity = 16;
  while (capacity < expected * 2 + 2) capacity *= 2;
  return capacity;
}
