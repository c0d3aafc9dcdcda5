import { expect, test } from 'vitest';
import { Script } from '../testing/script.ts';
import { HistoryError } from './history-error.ts';
import { pairOperations } from './pair-operations.ts';

const thrown = (script: Script): unknown => {
  try {
    return pairOperations(script.events);
  } catch (error) {
    return error;
  }
};

test('an invocation and its completion make one operation, with the node that answered', () => {
  const { events } = new Script().invoke(1, 'read').invoke(2, 'write', 7).ok(2, 'write').ok(1, 'read', 7, 'n3');

  expect(pairOperations(events)).toEqual([
    {
      id: 0,
      process: 1,
      f: 'read',
      key: '17',
      input: null,
      type: 'ok',
      output: 7,
      called: 0,
      returned: 3,
      invokedAt: 1e6,
      completedAt: 4e6,
      node: 'n3',
    },
    {
      id: 1,
      process: 2,
      f: 'write',
      key: '17',
      input: 7,
      type: 'ok',
      output: null,
      called: 1,
      returned: 2,
      invokedAt: 2e6,
      completedAt: 3e6,
    },
  ]);
});

test('what never completed is info and never given up; what ended in info was given up then', () => {
  const { events } = new Script().invoke(1, 'write', 1).invoke(2, 'write', 2).info(2, 'write');

  expect(pairOperations(events).map(({ type, returned, completedAt }) => ({ type, returned, completedAt }))).toEqual([
    { type: 'info', returned: Infinity, completedAt: Infinity },
    { type: 'info', returned: Infinity, completedAt: 3e6 },
  ]);
});

test('events of the nemesis take a position and make no operation', () => {
  const [invoke, ok] = new Script().does(0, 'read', null, 1).events;
  const nemesis = { index: 1, time: 0, process: 'nemesis', type: 'info', f: 'cut', key: null, value: 'n1' } as const;

  const operations = pairOperations([invoke!, nemesis, { ...ok!, index: 2 }]);

  expect(operations.map(({ called, returned }) => [called, returned])).toEqual([[0, 2]]);
});

test('a process that invokes twice is an error', () => {
  expect(thrown(new Script().invoke(4, 'read').invoke(4, 'write', 1))).toEqual(
    new HistoryError('Event 1: process 4 invokes write while its read is in progress', { index: 1 }),
  );
});

test('a completion of what was not invoked is an error', () => {
  expect(thrown(new Script().ok(4, 'read', 1))).toEqual(
    new HistoryError('Event 0: process 4 completes read without having invoked it', { index: 0 }),
  );
  expect(thrown(new Script().invoke(4, 'write', 1).ok(4, 'read', 1))).toEqual(
    new HistoryError('Event 1: process 4 completes read, but what it invoked is write', { index: 1 }),
  );
});

test('a process that acts after its info is an error', () => {
  expect(thrown(new Script().invoke(4, 'read').info(4, 'read').invoke(4, 'read'))).toEqual(
    new HistoryError('Event 2: process 4 acts again after its info', { index: 2 }),
  );
});

test('an index that does not grow is an error', () => {
  const [first] = new Script().invoke(1, 'read').events;
  expect(() => pairOperations([first!, { ...first!, process: 2 }])).toThrow(
    new HistoryError('Event 0: its index comes after 0; indices must grow', { index: 0 }),
  );
});
