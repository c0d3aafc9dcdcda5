import { expect, test } from 'vitest';
import { IntTable, none } from './int-table.ts';

const patterns: readonly (readonly [string, (step: number) => number])[] = [
  ['numbers in a row', (step) => step],
  ['negative numbers', (step) => -step],
  ['multiples of a power of two', (step) => (step * 2 ** 20) | 0],
  ['numbers far apart', (step) => Math.imul(step, 0x5bd1e995)],
];

test.each(patterns)('it is a map, for %s', (_, keyOf) => {
  const [table, map] = [new IntTable(), new Map<number, number>()];
  for (let step = 0; step < 3_000; step++) {
    table.set(keyOf(step), step);
    map.set(keyOf(step), step);
    if (step % 3 === 0) table.set(keyOf(step >> 1), -step);
    if (step % 3 === 0) map.set(keyOf(step >> 1), -step);
  }

  expect([...map].filter(([key, value]) => table.get(key) !== value)).toEqual([]);
  expect(table.get(2 ** 30 + 7)).toBe(none);
});

test('keys are numbered as they come, and again from 0 when it is cleared', () => {
  const table = new IntTable();
  const numbers = (keys: readonly number[]): number[] => keys.map((key) => table.numberOf(key));

  expect(numbers([7, -1, 7, 2 ** 30, -1])).toEqual([0, 1, 0, 2, 1]);
  expect(numbers(Array.from({ length: 100 }, (_, key) => key)).at(-1)).toBe(101);
  table.clear(1);
  expect(numbers([-1, 7])).toEqual([0, 1]);
});
