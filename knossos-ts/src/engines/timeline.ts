/**
 * A history as the search walks through it: the return events in order, what is called before each, and which
 * operations are pending at the one where the search stands. Going a step forward or back costs as much as the
 * calls between two returns; nothing is copied per event.
 */
import type { Operation } from '../history/operation.ts';
import type { Model } from '../models/model.ts';
import { valueKey } from '../history/value.ts';

export class Timeline {
  /** Without `fail`, and without what is both `info` and read-only: those bind nothing. */
  readonly operations: readonly Operation[];
  readonly readOnly: Uint8Array;
  /** The operation that returns at each return event. */
  readonly returns: Int32Array;
  /** For an operation that returns. */
  readonly slotOf: Int32Array;
  /** The number of slots. */
  readonly width: number;
  /** For an info operation: its class, by effect; -1 otherwise. */
  readonly classOf: Int32Array;
  /** The members of each class, by invocation. */
  readonly classes: readonly (readonly number[])[];
  /** The operation in each slot at the present event; -1 where there is none. */
  readonly owners: Int32Array;
  /** How many members of each class have been called. */
  readonly available: Int32Array;

  readonly #calls: Int32Array;
  /** The calls between return event e - 1 and e are those from #callsBefore[e] to #callsBefore[e + 1]. */
  readonly #callsBefore: Int32Array;

  constructor(history: readonly Operation[], model: Model<unknown>) {
    const readOnly = (operation: Operation): boolean => model.readOnly?.(operation) ?? false;
    const bound = history.filter(
      (operation) => operation.type !== 'fail' && !(operation.type === 'info' && readOnly(operation)),
    );
    const operations = model.relevant?.(bound) ?? bound;
    this.operations = operations;
    this.readOnly = Uint8Array.from(operations, (operation) => Number(readOnly(operation)));
    const indices = Int32Array.from(operations.keys());
    const at = (index: number): Operation => operations[index] as Operation;
    this.#calls = indices.toSorted((one, other) => at(one).called - at(other).called);
    this.returns = indices
      .filter((index) => at(index).type === 'ok')
      .toSorted((one, other) => at(one).returned - at(other).returned);
    ({ classOf: this.classOf, classes: this.classes } = classify(operations, this.#calls));
    this.#callsBefore = mergeCalls(operations, this.#calls, this.returns);
    ({ slotOf: this.slotOf, width: this.width } = assignSlots(
      this.returns,
      this.#calls,
      this.#callsBefore,
      this.classOf,
    ));
    this.owners = new Int32Array(this.width).fill(-1);
    this.available = new Int32Array(this.classes.length);
    if (this.returns.length > 0) this.#call(0);
  }

  /** From return event `event` to the next one. */
  forward(event: number): void {
    this.owners[this.slotOf[this.returns[event] as number] as number] = -1;
    this.#call(event + 1);
  }

  /** From the event after `event` back to it. */
  back(event: number): void {
    const from = this.#callsBefore[event + 1] as number;
    for (let call = (this.#callsBefore[event + 2] as number) - 1; call >= from; call--) {
      const operation = this.#calls[call] as number;
      const kind = this.classOf[operation] as number;
      if (kind >= 0) this.available[kind] = (this.available[kind] as number) - 1;
      else this.owners[this.slotOf[operation] as number] = -1;
    }
    const returned = this.returns[event] as number;
    this.owners[this.slotOf[returned] as number] = returned;
  }

  /** What is called between the return event before this one and this one. */
  callsAt(event: number): Int32Array {
    return this.#calls.subarray(this.#callsBefore[event], this.#callsBefore[event + 1]);
  }

  #call(event: number): void {
    const end = this.#callsBefore[event + 1] as number;
    for (let call = this.#callsBefore[event] as number; call < end; call++) {
      const operation = this.#calls[call] as number;
      const kind = this.classOf[operation] as number;
      if (kind >= 0) this.available[kind] = (this.available[kind] as number) + 1;
      else this.owners[this.slotOf[operation] as number] = operation;
    }
  }
}

/** Info operations with the same effect are interchangeable once they are invoked (rule R3). */
function classify(
  operations: readonly Operation[],
  calls: Int32Array,
): { readonly classOf: Int32Array; readonly classes: readonly (readonly number[])[] } {
  const classOf = new Int32Array(operations.length).fill(-1);
  const classes: number[][] = [];
  const numbers = new Map<string, number>();
  for (const index of calls) {
    const operation = operations[index] as Operation;
    if (operation.type !== 'info') continue;
    const effect = `${operation.f} ${valueKey([operation.input])}`;
    const kind = numbers.get(effect) ?? classes.length;
    numbers.set(effect, kind);
    classOf[index] = kind;
    (classes[kind] ??= []).push(index);
  }
  return { classOf, classes };
}

/** Calls come before returns at the same position: equal is concurrent. */
function mergeCalls(operations: readonly Operation[], calls: Int32Array, returns: Int32Array): Int32Array {
  const before = new Int32Array(returns.length + 2);
  let call = 0;
  for (let event = 0; event < returns.length; event++) {
    const { returned } = operations[returns[event] as number] as Operation;
    while (call < calls.length && (operations[calls[call] as number] as Operation).called <= returned) call++;
    before[event + 1] = call;
  }
  // What is called after the last return binds nothing.
  before[returns.length + 1] = call;
  return before;
}

function assignSlots(
  returns: Int32Array,
  calls: Int32Array,
  callsBefore: Int32Array,
  classOf: Int32Array,
): { readonly slotOf: Int32Array; readonly width: number } {
  const slotOf = new Int32Array(calls.length).fill(-1);
  const free: number[] = [];
  let width = 0;
  for (let event = 0; event < returns.length; event++) {
    const end = callsBefore[event + 1] as number;
    for (let call = callsBefore[event] as number; call < end; call++) {
      const operation = calls[call] as number;
      if (classOf[operation] === -1) slotOf[operation] = free.pop() ?? width++;
    }
    free.push(slotOf[returns[event] as number] as number);
  }
  return { slotOf, width };
}
