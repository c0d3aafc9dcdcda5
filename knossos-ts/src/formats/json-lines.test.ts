import { expect, test } from 'vitest';
import { HistoryError } from '../history/history-error.ts';
import { formatJsonLine, parseJsonLines } from './json-lines.ts';
import type { HistoryEvent } from '../history/operation.ts';

const events: HistoryEvent[] = [
  { index: 0, time: 12, process: 0, type: 'invoke', f: 'cas', key: 'a "b"', value: [1, 'x'] },
  { index: 1, time: 13, process: 'nemesis', type: 'info', f: 'cut', key: null, value: { n1: ['n2'] } },
  {
    index: 2,
    time: 14.5,
    process: 0,
    type: 'ok',
    f: 'cas',
    key: 'a "b"',
    value: { swapped: false, current: null },
    node: 'n1',
  },
  {
    index: 3,
    time: 15,
    process: 1,
    type: 'info',
    f: 'read',
    key: 3,
    value: null,
    error: { code: null, text: 'no\nreply' },
  },
];
const lines = events.map(formatJsonLine);
const text = lines.map((line) => `${line}\n`).join('');

test('a line is the JSON of its event, field by field', () => {
  expect(lines).toEqual(events.map((event) => JSON.stringify(event)));
});

test('what was written is read back', () => {
  expect(parseJsonLines(text)).toEqual({ events, torn: false });
  expect(parseJsonLines('')).toEqual({ events: [], torn: false });
});

test('a last line without its end that cannot be read is dropped and reported, wherever it was torn', () => {
  for (let length = 1; length < lines[3]!.length; length++) {
    const torn = text.slice(0, text.length - lines[3]!.length - 1 + length);
    expect(parseJsonLines(torn)).toEqual({ events: events.slice(0, 3), torn: true });
  }
});

test('a last line that lacks only its end is whole', () => {
  expect(parseJsonLines(text.slice(0, -1))).toEqual({ events, torn: false });
});

const malformed: readonly (readonly [string, string])[] = [
  ['{"ind\n', 'Line 5: expected a JSON object, found "{\\"ind"'],
  ['\n', 'Line 5: expected a JSON object, found an empty line'],
  ['[1]\n', 'Line 5: expected a JSON object, found "[1]"'],
  [
    lines[0]!.replace('invoke', 'start'),
    'Line 5: expected "type" to be one of invoke, ok, fail, info, found "\\"start\\""',
  ],
  [
    lines[0]!.replace('"process":0', '"process":-1'),
    'Line 5: expected "process" to be a whole number from 0 or "nemesis", found "-1"',
  ],
  [lines[0]!.replace('"time":12,', ''), 'Line 5: expected "time" to be a number of nanoseconds, found nothing'],
  [
    lines[3]!.replace('"code":null', '"code":"x"'),
    'Line 5: expected "error" to be {"code": a number or null, "text": a text}, found "{\\"code\\":\\"x\\",\\"text\\":\\"no\\\\nreply\\"}"',
  ],
];

test.each(malformed)('%j is an error that names its line', (line, message) => {
  expect(() => parseJsonLines(text + line)).toThrow(new HistoryError(message, { line: 5 }));
});

test('whole numbers are exact, whatever their size; a floating one stays floating', () => {
  const line = (value: string): string =>
    `{"index":0,"time":1763665445123456789,"process":0,"type":"invoke","f":"write","key":"k","value":${value}}\n`;
  const read = (value: string): unknown => parseJsonLines(line(value)).events[0]?.value;
  expect(read('9007199254740993')).toBe(9007199254740993n);
  expect(read('-9223372036854775808')).toBe(-9223372036854775808n);
  expect(read('"9007199254740993"')).toBe('9007199254740993');
  expect(read('[9007199254740991, 0.1234567890123456, 1e21, {"a\\\\\\"": [true, false, null]}]')).toEqual([
    9007199254740991,
    0.1234567890123456,
    1e21,
    { 'a\\"': [true, false, null] },
  ]);
  const large: HistoryEvent = { ...events[0]!, value: [2n ** 63n, 2 ** 53, 1e300, { n: -(2n ** 60n) }] };
  expect(formatJsonLine(large)).toContain(
    '"value":[9223372036854775808,9007199254740992.0,1e+300,{"n":-1152921504606846976}]',
  );
  expect(parseJsonLines(formatJsonLine(large)).events).toEqual([large]);
});
