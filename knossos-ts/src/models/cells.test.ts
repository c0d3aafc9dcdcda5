import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '../history/operation.ts';
import { valueKey } from '../history/value.ts';
import { cellsKey, withCell, type Cells } from './cells.ts';

const cellsOf = (entries: readonly (readonly [Value, Value])[]): Cells =>
  entries.reduce((cells: Cells, [key, value]) => withCell(cells, key, value), new Map());

test('a key that looks like two cells is not taken for them', () => {
  const one = cellsOf([['x=[1];"y', 2]]);
  const two = cellsOf([
    ['x', 1],
    ['y', 2],
  ]);
  expect(cellsKey(one)).not.toBe(cellsKey(two));
});

test('cells have the same key only where each key holds the same value, in whatever order they came', () => {
  const text = fc.string({ unit: fc.constantFrom('x', '=', '[', ']', ';', '"', '1', ',', '\\'), maxLength: 4 });
  const entries = fc.array(fc.tuple(fc.oneof(text, fc.nat(2)), fc.oneof(text, fc.nat(2))), { maxLength: 3 });
  const plain = (cells: Cells): string =>
    [...cells.values()]
      .map(({ key, value }) => JSON.stringify([valueKey(key), valueKey(value)]))
      .toSorted()
      .join(' ');
  const property = fc.property(entries, entries, (some, others) => {
    const [one, other] = [cellsOf(some), cellsOf(others)];
    expect(cellsKey(one) === cellsKey(other)).toBe(plain(one) === plain(other));
    expect(cellsKey(cellsOf([...one.values()].toReversed().map(({ key, value }) => [key, value])))).toBe(cellsKey(one));
  });
  fc.assert(property, { numRuns: 2_000 });
});
