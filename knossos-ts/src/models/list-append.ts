/**
 * Lists that are appended to and read as a whole, one under each key, and transactions over several: the objects of
 * Elle (Kingsbury & Alvaro 2020), because a read of such a list tells the order of everything before it. A read of
 * null is one of the empty list.
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, sameValue, showValue, valueKey } from '../history/value.ts';
import {
  appended,
  cellsKey,
  deedsOf,
  keysOf,
  microsOf,
  showCells,
  stepTxn,
  withCell,
  type Cells,
  type Reading,
} from './cells.ts';
import { unknownFunction } from './malformed.ts';
import { Rejection, type Model, type Words } from './model.ts';

/** `initial`: null, or the list with which every key begins. */
export const listAppend = (initial: Value): Model<Cells> => {
  if (initial !== null && !isList(initial)) {
    throw new Error(`A list begins with a list, not with ${showValue(initial)}`);
  }
  const valueAt = (cells: Cells, key: Value): Value => cells.get(valueKey(key))?.value ?? initial ?? [];
  const reading = { valueAt, agrees };
  return {
    name: 'list-append',
    init: new Map(),
    step: (cells, operation) => step(cells, operation, reading),
    key: cellsKey,
    readOnly: (operation) =>
      operation.f === 'txn' ? microsOf(operation).every(({ f }) => f === 'r') : operation.f === 'read',
    total: (operation) =>
      operation.f === 'txn'
        ? microsOf(operation).every(({ f, value }) => f !== 'r' || value === undefined)
        : operation.f === 'append',
    partsOf: keysOf,
    describe: showCells,
    words,
  };
};

/** "Not found" is the empty list. */
const agrees = (list: Value, seen: Value): boolean => sameValue(list, seen ?? []);

function step(cells: Cells, operation: Operation, reading: Reading): Cells | Rejection {
  const { f, type, key, input, output } = operation;
  if (f === 'txn') return stepTxn(cells, operation, reading);
  const current = reading.valueAt(cells, key);
  if (f === 'append') return withCell(cells, key, appended(operation, current, input));
  if (f !== 'read') throw unknownFunction(operation, 'A list', 'append, read and txn');
  if (type !== 'ok' || agrees(current, output)) return cells;
  return new Rejection(() => `the list is ${showValue(current)} here, and the read saw ${showValue(output)}`);
}

const words: Words = {
  state: 'list',
  noun: ({ f, type, input, output }) => {
    if (f === 'txn') return 'transaction';
    return f === 'append' ? `append of ${showValue(input)}` : type === 'ok' ? `read of ${showValue(output)}` : 'read';
  },
  deed: (operation, on) => {
    if (operation.f === 'txn') return deedsOf(operation) + on;
    return operation.f === 'append'
      ? `appended ${showValue(operation.input)}${on}`
      : `read ${showValue(operation.output)}${on}`;
  },
};
