/**
 * What a search needs to know of a history before it begins: the return events in order, what is called before each,
 * a slot for everything that is pending at a time, and classes of what is indeterminate. Made in pieces, because
 * histories of a million operations take a while to sort.
 */
import type { Operation } from '../../history/operation.ts';
import { valueKey } from '../../history/value.ts';
import type { Model, Outlook } from '../../models/model.ts';

export interface Plan {
  /** Without `fail`, and without what is both `info` and read-only: those bind nothing. */
  readonly operations: readonly Operation[];
  /** What these tell of the states. */
  readonly outlook: Outlook<unknown> | undefined;
  readonly readOnly: Uint8Array;
  /** Operations of the same effect do the same in every state, or what differs is never seen. */
  readonly effectOf: Int32Array;
  /** By effect: an operation that has it, and whether that is total and blind (see `Model`). */
  readonly effects: readonly Operation[];
  readonly total: Uint8Array;
  readonly blind: Uint8Array;
  /** By invocation. */
  readonly calls: Int32Array;
  /** The operation that returns at each return event. */
  readonly returns: Int32Array;
  /** For an operation that returns: at which event. The same number for all others, larger than any. */
  readonly returnOf: Int32Array;
  /** The calls between return event e - 1 and e are those from callsBefore[e] to callsBefore[e + 1]. */
  readonly callsBefore: Int32Array;
  /** For an operation that returns: its slot among those of its kind, which are read-only or not. */
  readonly slotOf: Int32Array;
  /** The number of slots of read-only operations, and of the others. */
  readonly widths: { readonly readers: number; readonly mutators: number };
  /** For an info operation: its class, by effect; -1 otherwise. */
  readonly classOf: Int32Array;
  /** The members of each class, by invocation. */
  readonly classes: readonly (readonly number[])[];
}

/** Yields the work of each piece, as a search counts it. Small histories are laid out by the hundred: hence plain loops. */
export function* planOf(history: readonly Operation[], model: Model<unknown>): Generator<number, Plan> {
  const isReadOnly = (operation: Operation): boolean => model.readOnly?.(operation) ?? false;
  const bound = history.filter(
    (operation) => operation.type !== 'fail' && !(operation.type === 'info' && isReadOnly(operation)),
  );
  yield history.length;
  const operations = model.relevant?.(bound) ?? bound;
  const size = operations.length;
  const work = size * 2;
  yield history.length;
  const readOnly = new Uint8Array(size);
  const called = new Float64Array(size);
  const returned = new Float64Array(size);
  const [calls, ends] = [new Int32Array(size), new Int32Array(size)];
  let ok = 0;
  for (let index = 0; index < size; index++) {
    const operation = operations[index] as Operation;
    readOnly[index] = Number(isReadOnly(operation));
    called[index] = operation.called;
    returned[index] = operation.returned;
    calls[index] = index;
    if (operation.type === 'ok') ends[ok++] = index;
  }
  yield work;
  sort(calls, called);
  yield work;
  const returns = ends.subarray(0, ok);
  sort(returns, returned);
  yield work;
  const outlook = model.outlook?.(operations);
  yield work;
  const { effectOf, effects } = effectsOf(operations, model, outlook);
  yield work;
  const { classOf, classes } = classify(operations, calls, effectOf);
  const callsBefore = mergeCalls(calls, called, returns, returned);
  yield work;
  const { slotOf, widths } = assignSlots(returns, calls, callsBefore, classOf, readOnly);
  const returnOf = new Int32Array(size).fill(ok);
  for (let event = 0; event < ok; event++) returnOf[returns[event] as number] = event;
  const total = new Uint8Array(effects.length);
  const blind = new Uint8Array(effects.length);
  for (let effect = 0; effect < effects.length; effect++) {
    total[effect] = Number(model.total?.(effects[effect] as Operation) ?? false);
    blind[effect] = Number(model.blind?.(effects[effect] as Operation) ?? false);
  }
  return {
    operations,
    outlook,
    readOnly,
    effectOf,
    effects,
    total,
    blind,
    calls,
    returns,
    returnOf,
    callsBefore,
    slotOf,
    widths,
    classOf,
    classes,
  };
}

function effectsOf(
  operations: readonly Operation[],
  model: Model<unknown>,
  outlook: Outlook<unknown> | undefined,
): { readonly effectOf: Int32Array; readonly effects: Operation[] } {
  const effectOf = new Int32Array(operations.length);
  const effects: Operation[] = [];
  const numbers = new Map<string | number, number>();
  for (let index = 0; index < operations.length; index++) {
    const operation = operations[index] as Operation;
    const name = outlook?.alike?.(operation) ?? model.effect?.(operation) ?? nameOf(operation);
    let effect = numbers.get(name);
    if (effect === undefined) {
      effect = effects.push(operation) - 1;
      numbers.set(name, effect);
    }
    effectOf[index] = effect;
  }
  return { effectOf, effects };
}

const nameOf = ({ f, key, input, type, output }: Operation): string => `${f} ${type} ${valueKey([key, input, output])}`;

/** By position; equal ones stay in their order. A history mostly comes sorted by invocation. */
function sort(indices: Int32Array, position: Float64Array): void {
  const at = (index: number): number => position[index] as number;
  let place = 1;
  while (place < indices.length && at(indices[place - 1] as number) <= at(indices[place] as number)) place++;
  if (place < indices.length) indices.sort((one, other) => at(one) - at(other));
}

/** Info operations with the same effect are interchangeable once they are invoked (rule R3). */
function classify(
  operations: readonly Operation[],
  calls: Int32Array,
  effectOf: Int32Array,
): Pick<Plan, 'classOf' | 'classes'> {
  const classOf = new Int32Array(operations.length).fill(-1);
  const classes: number[][] = [];
  const numbers = new Map<number, number>();
  for (let call = 0; call < calls.length; call++) {
    const index = calls[call] as number;
    if ((operations[index] as Operation).type !== 'info') continue;
    const effect = effectOf[index] as number;
    let kind = numbers.get(effect);
    if (kind === undefined) {
      kind = classes.push([]) - 1;
      numbers.set(effect, kind);
    }
    classOf[index] = kind;
    (classes[kind] as number[]).push(index);
  }
  return { classOf, classes };
}

/** Calls come before returns at the same position: equal is concurrent. */
function mergeCalls(
  calls: Int32Array,
  called: Float64Array,
  returns: Int32Array,
  returned: Float64Array,
): Plan['callsBefore'] {
  const before = new Int32Array(returns.length + 2);
  let call = 0;
  for (let event = 0; event < returns.length; event++) {
    const end = returned[returns[event] as number] as number;
    while (call < calls.length && (called[calls[call] as number] as number) <= end) call++;
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
  readOnly: Uint8Array,
): Pick<Plan, 'slotOf' | 'widths'> {
  const slotOf = new Int32Array(calls.length).fill(-1);
  const free: readonly [number[], number[]] = [[], []];
  const widths: [number, number] = [0, 0];
  for (let event = 0; event < returns.length; event++) {
    const end = callsBefore[event + 1] as number;
    for (let call = callsBefore[event] as number; call < end; call++) {
      const operation = calls[call] as number;
      if (classOf[operation] !== -1) continue;
      const side = readOnly[operation] as 0 | 1;
      slotOf[operation] = free[side].pop() ?? widths[side]++;
    }
    const returning = returns[event] as number;
    free[readOnly[returning] as 0 | 1].push(slotOf[returning] as number);
  }
  return { slotOf, widths: { mutators: widths[0], readers: widths[1] } };
}
