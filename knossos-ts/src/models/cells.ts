/**
 * Several objects under keys, and transactions over them. An operation names its object by its key, or, where it
 * touches several, has key null and a list of micro-operations as its value: `["r", key, value]`, `["w", key, value]`
 * and `["append", key, value]`, as Elle and Knossos write them (with `read` and `write` in full, too). A transaction
 * happens at one instant, and its later parts see its earlier ones.
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, showKey, showValue, valueKey, type ValueKey } from '../history/value.ts';
import { malformed } from './malformed.ts';
import { Rejection } from './model.ts';

/** What is not here has its initial value. */
export type Cells = ReadonlyMap<ValueKey, Cell>;

export interface Cell {
  readonly key: Value;
  readonly value: Value;
}

export interface Micro {
  readonly f: 'r' | 'w' | 'append';
  readonly key: Value;
  /** What a read saw; undefined where nobody knows. */
  readonly value: Value | undefined;
}

/** The micro-operations of a `txn`, with what its reads saw. */
export function microsOf(operation: Operation): readonly Micro[] {
  const known = parsed.get(operation);
  if (known !== undefined) return known;
  const { type, input, output } = operation;
  const shown = type === 'ok' ? output : input;
  if (!isList(shown)) throw malformed(operation, 'a txn', 'a list of [function, key, value]', shown);
  const micros = shown.map((part): Micro => {
    if (!isList(part) || part.length !== 3)
      throw malformed(operation, 'a part of a txn', '[function, key, value]', part);
    const [name, key = null, value = null] = part;
    const f = functions.get(name ?? null);
    if (f === undefined) throw malformed(operation, 'the function of a part of a txn', 'r, w or append', name ?? null);
    return { f, key, value: f === 'r' && type !== 'ok' ? undefined : value };
  });
  parsed.set(operation, micros);
  return micros;
}

const parsed = new WeakMap<Operation, readonly Micro[]>();

const functions: ReadonlyMap<Value, Micro['f']> = new Map<Value, Micro['f']>([
  ['r', 'r'],
  ['read', 'r'],
  ['w', 'w'],
  ['write', 'w'],
  ['append', 'append'],
]);

/** The keys that it touches, each once. */
export function keysOf(operation: Operation): readonly Value[] {
  if (operation.f !== 'txn') return [operation.key];
  const { input } = operation;
  // A malformed one is told of when it is judged; here it only has to be put somewhere.
  const keys = isList(input) ? input.map((part) => (isList(part) ? (part[1] ?? null) : null)) : [null];
  return [...new Map(keys.map((key) => [valueKey(key), key])).values()];
}

export const withCell = (cells: Cells, key: Value, value: Value): Cells =>
  new Map(cells).set(valueKey(key), { key, value });

/** How cells are looked up, what is not there included, and when a read agrees with what is there. */
export interface Reading {
  readonly valueAt: (cells: Cells, key: Value) => Value;
  readonly agrees: (value: Value, seen: Value) => boolean;
}

export function stepTxn(cells: Cells, operation: Operation, { valueAt, agrees }: Reading): Cells | Rejection {
  let state = cells;
  for (const { f, key, value } of microsOf(operation)) {
    const current = valueAt(state, key);
    if (f === 'w') state = withCell(state, key, value ?? null);
    else if (f === 'append') state = withCell(state, key, appended(operation, current, value ?? null));
    else if (value !== undefined && !agrees(current, value)) {
      return new Rejection(
        () => `key ${showKey(key)} is ${showValue(current)} here, and the transaction read ${showValue(value)}`,
      );
    }
  }
  return state;
}

export function appended(operation: Operation, current: Value, value: Value): Value {
  if (current === null) return [value];
  if (isList(current)) return [...current, value];
  throw malformed(operation, 'what is appended to', 'a list', current);
}

/** Keys and values are closed, or a text could be read on into its neighbour. */
export function cellsKey(cells: Cells): ValueKey {
  const parts = [...cells].map(
    ([key, { value }]) => `${typeof key === 'string' ? JSON.stringify(key) : key}=${valueKey([value])}`,
  );
  return parts.toSorted().join(';');
}

export const showCells = (cells: Cells): string =>
  cells.size === 0
    ? 'as at the beginning'
    : [...cells.values()].map(({ key, value }) => `${showKey(key)}: ${showValue(value)}`).join(', ');

/** `transaction that read 3 from x and wrote 4 to y`. */
export const deedsOf = (operation: Operation): string =>
  microsOf(operation)
    .map(({ f, key, value }) => {
      const shown = showValue(value ?? null);
      if (f === 'w') return `wrote ${shown} to ${showKey(key)}`;
      if (f === 'append') return `appended ${shown} to ${showKey(key)}`;
      return value === undefined ? `read ${showKey(key)}` : `read ${shown} from ${showKey(key)}`;
    })
    .join(', ');
