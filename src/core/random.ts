/**
 * Seeded random streams, forked by name: a fork depends on the seed and the names on the way to it only, never on how
 * much was drawn before, so that shrinking or adding one stream leaves the others as they were. The generator is
 * sfc32 (Chris Doty-Humphrey, PractRand); seeds are spread by the murmur3 finalizer.
 */
export interface Random {
  /** A whole number in [0, bound); `bound` is at least 1 and below 2^32. */
  below(bound: number): number;
  /** A number in [0, 1) with 32 random bits. */
  unit(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A new array with the items in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** An independent stream. The same name gives the same stream again. */
  fork(name: string): Random;
}

export const seeded = (seed: number | string): Random => new Sfc32(String(seed));

class Sfc32 implements Random {
  readonly #path: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(path: string) {
    this.#path = path;
    this.#a = spread(path, 0x9e3779b9);
    this.#b = spread(path, 0x85ebca6b);
    this.#c = spread(path, 0xc2b2ae35);
    for (let round = 0; round < 12; round++) this.#next();
  }

  #next(): number {
    const result = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result;
    return result >>> 0;
  }

  unit(): number {
    return this.#next() / 4294967296;
  }

  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('Cannot pick from an empty list');
    return items[this.below(items.length)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [result[last], result[other]] = [result[other] as T, result[last] as T];
    }
    return result;
  }

  fork(name: string): Random {
    return new Sfc32(`${this.#path}/${name}`);
  }
}

function spread(text: string, salt: number): number {
  let hash = salt;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
