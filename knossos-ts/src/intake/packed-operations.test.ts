import { expect, test } from 'vitest';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { Script } from '../testing/script.ts';
import { EventColumns } from './event-columns.ts';

/** The operations of events that come one after the other, and of the same events in an array. */
function bothWays(events: readonly HistoryEvent[]): readonly [packed: unknown, kept: unknown] {
  const packed = new EventColumns(undefined, { ties: 'concurrent' });
  for (const event of events) packed.add(structuredClone(event));
  const kept = new EventColumns(events, { ties: 'concurrent' });
  kept.advance(Infinity);
  const all = (columns: EventColumns): unknown =>
    Array.from({ length: columns.size }, (_, number) => [columns.idOf(number), columns.operation(number)]);
  return [all(packed), all(kept)];
}

const values: Value[] = [null, true, false, '', '17', 2n ** 70n];
values.push(0, -0, 1, -1, 0.5, 2 ** 29 - 1, 2 ** 29, -(2 ** 29), -(2 ** 29) - 1, 2 ** 31, 2 ** 40);
values.push(
  [],
  [1],
  [1, 2],
  [-(2 ** 29), 2 ** 29 - 1],
  [2 ** 29, 0],
  [1, null],
  [
    [1, 2],
    [3, 4],
  ],
  [1, 2, 3],
);
values.push({ swapped: true }, { swapped: true, node: 1 }, { swapped: false }, { swapped: false, current: 3 }, {});

test('an operation is the same whether its events were kept or not, whatever its values', () => {
  const script = new Script();
  for (const value of values) script.does(1, 'write', value, null).does(2, 'read', null, value, 'n1');

  const [packed, kept] = bothWays(script.events);

  expect(packed).toEqual(kept);
});

test('so it is with every outcome, several keys, large processes, gaps between indices, and equal times', () => {
  const one = new Script('a')
    .invoke(1, 'cas', [1, 2])
    .info(1, 'cas')
    .invoke(2 ** 40, 'read')
    .fail(2 ** 40, 'read');
  const other = new Script('b').does(5, 'read', null, 7, 'n2').invoke(6, 'write', 1);
  const events = [...one.events, ...other.events].map((event, at) => ({ ...event, index: 3 * at, time: at >> 1 }));

  const [packed, kept] = bothWays(events);

  expect(packed).toEqual(kept);
});

test('what breaks the rules is told in the same words', () => {
  const twice = new Script().invoke(4, 'read').invoke(4, 'write', 1).events;
  const other = new Script().invoke(4, 'read').ok(4, 'write').events;

  expect(() => bothWays(twice)).toThrow('Event 1: process 4 invokes write while its read is in progress');
  expect(() => bothWays(other)).toThrow('Event 1: process 4 completes write, but what it invoked is read');
});
