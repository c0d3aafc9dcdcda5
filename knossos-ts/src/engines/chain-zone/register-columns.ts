/**
 * The operations of registers as numbers: what each must have met and what it leaves behind. Filled operation by
 * operation, in the order of invocation, for all keys together.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { isList } from '../../history/value.ts';
import { ByteColumn } from '../../intake/byte-column.ts';
import { IntColumn } from '../../intake/int-column.ts';
import { noValue, ValueCodes } from '../../intake/value-codes.ts';

/** What an operation means for the order. */
export const Kind = {
  /** It surely took effect: it met `observed`, where that is a value, and left `produced`. */
  mutator: 0,
  /** It surely met `observed` and changed nothing. What it would have left is in `produced`, where it was refused. */
  observer: 1,
  /** Nobody knows whether it took effect; if so, as a mutator. */
  info: 2,
  /** It binds nothing: it failed, or nobody saw what it read. */
  dropped: 3,
  /** It met any value but `observed`. */
  absence: 4,
  /** It was refused by the very value that it expected. */
  contradiction: 5,
  /** Not an operation of such a register, or not well-formed; the model says what is wrong with it. */
  foreign: 6,
} as const;

/** Functions beyond read and write. A delete is a write of null, an insert a cas from null. */
export type RegisterFunctions = ReadonlySet<'delete' | 'cas' | 'insert'>;

/** By the name of the model. */
export const registerFunctions: { readonly [model: string]: RegisterFunctions } = {
  register: new Set(['delete']),
  'cas-register': new Set(['delete', 'cas']),
  'put-if-absent': new Set(['delete', 'insert']),
  'key-value': new Set(['delete', 'cas', 'insert']),
};

export class RegisterColumns {
  readonly codes: ValueCodes = new ValueCodes();
  /** Codes of values, or `noValue`. */
  readonly observed: IntColumn;
  readonly produced: IntColumn;
  readonly kind: ByteColumn;
  readonly #functions: RegisterFunctions;

  constructor(functions: RegisterFunctions, expected?: number) {
    this.#functions = functions;
    this.observed = new IntColumn(expected);
    this.produced = new IntColumn(expected);
    this.kind = new ByteColumn(expected);
  }

  /** The next operation. Until it is completed, nobody knows whether it took effect. */
  invoked(f: string, input: Value): void {
    if (f === 'read') this.#add(noValue, noValue, Kind.dropped);
    else if (f === 'write') this.#add(noValue, this.codes.codeOf(input), Kind.info);
    else this.#invokedOther(f, input);
  }

  #invokedOther(f: string, input: Value): void {
    const has = (name: 'delete' | 'cas' | 'insert'): boolean => f === name && this.#functions.has(name);
    if (has('cas') && isList(input) && input.length === 2) {
      const from = this.codes.codeOf(input[0] as Value);
      const to = this.codes.codeOf(input[1] as Value);
      // From a value to itself it changes nothing, and if nobody knows of it, it says nothing.
      this.#add(from, to, from === to ? Kind.dropped : Kind.info);
    } else if (has('insert') && input !== null) {
      this.#add(this.codes.codeOf(null), this.codes.codeOf(input), Kind.info);
    } else if (has('delete')) this.#add(noValue, this.codes.codeOf(null), Kind.info);
    else this.#add(noValue, noValue, Kind.foreign);
  }

  completed(operation: number, f: string, type: Operation['type'], output: Value): void {
    const kind = this.kind.cells;
    if (type === 'info') return;
    if (type === 'fail') kind[operation] = Kind.dropped;
    else if (kind[operation] === Kind.foreign) return;
    else if (f === 'read') {
      this.observed.cells[operation] = this.codes.codeOf(output);
      kind[operation] = Kind.observer;
    } else if (f === 'cas') kind[operation] = this.#conditionalKind(operation, 'swapped', output);
    else if (f === 'insert') kind[operation] = this.#conditionalKind(operation, 'inserted', output);
    else kind[operation] = Kind.mutator;
  }

  #add(observed: number, produced: number, kind: number): void {
    this.observed.push(observed);
    this.produced.push(produced);
    this.kind.push(kind);
  }

  /** `name`: where the result says whether it took effect. */
  #conditionalKind(operation: number, name: string, output: Value): number {
    if (typeof output !== 'object' || output === null || isList(output)) return Kind.foreign;
    const result = output;
    const expected = this.observed.cells[operation] as number;
    const took = result[name];
    // A cas from a value to itself changes nothing, whoever else does.
    if (took === true) return expected === this.produced.cells[operation] ? Kind.observer : Kind.mutator;
    if (took !== false) return Kind.foreign;
    const current = result['current'];
    if (current === undefined) return Kind.absence;
    const seen = this.codes.codeOf(current);
    if (seen === expected) return Kind.contradiction;
    this.observed.cells[operation] = seen;
    return Kind.observer;
  }
}
