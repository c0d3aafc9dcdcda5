import { expect, test } from 'vitest';
import type { RequestBody } from '../../src/protocol/wire.ts';
import { effectOf, keysOf, operationOf } from './operations.ts';
import type { Effect } from './operations.ts';
import { cas, insert, read, txn, write } from './testing/bodies.ts';
import type { Write } from './transactions.ts';

const store: readonly Write[] = [
  { key: 'a', value: 5, version: 3 },
  { key: 'b', value: { x: 1, y: [2] }, version: 1 },
];

/** What becomes of the request where the store holds the above: what is written, and the answer. */
function effect(body: RequestBody): readonly [...Effect['writes'], Effect['answer']] {
  const operation = operationOf(body);
  if ('code' in operation) throw new Error(operation.text);
  const { writes, answer } = effectOf(operation, (key) => store.find((one) => one.key === key) ?? null);
  return [...writes, answer] as never;
}

const refused = (code: number, current: unknown) => expect.objectContaining({ type: 'error', code, current });
const absent = expect.objectContaining({ type: 'error', code: 20 });

test('a read says what is there', () => {
  expect(effect(read())).toEqual([{ type: 'read_ok', value: 5 }]);
  expect(effect(read('c'))).toEqual([absent]);
});

test('a write makes the next version, whatever is there', () => {
  expect(effect(write(6))).toEqual([{ key: 'a', value: 6, version: 4 }, { type: 'write_ok' }]);
  expect(effect(write(6, 'c'))).toEqual([{ key: 'c', value: 6, version: 1 }, { type: 'write_ok' }]);
});

test('a cas writes if the value is there, and else says what is', () => {
  expect(effect(cas(5, 6))).toEqual([{ key: 'a', value: 6, version: 4 }, { type: 'cas_ok' }]);
  expect(effect({ type: 'cas', key: 'b', from: { y: [2], x: 1 }, to: 0 })).toEqual([
    { key: 'b', value: 0, version: 2 },
    { type: 'cas_ok' },
  ]);
  expect(effect(cas(4, 6))).toEqual([refused(22, 5)]);
  expect(effect(cas(5, 6, 'c'))).toEqual([absent]);
});

test('an insert adds a pair, leaves the same one alone, and fails when there is another value', () => {
  expect(effect(insert(6, 'c'))).toEqual([{ key: 'c', value: 6, version: 1 }, { type: 'insert_ok' }]);
  expect(effect(insert(5))).toEqual([{ type: 'insert_ok' }]);
  expect(effect(insert(6))).toEqual([refused(21, 5)]);
});

test('all parts of a transaction see what was there before it', () => {
  const parts = [
    ['w', 'a', 6],
    ['r', 'a', null],
    ['c', 'a', 3],
    ['r', 'c', null],
    ['c', 'c', 0],
  ];
  expect(effect(txn(...parts))).toEqual([
    { key: 'a', value: 6, version: 4 },
    {
      type: 'txn_ok',
      txn: [
        ['w', 'a', 6],
        ['r', 'a', { value: 5, version: 3 }],
        ['c', 'a', 3],
        ['r', 'c', { value: null, version: 0 }],
        ['c', 'c', 0],
      ],
    },
  ]);
});

test('one compare that fails, and nothing of the transaction happens; it says all versions that it compared', () => {
  expect(effect(txn(['c', 'a', 3], ['c', 'b', 2], ['w', 'c', 1]))).toEqual([
    refused(22, [
      ['c', 'a', 3],
      ['c', 'b', 1],
    ]),
  ]);
});

test('a transaction needs each of its keys once', () => {
  const operation = operationOf(txn(['c', 'a', 3], ['r', 'b', null], ['w', 'a', 1]));
  expect('code' in operation ? null : keysOf(operation)).toEqual(['a', 'b']);
});

test('what cannot be understood is refused', () => {
  const bodies: RequestBody[] = [
    { type: 'append', key: 'a', value: 1 },
    { type: 'read' },
    { type: 'write', key: 'a' },
    { type: 'cas', key: 'a', from: 1 },
    { type: 'txn' },
    txn(['x', 'a', 1]),
    txn(['w', 'a']),
    txn(['c', 'a', 'new']),
    txn(['c', 'a', 1.5]),
    txn(['w', 'a', 1], ['w', 'a', 2]),
  ];

  expect(bodies.map((body) => operationOf(body))).toMatchObject([
    { code: 10, text: 'two-phase-commit does not know append; it knows read, write, cas, insert, txn' },
    { code: 12, text: 'read needs a key that is text' },
    { code: 12, text: 'write needs a value' },
    { code: 12, text: 'cas needs from and to' },
    { code: 12, text: 'txn needs a list of [r|w|c, key, ...]' },
    { code: 12, text: 'txn needs a list of [r|w|c, key, ...]' },
    { code: 12, text: 'txn needs a list of [r|w|c, key, ...]' },
    { code: 12, text: 'txn needs a list of [r|w|c, key, ...]' },
    { code: 12, text: 'txn needs a list of [r|w|c, key, ...]' },
    { code: 12, text: 'txn needs each key at most once among its writes' },
  ]);
});
