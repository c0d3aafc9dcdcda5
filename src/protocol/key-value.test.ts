import { expect, test } from 'vitest';
import type { Json } from '../core/json.ts';
import { noKey } from '../core/ids.ts';
import type { Call } from './client.ts';
import { answerOf, requestOf } from './key-value.ts';
import { errorBody } from './wire.ts';
import type { ResponseBody } from './wire.ts';

const read: Call = { f: 'read', key: 'a', value: null };
const write: Call = { f: 'write', key: 'a', value: 5 };
const cas: Call = { f: 'cas', key: 'a', value: [5, null] };

const insert: Call = { f: 'insert', key: 'a', value: 5 };
const txn: Call = { f: 'txn', key: noKey, value: [['r', 'a', null]] };

test('a call becomes a request of lin-kv', () => {
  expect(requestOf(read)).toEqual({ type: 'read', key: 'a' });
  expect(requestOf(write)).toEqual({ type: 'write', key: 'a', value: 5 });
  expect(requestOf(cas)).toEqual({ type: 'cas', key: 'a', from: 5, to: null });
  expect(requestOf(insert)).toEqual({ type: 'insert', key: 'a', value: 5 });
  expect(requestOf(txn)).toEqual({ type: 'txn', txn: [['r', 'a', null]] });
  expect(() => requestOf({ ...cas, value: 5 })).toThrow('cas takes [from, to], not 5');
});

test.each<[Call, ResponseBody, Json]>([
  [read, { type: 'read_ok', value: 7 }, 7],
  [read, errorBody(20, ''), null],
  [write, { type: 'write_ok' }, 5],
  [cas, { type: 'cas_ok' }, { swapped: true }],
  [cas, errorBody(20, ''), { swapped: false, current: null }],
  [cas, errorBody(22, '', { current: 9 }), { swapped: false, current: 9 }],
  [cas, errorBody(22, ''), { swapped: false }],
  [insert, { type: 'insert_ok' }, { inserted: true }],
  [insert, errorBody(21, '', { current: 9 }), { inserted: false, current: 9 }],
  [txn, { type: 'txn_ok', txn: [['r', 'a', 7]] }, { committed: true, parts: [['r', 'a', 7]] }],
  [txn, errorBody(22, '', { current: [['c', 'a', 2]] }), { committed: false, current: [['c', 'a', 2]] }],
])('%j answered by %j is the result %j', (call, body, value) => {
  expect(answerOf(call, body)).toEqual({ type: 'ok', value });
});

test.each([1, 10, 11, 12, 14, 30])('code %i is definite', (code) => {
  expect(answerOf(write, errorBody(code, 'no'))).toEqual({ type: 'definite', error: { code, text: 'no' } });
});

test.each<[Call, ResponseBody]>([
  [write, errorBody(0, '')],
  [write, errorBody(13, '')],
  [write, errorBody(999, '')],
  [write, errorBody(20, '')],
  [read, errorBody(22, '')],
  [cas, errorBody(21, '')],
  [insert, errorBody(22, '')],
  [txn, { type: 'txn_ok' }],
  [write, { type: 'error' }],
  [write, { type: 'read_ok', value: 5 }],
  [read, { type: 'read_ok' }],
])('%j answered by %j stays open', (call, body) => {
  expect(answerOf(call, body).type).toBe('indefinite');
});
