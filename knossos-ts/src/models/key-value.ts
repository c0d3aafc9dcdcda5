/**
 * A map: registers under keys, with the operations of a register on each, and transactions over several. Keys that no
 * transaction ties together are judged apart (`partsOf`). It is also the multi-register of Knossos.
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, sameValue, valueKey } from '../history/value.ts';
import { cellsKey, deedsOf, keysOf, microsOf, showCells, stepTxn, withCell, type Cells } from './cells.ts';
import { Rejection, type Model, type Words } from './model.ts';
import { isReadOnly, registerModel } from './register-step.ts';

/** `initial`: of every key; or, where it is an object, of the keys that it names, and null of the others. */
export const keyValue = (initial: Value): Model<Cells> => {
  const of = initialOf(initial);
  const one = registerModel('key-value', null, ['read', 'write', 'delete', 'cas', 'insert']);
  const valueAt = (cells: Cells, key: Value): Value => {
    const cell = cells.get(valueKey(key));
    return cell === undefined ? of(key) : cell.value;
  };
  const reading = { valueAt, agrees: sameValue };
  return {
    name: 'key-value',
    init: new Map(),
    step: (cells, operation) => {
      if (operation.f === 'txn') return stepTxn(cells, operation, reading);
      const next = one.step(valueAt(cells, operation.key), operation);
      if (next instanceof Rejection) return next;
      return readOnly(operation) ? cells : withCell(cells, operation.key, next);
    },
    key: cellsKey,
    readOnly,
    total: isTotal,
    partsOf: keysOf,
    narrowed: (operations) => narrowed(operations, of),
    describe: showCells,
    words,
  };
};

function initialOf(initial: Value): (key: Value) => Value {
  if (typeof initial !== 'object' || initial === null || isList(initial)) return () => initial;
  const named = new Map(Object.entries(initial));
  return (key) => (typeof key === 'object' ? null : (named.get(String(key)) ?? null));
}

/** Where all operations are on one key, it is a register. */
function narrowed(operations: readonly Operation[], of: (key: Value) => Value): Model<unknown> | undefined {
  const [first] = operations;
  if (first === undefined) return undefined;
  const key = valueKey(first.key);
  if (operations.some((operation) => operation.f === 'txn' || valueKey(operation.key) !== key)) return undefined;
  return registerModel('key-value', of(first.key), ['read', 'write', 'delete', 'cas', 'insert']);
}

const readOnly = (operation: Operation): boolean =>
  operation.f === 'txn' ? microsOf(operation).every(({ f }) => f === 'r') : isReadOnly(operation);

const isTotal = (operation: Operation): boolean =>
  operation.f === 'txn'
    ? microsOf(operation).every(({ f, value }) => f === 'w' || value === undefined)
    : operation.f === 'write' || operation.f === 'delete';

const words: Words = {
  state: 'map',
  noun: ({ f }) => (f === 'txn' ? 'transaction' : f),
  deed: (operation, on) => (operation.f === 'txn' ? deedsOf(operation) + on : `called ${operation.f}${on}`),
};
