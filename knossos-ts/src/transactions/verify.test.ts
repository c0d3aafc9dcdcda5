import { expect, test } from 'vitest';
import { pairOperations } from '../history/pair-operations.ts';
import type { Value } from '../history/operation.ts';
import { Script } from '../testing/script.ts';
import type { TransactionEdge } from './anomalies.ts';
import { verifyAlone, verifyCircle } from './verify.ts';

const write = (key: string, over: number, value: Value): Value => [
  ['c', key, over],
  ['w', key, value],
];
const done = (parts: Value): Value => ({ committed: true, parts });

/** Process 1 makes two versions of alice, process 2 then reads the first; what process 4 wrote nobody saw. */
const script = new Script(null)
  .does(1, 'txn', write('alice', 0, 'a1'), done(write('alice', 0, 'a1')))
  .does(1, 'txn', write('alice', 1, 'a2'), done(write('alice', 1, 'a2')))
  .does(2, 'txn', [['r', 'alice', null]], done([['r', 'alice', { value: 'a1', version: 1 }]]))
  .invoke(4, 'txn', write('bob', 0, 'b1'))
  .info(4, 'txn');
const history = pairOperations(script.events);

const edge = (from: number, to: number, rule: TransactionEdge['rule']): TransactionEdge => ({
  from,
  to,
  rule,
  why: '',
});
const stale = [edge(2, 4, 'realtime'), edge(4, 2, 'rw')];

const holds = (
  cycle: readonly TransactionEdge[],
  model: 'strict-serializable' | 'serializable' = 'strict-serializable',
) => verifyCircle(model, cycle, history, null);

test('a circle whose every step follows from the operations stands', () => {
  expect(holds(stale)).toBe(true);
});

test.each<[string, readonly TransactionEdge[]]>([
  ['one step is no circle', [edge(2, 2, 'rw')]],
  ['the steps do not meet', [edge(0, 4, 'realtime'), edge(4, 2, 'rw')]],
  ['the second began before the first had ended', [edge(2, 4, 'rw'), edge(4, 2, 'realtime')]],
  ['the one saw nothing that the other replaced', [edge(2, 4, 'rw'), edge(4, 2, 'rw')]],
  ['the one did not see what the other wrote', [edge(2, 4, 'wr'), edge(4, 2, 'rw')]],
  ['the one replaced nothing of the other', [edge(4, 2, 'ww'), edge(2, 4, 'realtime')]],
  ['they are of two processes', [edge(2, 4, 'process'), edge(4, 2, 'rw')]],
  ['nobody saw that it happened', [edge(4, 6, 'realtime'), edge(6, 4, 'rw')]],
  ['there is no such operation', [edge(2, 40, 'realtime'), edge(40, 2, 'rw')]],
])('it does not stand where %s', (_why, cycle) => {
  expect(holds(cycle)).toBe(false);
});

test('real time says nothing about the weaker models', () => {
  expect(holds(stale, 'serializable')).toBe(false);
});

test('what is said to be wrong by itself is looked for again', () => {
  const [first, second, read] = history;
  expect(verifyAlone('garbage', [read!], history, null)).toBe(false);
  expect(verifyAlone('garbage', [read!], history.slice(2), null)).toBe(true);
  expect(verifyAlone('lost-update', [first!, second!], history, null)).toBe(false);
  const rival = { ...second!, id: 20, input: write('alice', 1, 'a3') };
  expect(verifyAlone('lost-update', [second!, rival], [...history, rival], null)).toBe(true);
});
