/**
 * From two small numbers to one, without an object per entry: an open hash table in typed arrays (linear probing,
 * Knuth, "The Art of Computer Programming" 3, section 6.4).
 */
export class PairMap {
  #mask = 63;
  /** The first number, the second and the value of each place; the first is -1 where the place is free. */
  #places: Int32Array = new Int32Array(3 * 64).fill(-1);
  #size = 0;

  get bytes(): number {
    return this.#places.byteLength;
  }

  get(one: number, other: number): number | undefined {
    const at = this.#find(one, other);
    return this.#places[at] === -1 ? undefined : this.#places[at + 2];
  }

  /** `one` is not negative. */
  set(one: number, other: number, value: number): void {
    const at = this.#find(one, other);
    if (this.#places[at] === -1) this.#size++;
    this.#places[at] = one;
    this.#places[at + 1] = other;
    this.#places[at + 2] = value;
    if (this.#size * 2 > this.#mask) this.#grow();
  }

  #find(one: number, other: number): number {
    const places = this.#places;
    let place = hashPair(one, other) & this.#mask;
    while (places[3 * place] !== -1 && (places[3 * place] !== one || places[3 * place + 1] !== other)) {
      place = (place + 1) & this.#mask;
    }
    return 3 * place;
  }

  #grow(): void {
    const old = this.#places;
    this.#mask = this.#mask * 2 + 1;
    this.#places = new Int32Array(3 * (this.#mask + 1)).fill(-1);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] === -1) continue;
      const to = this.#find(old[at] as number, old[at + 1] as number);
      this.#places.set(old.subarray(at, at + 3), to);
    }
  }
}

/** The finalizer of MurmurHash3 over a product: neighbouring pairs get hashes that have nothing to do with each other. */
export function hashPair(one: number, other: number): number {
  let mixed = Math.imul(one, 0x9e3779b1) ^ Math.imul(other + 0x7f4a7c15, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
