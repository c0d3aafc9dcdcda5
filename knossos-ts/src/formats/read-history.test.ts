/** What a reader finds out by itself. */
import { describe, expect, test } from 'vitest';
import type { FormatName } from './format.ts';
import { readHistory } from './read-history.ts';

const map = (type: string, f: string, value: string): string =>
  `{:process 0, :type :${type}, :f :${f}, :value ${value}}\n`;

describe('whether values are [key value]', () => {
  test.each<[string, string, boolean]>([
    [
      'a read of a key',
      map('invoke', 'write', '[1 2]') + map('ok', 'write', '[1 2]') + map('invoke', 'read', '[1 nil]'),
      true,
    ],
    [
      'a read of the one object',
      map('invoke', 'write', '[1 2]') + map('ok', 'write', '[1 2]') + map('invoke', 'read', 'nil'),
      false,
    ],
    ['a cas on a key', map('invoke', 'cas', '[1 [2 3]]'), true],
    ['a cas on the one object', map('invoke', 'cas', '[2 3]'), false],
    ['a bare value', map('invoke', 'enqueue', '5'), false],
    ['a key of a transaction', map('invoke', 'txn', '[1 [[:r 1 nil] [:w 2 3]]]'), true],
    [
      'a read of the one object beside a transaction',
      map('invoke', 'txn', '[[:r 1 nil]]') + map('ok', 'txn', '[[:r 1 2]]') + map('invoke', 'read', 'nil'),
      false,
    ],
    [
      'a read of a key beside a transaction',
      map('invoke', 'txn', '[[:r 1 nil]]') + map('ok', 'txn', '[[:r 1 2]]') + map('invoke', 'read', '[1 nil]'),
      true,
    ],
    ['nothing but writes of pairs', map('invoke', 'write', '[1 2]'), true],
  ])('%s shows it', (_, text, independent) => {
    expect(readHistory(text).independent).toBe(independent);
    expect([...readHistory(text)].length).toBeGreaterThan(0);
  });

  test('a history that shows both is refused, and not judged as one of them', () => {
    const text = map('invoke', 'read', '[1 nil]') + map('ok', 'read', '[1 2]') + map('invoke', 'sync', 'nil');
    expect(() => [...readHistory(text)]).toThrow('Line 3: expected :value to be a pair [key value]');
  });

  test('pairs beside transactions may be either, and whoever has them must say so', () => {
    const text =
      map('invoke', 'write', '["x" 1]') + map('ok', 'write', '["x" 1]') + map('invoke', 'txn', '[[:r "x" nil]]');
    expect(() => readHistory(text)).toThrow(
      'The write of ["x", 1] may be one on a key or one of a pair, and nothing else in the beginning tells: ' +
        'say "independent: true" (--independent) for [key value], or "independent: false" (--no-independent)',
    );
    const keysOf = (independent: boolean): unknown[] => [...readHistory(text, { independent })].map(({ key }) => key);
    expect(keysOf(true)).toEqual(['x', 'x', null]);
    expect(keysOf(false)).toEqual([null, null, null]);
  });

  test('a transaction has no key, whatever the others have', () => {
    const text = map('invoke', 'txn', '[[:r 1 nil] [:w 2 3]]');
    expect([...readHistory(text)].map(({ key, value }) => [key, value])).toEqual([
      [
        null,
        [
          ['r', 1, null],
          ['w', 2, 3],
        ],
      ],
    ]);
  });

  test('what is told is believed', () => {
    expect(readHistory(map('invoke', 'write', '[1 2]'), { independent: false }).independent).toBe(false);
  });
});

test('a completion without its key gets that of its invocation', () => {
  const edn = map('invoke', 'write', '["x" 2]') + map('info', 'write', 'nil');
  expect([...readHistory(edn, { independent: true })].map(({ key }) => key)).toEqual(['x', 'x']);
});

test('brackets and quotes that are characters do not count', () => {
  const edn = map('invoke', 'write', '[\\{ \\"]') + map('ok', 'write', 'nil') + map('invoke', 'write', '[\\] \\;]');
  expect([...readHistory(edn.split(''), { independent: false, format: 'edn' })].map(({ value }) => value)).toEqual([
    [{ '#char': '{' }, { '#char': '"' }],
    null,
    [{ '#char': ']' }, { '#char': ';' }],
  ]);
});

test.each<[string, FormatName]>([
  ['; a comment\n\n[{:process 0', 'edn'],
  ['({:type :invoke', 'edn'],
  ['#jepsen.history.Op{:process 0', 'edn'],
  ['[\n  {"type": "invoke"', 'json'],
  ['{"type": "invoke", "process": 0}\n{"type', 'json'],
  ['{"index":0,"time":0,"process":0,"type":"invoke","f":"read","key":1,"value":null}\n', 'jsonl'],
  ['{"ind', 'jsonl'],
  ['', 'jsonl'],
  ['{:process 0, :type :invoke, :f :get, :key "7", :value nil}\n', 'porcupine-kv'],
  ['INFO  jepsen.util - 0\t:invoke\t:read\tnil\n', 'porcupine-jepsen'],
])('%j begins a history in %s', (text, format) => {
  expect(readHistory(text).format).toBe(format);
});

test('a history is read once, and its pieces are closed when nobody goes on', () => {
  let isClosed = false;
  function* pieces(): Generator<string> {
    try {
      for (let index = 0; index < 100_000; index++) {
        yield `{"index":${index},"time":0,"process":${index},"type":"invoke","f":"read","key":1,"value":null}\n`;
      }
    } finally {
      isClosed = true;
    }
  }
  for (const { index } of readHistory(pieces())) if (index === 10) break;
  expect(isClosed).toBe(true);
});

test.each(['[', '[{"a":', '{:a '])(
  'what begins %s a hundred thousand times is an error, and not a torn end',
  (open) => {
    expect(() => [...readHistory(open.repeat(100_000))]).toThrow(
      /^Line 1: expected (values|forms) nested at most 200 deep$/,
    );
  },
);

test('a cas whose result is none is an error that names its line', () => {
  const line = (index: number, type: string, value: unknown): string =>
    `${JSON.stringify({ index, time: index, process: 0, type, f: 'cas', key: 1, value })}\n`;
  const cas = (result: unknown): string => line(0, 'invoke', [1, 2]) + line(1, 'ok', result);
  for (const result of [null, 5, [true], { swapped: 'yes' }]) {
    expect(() => [...readHistory(cas(result))]).toThrow(
      'Line 2: expected the result of a cas to be {"swapped": true or false}, found ',
    );
  }
  expect([...readHistory(cas({ swapped: false, current: 3 }))]).toHaveLength(2);
});
