import type { Operation, Value } from 'knossos-ts';
import { describe, expect, test } from 'vitest';
import {
  call,
  clip,
  count,
  day,
  deltaText,
  duration,
  moment,
  percent,
  printable,
  shown,
  shownKey,
  tally,
} from './wording.ts';

const operation = (parts: Partial<Operation>): Operation => ({
  id: 0,
  process: 1,
  f: 'read',
  key: '17',
  input: null,
  type: 'ok',
  output: null,
  called: 0,
  returned: 1,
  invokedAt: 0,
  completedAt: 1,
  ...parts,
});

describe('numbers', () => {
  test('are grouped by thousands', () => {
    expect([0, 999, 1000, 9787, 1_204_511].map(count)).toEqual(['0', '999', '1,000', '9,787', '1,204,511']);
  });

  test('of time have three digits at most and carry their unit', () => {
    expect([12, 2_200, 431_100_000, 99_960_000, 8e9, 3_600e9].map(duration)).toEqual([
      '12 ns',
      '2.20 µs',
      '431 ms',
      '100 ms',
      '8.00 s',
      '3,600 s',
    ]);
    expect(duration(Infinity)).toBe('no end');
  });

  test('of a share say when there is nothing to divide', () => {
    expect([percent(1, 0), percent(0, 3), percent(1, 3), percent(3, 3)]).toEqual(['–', '0 %', '33.3 %', '100 %']);
  });

  test('of an instant are exact enough to find it in the history', () => {
    expect(moment(18_934_012_345)).toBe('18.9340 s');
  });
});

test('a day is said in UTC, and what is no date stays', () => {
  expect(day('2026-11-20T13:45:02.123Z')).toBe('20 Nov 2026, 13:45 UTC');
  expect(day('yesterday')).toBe('yesterday');
});

describe('what a system may return', () => {
  test('cannot drive a terminal nor turn the direction of the text', () => {
    expect(printable('\u001b[31m\u202egnp\u2028\u0007 é 木 🙂')).toBe('\\u001b[31m\\u202egnp\\u2028\\u0007 é 木 🙂');
  });

  test('is cut, without half a character, and says by how much', () => {
    expect(clip('x'.repeat(2100), 2000)).toBe(`${'x'.repeat(2000)}… (100 characters more)`);
    expect(clip('ab🙂cd', 3)).toBe('ab…');
  });

  test('is shown in the notation of JSON, big integers as their digits', () => {
    expect([null, 41, 'a"b', 2n ** 64n, [1, 2n], { a: true }].map((value) => shown(value))).toEqual([
      'null',
      '41',
      String.raw`"a\"b"`,
      '18446744073709551616',
      '[1,"2"]',
      '{"a":true}',
    ]);
  });

  test('is a key without quotes only where it is a plain word', () => {
    expect(['17', 'a b', 17].map((key) => shownKey(key))).toEqual(['17', '"a b"', '17']);
  });
});

test('a transaction says what it compared, wrote and read, and why it was refused', () => {
  const transfer: Value = [
    ['c', 'alice', 3],
    ['w', 'alice', 70],
    ['r', 'bob', null],
  ];
  const sight: Value = { value: 80, version: 2 };
  const of = (output: Value) => call(operation({ f: 'txn', key: null, input: transfer, output }), 200);

  expect(of(null)).toBe('txn if alice is 3, alice := 70, read bob');
  expect(of({ committed: true, parts: [...transfer.slice(0, 2), ['r', 'bob', sight]] })).toBe(
    'txn if alice is 3, alice := 70, read bob = 80 (2)',
  );
  expect(of({ committed: false, current: [['c', 'alice', 4]] })).toBe(
    'txn if alice is 3, alice := 70, read bob: refused, alice is 4',
  );
});

test('a call says what was asked and what came of it', () => {
  const calls = [
    operation({ output: 41 }),
    operation({ type: 'info' }),
    operation({ f: 'write', input: 42, output: 42 }),
    operation({ f: 'cas', input: [3, 4], output: { swapped: true } }),
    operation({ f: 'cas', input: [3, 4], output: { swapped: false, current: 7 } }),
    operation({ f: 'cas', input: [3, 4], output: { swapped: false } }),
    operation({ f: 'cas', input: [3, 4], type: 'fail' }),
    operation({ f: 'insert', input: 4, output: { inserted: true } }),
    operation({ f: 'insert', input: 4, output: { inserted: false, current: 7 } }),
    operation({ f: 'insert', input: 4, output: { inserted: false } }),
    operation({ f: 'insert', input: 4, type: 'info' }),
  ];
  expect(calls.map((one) => call(one))).toEqual([
    'read 41',
    'read',
    'write 42',
    'cas 3→4',
    'cas 3→4 found 7',
    'cas 3→4 not swapped',
    'cas 3→4',
    'insert 4',
    'insert 4 found 7',
    'insert 4 not inserted',
    'insert 4',
  ]);
});

test('a tally counts names in the order of their first appearance', () => {
  expect(tally(['kill', 'partition', 'kill'])).toBe('2 kill, 1 partition');
});

test('Delta-atomicity is a sentence, whatever was found', () => {
  expect(deltaText({ kind: 'delta', nanoseconds: 44.2e6 })).toBe(
    'Had all reads begun 44.2 ms earlier, the run would be linearizable (Delta-atomicity).',
  );
  expect(deltaText({ kind: 'delta', nanoseconds: 0 })).toBe(
    'Delta-atomicity: 0, since the run is linearizable as it is.',
  );
  expect(deltaText({ kind: 'none' })).toContain('it is not staleness alone that is wrong');
  expect(deltaText({ kind: 'unknown', seconds: 10 })).toBe(
    'Delta-atomicity is unknown: it was not decided within 10.0 s.',
  );
});
