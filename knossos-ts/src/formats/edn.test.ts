import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEdn } from './edn-reader.ts';
import { formatEdn, formatEdnLines } from './edn-output.ts';
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Value } from '../history/operation.ts';

const base = { time: 5, process: 0, f: 'cas', key: 'k' } as const;

test('events are written as Jepsen writes them, completions with their input', () => {
  const events: HistoryEvent[] = [
    { ...base, index: 0, type: 'invoke', value: [1, 2] },
    { ...base, index: 1, process: 'nemesis', type: 'info', f: 'cut', key: null, value: { n1: ['n2'] } },
    { ...base, index: 2, type: 'ok', value: { swapped: true }, node: 'n1' },
    { ...base, index: 3, type: 'invoke', value: [2, 3] },
    { ...base, index: 4, type: 'ok', value: { swapped: false, current: 9007199254740993n } },
    { ...base, index: 5, type: 'invoke', value: [2, 3] },
    { ...base, index: 6, type: 'ok', value: { swapped: false } },
    { ...base, index: 7, type: 'invoke', f: 'write', value: 4 },
    { ...base, index: 8, type: 'info', f: 'write', value: null, error: { code: 0, text: 'timed "out"' } },
  ];

  expect([...formatEdnLines(events)]).toEqual([
    '{:index 0, :time 5, :process 0, :type :invoke, :f :cas, :value ["k" [1 2]]}',
    '{:index 1, :time 5, :process :nemesis, :type :info, :f :cut, :value {:n1 ["n2"]}}',
    '{:index 2, :time 5, :process 0, :type :ok, :f :cas, :value ["k" [1 2]], :node "n1"}',
    '{:index 3, :time 5, :process 0, :type :invoke, :f :cas, :value ["k" [2 3]]}',
    '{:index 4, :time 5, :process 0, :type :fail, :f :cas, :value ["k" [2 3]], :error [:precondition-failed 9007199254740993]}',
    '{:index 5, :time 5, :process 0, :type :invoke, :f :cas, :value ["k" [2 3]]}',
    '{:index 6, :time 5, :process 0, :type :fail, :f :cas, :value ["k" [2 3]], :error [:precondition-failed]}',
    '{:index 7, :time 5, :process 0, :type :invoke, :f :write, :value ["k" 4]}',
    '{:index 8, :time 5, :process 0, :type :info, :f :write, :value ["k" 4], :error [0 "timed \\"out\\""]}',
  ]);
  expect(parseEdn([...formatEdnLines(events)].join('\n'))).toEqual(events);
});

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Number.isInteger(number)),
    // On both sides of the last number that is surely exact, and what may have been rounded.
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.constantFrom<Value>(2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2n ** 53n, 1e21, -1e300),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')) as fc.Arbitrary<Value>,
  ),
})).value;

test('any value and key survive the way out and back', () => {
  const property = fc.property(
    value.filter((key) => key !== null),
    value,
    value,
    (key, one, other) => {
      const events: HistoryEvent[] = [
        { ...base, index: 0, type: 'invoke', key, value: [one, other] },
        { ...base, index: 1, type: 'ok', key, value: { swapped: false, current: other } },
        { ...base, index: 2, type: 'invoke', f: 'read', key, value: null },
        { ...base, index: 3, type: 'ok', f: 'read', key, value: one },
      ];
      expect(parseEdn([...formatEdnLines(events)].join('\n'))).toEqual(events);
    },
  );
  fc.assert(property, { numRuns: 500 });
});

const single = { time: 0, process: 0, key: null } as const;

test.each<[string, readonly HistoryEvent[]]>([
  ['a cas', [{ ...single, index: 0, type: 'invoke', f: 'cas', value: [1, 2] }]],
  ['a failed cas', [{ ...single, index: 0, type: 'fail', f: 'cas', value: [1, 2] }]],
  ['a list of three', [{ ...single, index: 0, type: 'invoke', f: 'write', value: [1, 2, 3] }]],
  ['a read', [{ ...single, index: 0, type: 'invoke', f: 'read', value: null }]],
  ['a write that failed', [{ ...single, index: 0, type: 'fail', f: 'write', value: 3 }]],
])('%s on a single object is not taken for one on a key', (_, [event]) => {
  // A completion repeats the input of its invocation.
  const text = formatEdn(event!, event);

  // Our own says it outright; others do not.
  expect(parseEdn(text)).toMatchObject([{ key: null }]);
  const foreign = text.replace(', :key nil', '');
  expect(() => parseEdn(foreign)).toThrow('is read with "independent: false" (--no-independent)');
  expect(parseEdn(foreign, { independent: false })).toHaveLength(1);
});

test('a list of maps is read like maps in a row; comments, tags, discards and missing numbers are no matter', () => {
  const text = `; recorded by hand
    #jepsen.history.Op{:process 3 :type :invoke, :f :read :value nil}
    #_{:process 9} {:process 3, :type :ok :f :read :value 99999999999999999999N :final? true}`;
  const events = [
    { index: 0, time: 0, process: 3, type: 'invoke', f: 'read', key: null, value: null },
    { index: 1, time: 1, process: 3, type: 'ok', f: 'read', key: null, value: 99999999999999999999n },
  ];
  expect(parseEdn(text, { independent: false })).toEqual(events);
  expect(parseEdn(`[${text}]`, { independent: false })).toEqual(events);
});

test('a failed cas without a precondition is a fail, and keeps its error', () => {
  const text = '{:index 4 :time 7 :process 0 :type :fail :f :cas :value [1 [2 3]] :error :no-leader}';
  expect(parseEdn(text)).toEqual([
    {
      index: 4,
      time: 7,
      process: 0,
      type: 'fail',
      f: 'cas',
      key: 1,
      value: null,
      error: { code: null, text: 'no-leader' },
    },
  ]);
});

test('where a read of nil matches anything, it is dropped as a fail', () => {
  const text = '{:process 0 :type :ok :f :read :value nil}';
  expect(parseEdn(text, { independent: false })[0]?.type).toBe('ok');
  expect(parseEdn(text, { independent: false, nilReadsMatchAnything: true })[0]?.type).toBe('fail');
});

test('a single event without its invocation has no input to repeat', () => {
  expect(formatEdn({ ...base, index: 1, type: 'info', value: null })).toBe(
    '{:index 1, :time 5, :process 0, :type :info, :f :cas, :value ["k" nil]}',
  );
});

test.each([
  ['{:process 0\n :type :invoke', 'Line 2: expected } for the { of line 1, found the end of the text', 2],
  [
    '\n{:process 0 :type :begin :f :read}',
    'Line 2: expected :type to be one of :invoke, :ok, :fail, :info, found ":begin"',
    2,
  ],
  [
    '{:process 0 :type :invoke :f :write :value 3}',
    'Line 1: expected :value to be a pair [key value], found 3; a history of a single object is read with "independent: false" (--no-independent)',
    1,
  ],
  [
    '{:process :p :type :invoke :f :write :value [1 3]}',
    'Line 1: expected :process to be a whole number from 0 or :nemesis, found ":p"',
    1,
  ],
  ['{:process}', 'Line 1: expected a value for each key of the map of line 1', 1],
])('%j is an error that names its line', (text, message, line) => {
  expect(() => parseEdn(text)).toThrow(new HistoryError(message, { line }));
});
