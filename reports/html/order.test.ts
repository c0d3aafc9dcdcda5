import type { Counterexample } from 'knossos-ts';
import { expect, test } from 'vitest';
import { staleReadCounterexample } from '../testing/runs.ts';
import { tell } from '../testing/story.ts';
import { shown } from '../wording.ts';
import { orderCards } from './order.ts';

test('each step tells who did what and what the state is then; the last one why it is stuck', () => {
  expect(orderCards(staleReadCounterexample()).map(({ who, what, state, told }) => [who, what, state, told])).toEqual([
    ['1 · process 1', 'write 41', 'state 41', 'Process 1: write 41. Then key 17 holds 41.'],
    ['2 · process 3', 'write 42', 'state 42', 'Process 3: write 42. Then key 17 holds 42.'],
    ['✗ process 7', 'read 41', 'the state is 42', 'Stuck: the value is 42 here, and the read saw 41.'],
  ]);
});

const longOrder = (reads: number, output: (index: number) => number): Counterexample => {
  const { operations } = tell(
    Array.from({ length: reads }, (_, index) => ({
      process: index,
      f: 'read',
      key: '17',
      output: output(index),
      from: index,
      to: index + 0.5,
    })),
  );
  const order = operations.map(({ id, output: value }) => ({ operation: id, state: shown(value) }));
  return { ...staleReadCounterexample(), operations, order, rejected: { operation: -1, why: 'no' } };
};

test('equal reads in a row are one step', () => {
  const cards = orderCards(longOrder(5, (index) => (index < 4 ? 1 : 2)));
  expect(cards.map(({ who, what }) => `${who}: ${what}`)).toEqual([
    '1 to 4: read 1 ×4',
    '5 · process 4: read 2',
    '✗: the next one',
  ]);
});

test('a long order shows its end, and counts what it left out', () => {
  const cards = orderCards(longOrder(100, (index) => index));
  expect(cards).toHaveLength(41);
  expect(cards[0]).toMatchObject({ who: '61 · process 60', skipped: 60 });
});
