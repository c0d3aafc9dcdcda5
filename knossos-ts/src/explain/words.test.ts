import { expect, test } from 'vitest';
import { count, duration, instant, listed } from './words.ts';

test.each([
  [431_100_000, '431 ms'],
  [31_234, '0.031 ms'],
  [1_500_000, '1.5 ms'],
  [99_960_000, '100 ms'],
  [999_400_000, '999 ms'],
  [999_600_000, '1 s'],
  [12_444_000_000, '12.4 s'],
  [1_204_000_000_000, '1,204 s'],
])('%d ns is %s', (nanoseconds, words) => {
  expect(duration(nanoseconds)).toBe(words);
});

test('counts are grouped, instants have four decimals, lists end with "and"', () => {
  expect(count(1204)).toBe('1,204');
  expect(instant(18_502_949_000)).toBe('18.5029 s');
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
