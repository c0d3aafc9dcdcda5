import { expect, test } from 'vitest';
import type { Entry } from './dialect.ts';
import { Log } from './log.ts';

const entry = (term: number): Entry => ({ term, command: { kind: 'no-op' } });

function logOf(...terms: number[]): Log {
  const log = new Log();
  for (const term of terms) log.append(entry(term));
  return log;
}

test('the empty log ends at index 0 of term 0', () => {
  const log = logOf();

  expect([log.lastIndex, log.lastTerm, log.termAt(0), log.termAt(1)]).toEqual([0, 0, 0, undefined]);
});

test('the borders of a term are found, also of one that is not there', () => {
  const log = logOf(1, 1, 3, 3, 3, 5);

  expect([1, 2, 3, 4, 5, 6].map((term) => log.firstIndexOf(term))).toEqual([1, 3, 3, 6, 6, 7]);
  expect([0, 1, 2, 3, 4, 5, 6].map((term) => log.lastIndexOf(term))).toEqual([null, 2, null, 5, null, 6, null]);
});

test('replacing takes away what was behind, and never leaves a gap', () => {
  const log = logOf(1, 1, 1, 1);

  log.replaceFrom(3, [entry(2)]);

  expect(log.slice(1, 10).map(({ term }) => term)).toEqual([1, 1, 2]);
  expect(() => log.replaceFrom(5, [entry(2)])).toThrow('a gap: the log holds 1 to 3, and is to go on at 5');
  expect(() => log.at(4)).toThrow('the log holds 1 to 3, entry 4 was asked for');
});

test('a log is more complete by its last term, and then by its length', () => {
  const log = logOf(1, 2, 2);

  expect(log.isUpToDate(2, 3)).toBe(true);
  expect(log.isUpToDate(2, 2)).toBe(false);
  expect(log.isUpToDate(1, 9)).toBe(false);
  expect(log.isUpToDate(3, 1)).toBe(true);
});

test('entries that a snapshot covers are forgotten, and the term at the border stays known', () => {
  const log = logOf(1, 1, 2, 2, 3);

  log.forgetUpTo(3);

  expect([log.base, log.lastIndex, log.lastTerm]).toEqual([3, 5, 3]);
  expect([2, 3, 4, 5, 6].map((index) => log.termAt(index))).toEqual([undefined, 2, 2, 3, undefined]);
  expect(log.slice(4, 9).map(({ term }) => term)).toEqual([2, 3]);
  expect([1, 2, 3, 4].map((term) => log.firstIndexOf(term))).toEqual([4, 4, 5, 6]);
  expect([1, 2, 3].map((term) => log.lastIndexOf(term))).toEqual([null, 4, 5]);
  expect(() => log.at(3)).toThrow('the log holds 4 to 5, entry 3 was asked for');
  expect(() => log.replaceFrom(3, [])).toThrow('a gap: the log holds 4 to 5, and is to go on at 3');
  log.forgetUpTo(5);
  expect([log.lastIndex, log.lastTerm, log.lastIndexOf(3)]).toEqual([5, 3, 5]);
});

test('a snapshot keeps what follows it in a log that agrees with it, and replaces any other', () => {
  const agrees = logOf(1, 1, 2, 2);
  agrees.beginAt(3, 2);
  expect([agrees.base, agrees.lastIndex]).toEqual([3, 4]);

  const differs = logOf(1, 1, 1, 1);
  differs.beginAt(3, 2);
  expect([differs.base, differs.lastIndex, differs.lastTerm]).toEqual([3, 3, 2]);

  const lags = logOf(1, 1);
  lags.beginAt(7, 2);
  expect([lags.base, lags.lastIndex, lags.append(entry(3))]).toEqual([7, 7, 8]);
});
