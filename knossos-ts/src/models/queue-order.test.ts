import { expect, test } from 'vitest';
import { guessedOrder } from '../engines/guessed.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import { checkSync } from '../check/check.ts';
import { findFlaw } from '../explain/flaws/find-flaw.ts';
import type { HistoryEvent, Operation } from '../history/operation.ts';
import { pairOperations } from '../history/pair-operations.ts';
import { valueKey } from '../history/value.ts';
import { busyQueue } from '../testing/busy-queue.ts';
import { randomHistory } from '../testing/random-history.ts';
import { Script } from '../testing/script.ts';
import { seeded } from '../testing/seeded.ts';
import { models } from './catalogue.ts';
import { contentsOf, foundEmpty } from './fifo-queue.ts';
import type { Model } from './model.ts';
import { unorderedOutlook } from './unordered-outlook.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test.each(['fifo-queue', 'unordered-queue'] as const)(
  `%s: where values are enqueued once, an order is guessed or a flaw is found (seed ${seed})`,
  (name) => {
    const counts = { guessed: 0, flawed: 0, unsure: 0, empty: 0 };
    for (let run = 0; run < runs; run++) {
      const { initial, operations } = randomHistory(name, seeded(seed + run));
      const model: Model<unknown> = models[name](initial);
      const values = operations.filter(({ f }) => f === 'enqueue').map(({ input }) => valueKey(input));
      const all = [...values, ...contentsOf(initial).map(valueKey)];
      if (new Set(all).size < all.length) continue;
      const happened = operations.filter(({ type }) => type !== 'fail');
      const order = guessed(model, model.relevant?.(happened) ?? happened);
      const flaw = findFlaw(model, operations);
      counts[order === undefined ? 'flawed' : 'guessed']++;
      counts.unsure += Number(operations.some(({ f, type }) => f === 'dequeue' && type === 'info'));
      counts.empty += Number(operations.some(foundEmpty));
      if ((order === undefined) === (flaw === undefined)) throw new Error(`Seed ${seed + run}: both or neither`);
      if (hasLegalOrder(model, operations) !== (order !== undefined)) throw new Error(`Seed ${seed + run}: wrong`);
      if (flaw !== undefined && hasLegalOrder(model, flaw.operations)) throw new Error(`Seed ${seed + run}: no proof`);
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(runs / 200);
  },
);

test.each([
  ['fifo-queue', 30, 0.05, 0.6],
  ['fifo-queue', 30, 0.3, 0.45],
  ['fifo-queue', 100, 0.5, 0.6],
  ['unordered-queue', 100, 0.3, 0.45],
] as const)(
  '%s: however many clients (%i) and unknown outcomes (%f), a long history is decided, and its violation',
  (name, clients, info, enqueues) => {
    const events = busyQueue(seeded(1), { operations: 3_000, clients, info, enqueues });

    expect(checkSync(events, { model: name }).verdict).toEqual({ valid: true });
    expect(checkSync(stuck(events), { model: name }).verdict.valid).toBe(false);
  },
);

test('of an unordered queue of 3,000 values it does not matter which of them dequeues of unknown outcome took', () => {
  const script = new Script();
  for (let value = 0; value < 3_000; value++) script.does(0, 'enqueue', value, null);
  script.invoke(1, 'dequeue').invoke(2, 'dequeue');
  for (let value = 2; value < 3_000; value++) script.does(0, 'dequeue', null, value);
  const { events } = script.does(0, 'dequeue', null, null);

  const { verdict } = checkSync(events, { model: 'unordered-queue', budget: { milliseconds: 10_000 } });

  expect(verdict).toEqual({ valid: true });
});

test('what dequeues of unknown outcome may have taken of many values that repeat is too much, and said to be', () => {
  const script = new Script();
  for (let value = 0; value < 300; value++) script.does(0, 'enqueue', value >> 1, null);
  for (let process = 1; process < 4; process++) script.invoke(process, 'dequeue');
  script.does(0, 'dequeue', null, null);
  for (let value = 0; value < 150; value++) script.does(0, 'dequeue', null, value);

  expect(checkSync(script.events, { model: 'unordered-queue' }).keys[0]?.verdict).toEqual({
    valid: 'unknown',
    reason: 'memory',
    detail:
      'dequeues of unknown outcome may have taken any of 299 values, which leaves too many contents to keep in mind; values that are enqueued only once would help',
  });
});

test('the sentence about a queue that was never empty names its values once', () => {
  const script = new Script().does(0, 'enqueue', 1, null).does(0, 'enqueue', 2, null).invoke(5, 'dequeue');
  const { verdict } = checkSync(script.does(1, 'dequeue', null, null).events, { model: 'fifo-queue' });

  expect(verdict).toMatchObject({
    valid: false,
    counterexample: {
      sentence:
        'Process 1 found the queue empty on key 17, although at no moment while it ran can it have been empty: 1 and 2 were in it; nobody returned any of them, and no more than 1 dequeue of unknown outcome may have taken one in time.',
    },
  });
});

test('contents of texts that read alike side by side are kept apart', () => {
  const script = new Script().does(0, 'enqueue', 'a', null);
  for (const value of ['a', 'b,"c', 'a,"b', 'c']) script.does(0, 'dequeue', null, value);
  const outlook = unorderedOutlook(pairOperations(script.events), ['a', 'b,"c', 'a,"b', 'c']);

  const kept = outlook.simplest?.([
    ['a', 'b,"c'],
    ['a,"b', 'c'],
  ]);

  expect(kept?.length).toBe(2);
});

function guessed(model: Model<unknown>, operations: readonly Operation[]): readonly Operation[] | undefined {
  const pieces = guessedOrder(model, operations, model.outlook?.(operations));
  for (let piece = pieces.next(); ; piece = pieces.next()) if (piece.done === true) return piece.value;
}

/** In the end the queue is found empty, with more in it than dequeues of unknown outcome may have taken. */
function stuck(events: readonly HistoryEvent[]): HistoryEvent[] {
  const many = events.filter(({ type, f }) => type === 'info' && f === 'dequeue').length + 1;
  const script = Array.from({ length: many }, (_, step) => ({ f: 'enqueue', input: 1_000_000 + step, output: null }));
  const more = [...script, { f: 'dequeue', input: null, output: null }].flatMap(({ f, input, output }) => [
    { type: 'invoke' as const, f, value: input },
    { type: 'ok' as const, f, value: output },
  ]);
  const last = events.at(-1) as HistoryEvent;
  return [
    ...events,
    ...more.map((event, step) => {
      const index = last.index + 1 + step;
      return { ...event, index, time: last.time + (step + 1) * 1e6, process: 1_000_000, key: null };
    }),
  ];
}
