/**
 * The operations of one register in the form that the engine works on: positions, and values numbered from 0 within the
 * key. One log is filled again for key after key, so that a thousand keys allocate no more than the largest. Operation 0
 * of the log is the first of the register in the columns, and so on without gaps: what binds nothing is in it as an
 * operation that never returned, met nothing and left nothing.
 */
import { cellsOf, larger } from '../../intake/cells.ts';
import { IntTable } from '../../intake/int-table.ts';
import { noValue } from '../../intake/value-codes.ts';
import type { Grouped } from './grouped.ts';
import { Kind } from './register-columns.ts';

/** Later than every position: where an operation of unknown outcome returns. */
export const never: number = 2 ** 31 - 1;
/** Earlier than every position: where the initial value was written. */
export const before: number = -1;
/** In place of a value or an operation. */
export const absent: number = -1;

export class RegisterLog {
  /** How many operations it holds. */
  size = 0;
  /** The place of operation 0 in the columns. */
  from = 0;
  /** How many values there are. */
  values = 0;
  /** The number of the initial value. */
  readonly initial: number = 0;
  called: Int32Array = new Int32Array(0);
  returned: Int32Array = new Int32Array(0);
  /** The value that it met, or `absent`. */
  observed: Int32Array = new Int32Array(0);
  /** The value that it left, or `absent`. */
  produced: Int32Array = new Int32Array(0);
  /** The code of each value, as far as it came from the columns. */
  codes: Int32Array = new Int32Array(0);
  /** The places of operations that met any value but one. */
  absences: number[] = [];
  /** An operation that cannot have happened whatever the others did, by its place; or `absent`. */
  contradiction: number = absent;
  /** There is an operation that the engine does not know. */
  hasForeign = false;
  readonly #table = new IntTable();

  /** For the operations of the columns from `from` to `to`. `initial`: the code of the initial value. */
  begin({ called }: Grouped, from: number, to: number, initial: number): void {
    const expected = to - from;
    if (expected > this.returned.length) this.#grow(expected);
    this.called = called.subarray(from, to);
    this.from = from;
    this.size = 0;
    this.absences = [];
    this.contradiction = absent;
    this.hasForeign = false;
    // Half of the operations or so make a value.
    this.#table.clear(expected / 2 + 1);
    if (this.codes.length < expected / 2) this.codes = cellsOf(expected);
    this.values = 0;
    this.numberOf(initial);
  }

  /** The next operations, up to this place. */
  add(operations: Grouped, to: number): void {
    const { kind: kinds, observed, produced, returned } = operations;
    for (let place = this.from + this.size; place < to; place++) {
      const kind = kinds[place] as number;
      const at = this.size++;
      if (kind >= Kind.dropped) {
        if (kind > Kind.dropped) this.#addUnusual(place, kind);
        this.returned[at] = never;
        this.observed[at] = absent;
        this.produced[at] = absent;
        continue;
      }
      const [met, left] = [observed[place] as number, produced[place] as number];
      this.returned[at] = kind === Kind.info ? never : (returned[place] as number);
      this.observed[at] = met === noValue ? absent : this.numberOf(met);
      this.produced[at] = kind === Kind.observer || left === noValue ? absent : this.numberOf(left);
    }
  }

  /** The number of the value with this code, a new one if need be. */
  numberOf(code: number): number {
    const number = this.#table.numberOf(code);
    if (number === this.values) this.addValue(code);
    return number;
  }

  /** One more value with this code, which nobody met: it is not found by its code. Returns its number. */
  addValue(code: number): number {
    if (this.values === this.codes.length) this.codes = larger(this.codes, this.values * 2 + 16);
    this.codes[this.values] = code;
    return this.values++;
  }

  #addUnusual(place: number, kind: number): void {
    if (kind === Kind.absence) this.absences.push(place);
    else if (kind === Kind.foreign) this.hasForeign = true;
    else if (this.contradiction === absent) this.contradiction = place;
  }

  #grow(expected: number): void {
    this.returned = cellsOf(expected);
    this.observed = cellsOf(expected);
    this.produced = cellsOf(expected);
  }
}
