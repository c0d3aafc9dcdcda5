/**
 * Values as 32-bit integers, so that columns can hold them. Most values of a test are small whole numbers and stand for
 * themselves; all others are numbered as they come, from 2^30 on.
 */
import type { Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';

/** The code of no value. */
export const noValue: number = -(2 ** 31);

const limit = 2 ** 30;

export class ValueCodes {
  readonly #texts = new Map<string, number>();
  readonly #others = new Map<ValueKey, number>();
  #next = limit;

  /** Equal for equal values only. */
  codeOf(value: Value): number {
    if (typeof value === 'number' && (value | 0) === value && value < limit && value >= -limit) return value;
    return typeof value === 'string' ? this.#number(this.#texts, value) : this.#codeOfKey(valueKey(value));
  }

  #codeOfKey(key: ValueKey): number {
    if (typeof key === 'number' && Number.isInteger(key) && key < limit && key >= -limit) return key;
    return this.#number(this.#others, key);
  }

  #number<Key>(codes: Map<Key, number>, key: Key): number {
    const known = codes.get(key);
    if (known !== undefined) return known;
    const code = this.#next++;
    codes.set(key, code);
    return code;
  }
}
