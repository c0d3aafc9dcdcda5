/** Texts that are no histories are refused with the line and what was expected there; none is taken for a whole one. */
import { describe, expect, test } from 'vitest';
import { HistoryError } from '../history/history-error.ts';
import { deepestValue, longestEvent, type FormatName } from './format.ts';
import { readHistory, type ReadOptions } from './read-history.ts';

const refusal = (text: string | Iterable<string>, options: ReadOptions = {}): string => {
  try {
    const reading = readHistory(text, options);
    const events = [...reading];
    return `${events.length} events${reading.torn === undefined ? '' : `, torn: ${reading.torn}`}`;
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    expect(error.message).toMatch(new RegExp(`^Line ${error.line}: `));
    return error.message;
  }
};

const ours = (index: number, process: number, type: string, f = 'write', value: unknown = 1): string =>
  `${JSON.stringify({ index, time: index, process, type, f, key: 'k', value })}\n`;

describe('a history that breaks the rules names the line', () => {
  test.each<[string, string, string]>([
    [
      'a process that acts after its info',
      ours(0, 1, 'invoke') + ours(5, 1, 'info') + ours(6, 1, 'invoke'),
      'Line 3: process 1 acts again after its info; a new process must take its place',
    ],
    [
      'two invocations by one process',
      ours(0, 1, 'invoke') + ours(1, 1, 'invoke', 'read'),
      'Line 2: process 1 invokes read while its write is in progress',
    ],
    [
      'a completion without invocation',
      ours(0, 1, 'ok'),
      'Line 1: process 1 completes write without having invoked it',
    ],
    [
      'a completion of something else',
      ours(0, 1, 'invoke') + ours(1, 1, 'ok', 'read'),
      'Line 2: process 1 completes read, but what it invoked is write',
    ],
    [
      'a completion on another key',
      ours(0, 1, 'invoke') + ours(1, 1, 'ok').replace('"k"', '"x"'),
      'Line 2: process 1 completes write on key x, but invoked it on key k',
    ],
    [
      'an index that comes twice',
      ours(4, 1, 'invoke') + ours(4, 1, 'ok'),
      'Line 2: expected an index above 4, found 4; indices must grow',
    ],
    [
      'EDN whose maps have several lines',
      '[{:process 1\n :type :invoke\n :f :read :value [1 nil]}\n\n{:process 1 :type :info\n :f :read}\n {:process 1 :type :ok :f :read :value [1 2]}]',
      'Line 7: process 1 acts again after its info; a new process must take its place',
    ],
    [
      'a log',
      'INFO  jepsen.util - 0\t:invoke\t:read\tnil\n\nINFO  jepsen.core - Starting up\nINFO  jepsen.util - 0\t:invoke\t:read\tnil\n',
      'Line 4: process 0 invokes read while its read is in progress',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });
});

describe('what is no history is refused', () => {
  test.each<[string, ReadOptions, string]>([
    [
      'hello\nworld',
      {},
      'Line 1: expected a history (jsonl, edn, json, porcupine-kv, porcupine-jepsen), found "hello"',
    ],
    ['<html>', {}, 'Line 1: expected a history (jsonl, edn, json, porcupine-kv, porcupine-jepsen), found "<html>"'],
    [
      '{:process 0 :type :invoke, :f :read, :value [1 nil]}\nfoo\n',
      {},
      'Line 2: expected a map such as {:process 0, :type :invoke, ...}, found "foo"',
    ],
    ['{:process 0 :type :invoke, :f :read, :value [1 nil]}]', {}, 'Line 1: expected a form, found ]'],
    [
      '[{:process 0 :type :invoke, :f :read, :value [1 nil]}] {}',
      {},
      'Line 1: expected the end of the text after the list, found more',
    ],
    ['[{:process 0 :type :invoke, :f :read, :value [1 nil]}}', {}, 'Line 1: expected a form, found }'],
    ['[{:process 0 :type :invoke, :f :read, :value [1 nil}]\n', {}, 'Line 1: expected a form, found }'],
    ['{"type": "invoke", "f": "read", "process": 0}\n', { independent: false }, '1 events'],
    ['[{"type": "invoke", "f": "read"}]', {}, 'Line 1: expected "process" to be a whole number from 0 or "nemesis"'],
    [
      '[{"type": "invoke", "f": "read", "process": 1.5}]',
      {},
      'Line 1: expected "process" to be a whole number from 0 or "nemesis", found 1.5',
    ],
    [
      '[\n{"type": "invoke" "f": "read"}]',
      {},
      'Line 2: expected a JSON object such as {"process": 0, "type": "invoke", ...}, found "{\\"type\\": \\"invoke\\" \\"f\\": \\"read\\"}"',
    ],
    [
      '[1, 2]',
      { format: 'json' },
      'Line 1: expected a JSON object such as {"process": 0, "type": "invoke", ...}, found "1, 2"',
    ],
    [
      'INFO  jepsen.util - 0\t:invoke\t:raed\n',
      {},
      'Line 1: expected INFO  jepsen.util - 0 :invoke :read nil or the like, found "INFO  jepsen.util - 0\\t:invoke\\t:raed"',
    ],
    [
      'INFO  jepsen.util - 0\t:invoke\t:cas\t[1\n',
      {},
      'Line 1: expected ] for the [ of line 1, found the end of the text',
    ],
    ['INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2] 3\n', {}, 'Line 1: expected one value, found "[1 2] 3"'],
  ])('%s', (text, options, message) => {
    expect(refusal(text, options)).toBe(message);
  });
});

test.each<[FormatName, string, string]>([
  [
    'edn',
    '{:process 0 :type :invoke :f :read :value nil\n{:process 1 :type :invoke :f :read :value nil}\n',
    'Line 3: expected } for the { of line 1, found the end of the text',
  ],
  [
    'edn',
    '{:process 0 :type :invoke :f "read :value nil}\n{:process 1 :type :invoke :f :read :value nil}',
    'Line 2: expected " for the text of line 1, found the end of the text',
  ],
  [
    'json',
    '{"process":0\n{"process":1,"type":"invoke","f":"read"}\n',
    'Line 1: expected ] or }, found the end of the text',
  ],
])('a bracket that is missing in the middle of %s does not drop what follows', (format, text, message) => {
  expect(refusal(text, { format, independent: false })).toBe(message);
});

describe('what is nested too deep is refused and does not overflow the stack', () => {
  const levels = 1_000_000;
  const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
  test.each<[FormatName, string]>([
    ['jsonl', `{"index":0,"time":0,"process":0,"type":"invoke","f":"write","key":"k","value":${deep}}\n`],
    ['jsonl', `{"index":0,"time":0,"process":0,"type":"invoke","f":"write","key":${deep},"value":1}\n`],
    ['jsonl', `{"index":${deep},"time":0,"process":0,"type":"invoke","f":"write","key":1,"value":1}\n`],
    ['json', `[{"process":0,"type":"invoke","f":"write","value":${deep}}]`],
    ['edn', `{:process 0 :type :invoke :f :write :value ${deep}}`],
    ['edn', `${'#_ '.repeat(levels)}{:process 0}`],
    ['edn', `${'#a '.repeat(levels)}{:process 0}`],
    ['edn', `${'^'.repeat(levels)}{:process 0}`],
    ['porcupine-jepsen', `INFO  jepsen.util - 0 :invoke :write ${deep}\n`],
  ])('%s', (format, text) => {
    expect(refusal(text, { format, independent: false })).toMatch(
      new RegExp(`nested at most ${deepestValue} deep|a deeply nested value`),
    );
  });
});

test('an event without end is given up, and not kept until memory is full', () => {
  function* endless(beginning: string, more: string): Generator<string> {
    yield beginning;
    for (let length = 0; length < 2 * longestEvent; length += more.length) yield more;
  }
  const more = 'x'.repeat(2 ** 20);
  const message = `Line 1: expected an event of at most ${longestEvent} characters, found a longer one; is this a history?`;
  expect(refusal(endless('{"index":0,"value":"', more))).toBe(message);
  expect(refusal(endless('{:process 0 :value "', more))).toBe(message);
  expect(refusal(endless('[{"process":0,"value":"', more))).toBe(message);
  expect(refusal(endless('INFO  jepsen.util - 0 ', more))).toBe(message);
});

test('a long value is read', () => {
  const long = 'x'.repeat(5_000_000);
  expect(refusal(ours(0, 1, 'invoke', 'write', long))).toBe('1 events');
  expect(refusal(`{:process 0 :type :invoke :f :write :value [1 "${long}"]}`)).toBe('1 events');
});

test('an empty text is an empty history, and so is an empty list', () => {
  for (const text of ['', '\uFEFF', '[]', '[\n]', '()', '(; nothing\n)']) expect(refusal(text)).toBe('0 events');
});

test('bytes that are no UTF-8 are no reason to fail', () => {
  expect(refusal(new TextDecoder().decode(Buffer.from([0xff, 0xfe, 0x7b])))).toMatch(/^Line 1: expected a history/);
});
