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
  expect(() => log.replaceFrom(5, [entry(2)])).toThrow('a gap: the log ends at 3, not before 5');
  expect(() => log.at(4)).toThrow('the log ends at 3, entry 4 was asked for');
});

test('a log is more complete by its last term, and then by its length', () => {
  const log = logOf(1, 2, 2);

  expect(log.isUpToDate(2, 3)).toBe(true);
  expect(log.isUpToDate(2, 2)).toBe(false);
  expect(log.isUpToDate(1, 9)).toBe(false);
  expect(log.isUpToDate(3, 1)).toBe(true);
});
