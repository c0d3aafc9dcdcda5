/**
 * A map from 32-bit integers to 32-bit integers, without objects. Neighbouring keys share a block of values, and blocks are
 * found by hashing (open addressing), so that what is numbered upwards, as processes and written values mostly are, takes
 * six bytes for each key and meets the cache, and no regular pattern makes one long cluster.
 */
import { cellsOf, growth, larger } from './cells.ts';

/** A block holds the values of 2^3 keys. */
const bits = 3;
const perBlock = 2 ** bits;
const within = perBlock - 1;

export class IntTable {
  /** The keys of a block without their lowest bits, and its number from 1, in turn; a number of 0 marks a free place. */
  #places: Int32Array;
  /** What `places` is a part of. */
  #store: Int32Array;
  /** By block and key; `none` where there is no value. */
  #values: Int32Array;
  #mask: number;
  /** What is left of a hash are as many bits as number the places. */
  #shift: number;
  #blocks = 0;
  /** How many keys were numbered. */
  #size = 0;

  constructor(expected = 16) {
    const capacity = capacityFor(expected);
    this.#store = cellsOf(capacity * 2);
    this.#places = this.#store;
    this.#mask = capacity - 1;
    this.#shift = Math.clz32(this.#mask);
    this.#values = cellsOf(Math.max(expected, perBlock));
  }

  /** `none` when there is none. */
  get(key: number): number {
    const block = this.#places[this.#place(key >> bits) * 2 + 1] as number;
    return block === 0 ? none : (this.#values[(block - 1) * perBlock + (key & within)] as number);
  }

  /** Any value but `none`. */
  set(key: number, value: number): void {
    const cell = this.#cell(key);
    this.#values[cell] = value;
  }

  /** Numbers keys in the order of their first coming, from 0. For tables of which nothing was `set`. */
  numberOf(key: number): number {
    const cell = this.#cell(key);
    const known = this.#values[cell] as number;
    if (known !== none) return known;
    this.#values[cell] = this.#size;
    return this.#size++;
  }

  /** Empty again, with room for so many. */
  clear(expected: number): void {
    const capacity = capacityFor(expected);
    if (capacity * 2 > this.#store.length) {
      // Fresh memory is 0, and takes none as long as nobody writes to it.
      this.#store = cellsOf(capacity * 2);
      this.#places = this.#store;
    } else this.#places = this.#store.subarray(0, capacity * 2).fill(0);
    if (expected > this.#values.length) this.#values = cellsOf(expected);
    this.#mask = capacity - 1;
    this.#shift = Math.clz32(this.#mask);
    this.#blocks = 0;
    this.#size = 0;
  }

  /** Where the value of the key is; its block is made when it is the first of it. */
  #cell(key: number): number {
    const place = this.#place(key >> bits) * 2;
    const block = this.#places[place + 1] as number;
    return (block === 0 ? this.#addBlock(place, key >> bits) : (block - 1) * perBlock) + (key & within);
  }

  /** Where its first value is. */
  #addBlock(place: number, keys: number): number {
    const first = this.#blocks * perBlock;
    if (first + perBlock > this.#values.length) this.#values = larger(this.#values, this.#values.length * growth);
    this.#values.fill(none, first, first + perBlock);
    this.#places[place] = keys;
    this.#places[place + 1] = ++this.#blocks;
    if (this.#blocks * 2 > this.#mask) this.#grow();
    return first;
  }

  /** Where the block of these keys is named, or would be. */
  #place(keys: number): number {
    const places = this.#places;
    const mask = this.#mask;
    let place = Math.imul(keys, 0x9e3779b1) >>> this.#shift;
    while (places[place * 2 + 1] !== 0 && places[place * 2] !== keys) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const old = this.#places;
    this.#mask = this.#mask * 2 + 1;
    this.#shift--;
    this.#store = cellsOf(old.length * 2);
    this.#places = this.#store;
    for (let cell = 0; cell < old.length; cell += 2) {
      if (old[cell + 1] === 0) continue;
      const place = this.#place(old[cell] as number) * 2;
      this.#places[place] = old[cell] as number;
      this.#places[place + 1] = old[cell + 1] as number;
    }
  }
}

/** No value of a table. */
export const none: number = -(2 ** 31);

/** As many places as leave half of them free where keys are numbered upwards. */
function capacityFor(expected: number): number {
  let capacity = 16;
  while (capacity * perBlock < expected * 2) capacity *= 2;
  return capacity;
}
