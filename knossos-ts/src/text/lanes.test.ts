import { expect, test } from 'vitest';
import { joined, pairOperations } from '../history/pair-operations.ts';
import { Script } from '../testing/script.ts';
import { lanes } from './lanes.ts';
import { operationLabel } from './operation-label.ts';

test('operations that overlap are drawn so, one of unknown outcome to the end, and the impossible one is marked', () => {
  const { events } = new Script()
    .invoke(1, 'write', 1)
    .invoke(2, 'cas', [1, 2])
    .ok(1, 'write')
    .info(2, 'cas')
    .does(1, 'read', null, 7);
  expect(lanes(pairOperations(events), 4)).toEqual([
    'process 1  ├ write 1 ┤ ├ read → 7 ┤  ✗',
    'process 2    ├ cas 1→2 ? ╌╌╌╌╌╌╌╌╌╌╌',
  ]);
});

test('what is wider than the screen gets numbers, and a list of them', () => {
  const { events } = new Script().does(1, 'enqueue', 'a text of some length', null).does(2, 'dequeue', null, 'another');
  expect(lanes(pairOperations(events), undefined, 40)).toEqual([
    'process 1  ├ 1 ┤',
    'process 2        ├ 2 ┤',
    '',
    '1  process 1: enqueue "a text of some length"',
    '2  process 2: dequeue → "another"',
  ]);
});

test('where a process goes on at the time at which it ended something, both are drawn, each in a row of its own', () => {
  const { events } = new Script().does(1, 'write', 1, null).does(1, 'read', null, null).does(2, 'read', null, null);
  const tied = events.map((event) => (event.index === 2 ? { ...event, time: 2e6 } : event));
  const { operations } = joined(tied, 'concurrent');
  expect(lanes(operations, 4)).toEqual([
    'process 1  ├ write 1 ──┤',
    'process 1              ├ read → null ┤',
    'process 2                              ├ read → null ┤  ✗',
  ]);
});

test('no operations are no lanes', () => {
  expect(lanes([], undefined)).toEqual([]);
});

test.each([
  [new Script().does(1, 'read', null, null), 'read → null'],
  [new Script().does(1, 'get', null, null), 'get → null'],
  [new Script().does(1, 'acquire', null, null), 'acquire'],
  [new Script().does(1, 'acquire', null, false), 'acquire → false'],
  [new Script().does(1, 'add', 3, 8), 'add 3 → 8'],
  [new Script().does(1, 'cas', [1, 2], { swapped: true }), 'cas 1→2'],
  [new Script().does(1, 'cas', [1, 2], { swapped: false }), 'cas 1→2 refused'],
  [new Script().does(1, 'insert', 4, { inserted: false, current: 5 }), 'insert 4 refused: 5'],
  [new Script().does(1, 'txn', [['r', 1, null]], [['r', 1, 9]]), 'txn [["r", 1, 9]]'],
  [new Script().invoke(1, 'write', 4).fail(1, 'write'), 'write 4 failed'],
  [new Script().does(1, 'write', 'x'.repeat(40), null), `write "${'x'.repeat(20)}…`],
])('a label says what went in and came out (%#)', (script, label) => {
  expect(pairOperations(script.events).map((one) => operationLabel(one))).toEqual([label]);
});
