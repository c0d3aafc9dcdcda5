import { expect, test } from 'vitest';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { Script } from '../testing/script.ts';
import { EventColumns } from './event-columns.ts';
import type { TieRule } from './time-ties.ts';
import { ValueCodes } from './value-codes.ts';

const columnsOf = (events: readonly HistoryEvent[], ties: TieRule = 'concurrent'): EventColumns => {
  const columns = new EventColumns(events, { ties });
  columns.advance(Infinity);
  return columns;
};

/** Three writes, one after the other, with these times. */
function timed(times: readonly (number | undefined)[]): HistoryEvent[] {
  const { events } = new Script().does(1, 'write', 1, null).does(2, 'write', 2, null).does(3, 'write', 3, null);
  return events.map((event, index) => ({ ...event, time: times[index] as number }));
}

test('in a tie calls come before returns: an operation returns at the end of its tie', () => {
  const columns = columnsOf(timed([1, 5, 5, 5, 6, 6]));

  expect([...columns.called]).toEqual([0, 2, 4]);
  expect([...columns.returned]).toEqual([3, 3, 5]);
  expect(columns.operation(0)).toMatchObject({ id: 0, called: 0, returned: 3, invokedAt: 1, completedAt: 5 });
  expect(columns.operation(1)).toMatchObject({ id: 2, called: 2, returned: 3, invokedAt: 5, completedAt: 5 });
  expect(columns.tied).toBe(5);
});

test('where ties are ordered, events count from their places, whatever their times are', () => {
  const columns = columnsOf(timed([1, 5, 5, 5, 6, 6]), 'ordered');

  expect([...columns.called]).toEqual([0, 2, 4]);
  expect([...columns.returned]).toEqual([1, 3, 5]);
  expect(columns.tied).toBe(5);
});

test.each([
  ['that only come again after others', [1, 5, 1, 5, 1, 5]],
  ['that are missing', [undefined, undefined, undefined, undefined, undefined, undefined]],
])('times %s are no tie', (_, times) => {
  const columns = columnsOf(timed(times));

  expect([...columns.returned]).toEqual([1, 3, 5]);
  expect(columns.tied).toBe(0);
});

test('what the nemesis does in between divides no tie', () => {
  const events = timed([1, 5, 5, 6, 7, 8]);
  const cut = { index: 0, time: 2, process: 'nemesis', type: 'info', f: 'cut', key: null, value: null } as const;
  const all = [...events.slice(0, 2), cut, ...events.slice(2)].map((event, index) => ({ ...event, index }));

  const columns = columnsOf(all);

  expect([...columns.called]).toEqual([0, 3, 5]);
  expect([...columns.returned]).toEqual([3, 4, 6]);
});

test('processes may have numbers of any size', () => {
  const processes = [0, 2 ** 31 - 1, 2 ** 31, 2 ** 40, 2 ** 40 + 1];
  const script = new Script();
  for (const process of processes) script.invoke(process, 'write', 1);
  for (const process of processes.toReversed()) script.ok(process, 'write');

  expect([...columnsOf(script.events).returned]).toEqual([9, 8, 7, 6, 5]);
});

test('keys are told apart as values are, and their operations stay in order', () => {
  const keys: readonly Value[] = ['1', 1, null, '1', [1], 1, { a: 1, b: 2 }, { b: 2, a: 1 }];
  const events = keys.flatMap((key) => new Script(key).does(0, 'read', null, 1).events);
  const columns = columnsOf(events.map((event, index) => ({ ...event, index })));

  const { starts, members } = columns.keys.partition();

  expect(columns.keys.keys).toEqual(['1', 1, null, [1], { a: 1, b: 2 }]);
  expect([...starts]).toEqual([0, 2, 4, 5, 6, 8]);
  expect([...(members ?? [])]).toEqual([0, 3, 1, 5, 2, 4, 6, 7]);
});

test('values have the same code exactly where they are the same', () => {
  const codes = new ValueCodes();
  const groups: readonly (readonly Value[])[] = [
    [0, -0, 0n],
    [5, 5n],
    ['5'],
    [null],
    ['null'],
    [2 ** 30, 2n ** 30n],
    [-(2 ** 30)],
    [0.5],
    [2n ** 70n],
    [true],
    [[1, 'x']],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
  ];

  const found = groups.map((group) => group.map((value) => codes.codeOf(value)));

  expect(found.map((group) => new Set(group).size)).toEqual(groups.map(() => 1));
  expect(new Set(found.flat()).size).toBe(groups.length);
});
