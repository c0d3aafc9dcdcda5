/** The key of each operation as a small number, and the operations of each key one after the other. */
import type { Value } from '../history/operation.ts';
import { cellsOf } from './cells.ts';
import { IntColumn } from './int-column.ts';
import { IntTable } from './int-table.ts';
import { ValueCodes } from './value-codes.ts';

/** The operations of all keys: those of key k are `members` from `starts[k]` to `starts[k + 1]`, by invocation. */
export interface Partition {
  readonly starts: Int32Array;
  /** Undefined where there is one key only: its members are all operations. */
  readonly members: Int32Array | undefined;
  /** By operation: its place among the members. Empty where there is one key only. */
  readonly places: Int32Array;
}

export class KeyColumn {
  /** In the order of first invocation. */
  readonly keys: Value[] = [];
  readonly #numbers: IntColumn;
  readonly #codes = new ValueCodes();
  readonly #table = new IntTable();
  #lastKey: Value | undefined;
  #lastNumber = -1;

  constructor(expected?: number) {
    this.#numbers = new IntColumn(expected);
  }

  /** The next operation is one of this key. */
  push(key: Value): void {
    if (key !== this.#lastKey) {
      this.#lastKey = key;
      this.#lastNumber = this.#table.numberOf(this.#codes.codeOf(key));
      if (this.#lastNumber === this.keys.length) this.keys.push(key);
    }
    if (this.#lastNumber === 0) this.#numbers.pushZero();
    else this.#numbers.push(this.#lastNumber);
  }

  keyOf(operation: number): Value {
    return this.keys[this.#numbers.cells[operation] as number] as Value;
  }

  /** A counting sort: two passes over small integers. */
  partition(): Partition {
    const { cells: numbers, length } = this.#numbers;
    const starts = new Int32Array(this.keys.length + 1);
    if (this.keys.length < 2) {
      starts[this.keys.length] = length;
      return { starts, members: undefined, places: new Int32Array(0) };
    }
    for (let operation = 0; operation < length; operation++) {
      const after = (numbers[operation] as number) + 1;
      starts[after] = (starts[after] as number) + 1;
    }
    for (let key = 1; key < starts.length; key++) starts[key] = (starts[key] as number) + (starts[key - 1] as number);
    const next = starts.slice();
    const members = cellsOf(length);
    const places = cellsOf(length);
    for (let operation = 0; operation < length; operation++) {
      const number = numbers[operation] as number;
      const place = next[number] as number;
      members[place] = operation;
      places[operation] = place;
      next[number] = place + 1;
    }
    return { starts, members, places };
  }
}
