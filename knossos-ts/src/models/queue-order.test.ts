import { expect, test } from 'vitest';
import { guessedOrder } from '../engines/guessed.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import { findFlaw } from '../explain/flaws/find-flaw.ts';
import { randomHistory } from '../testing/random-history.ts';
import { seeded } from '../testing/seeded.ts';
import { fifoQueue, foundEmpty } from './fifo-queue.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test(`where values are enqueued once and come out for sure, an order is guessed or a flaw is found (seed ${seed})`, () => {
  const counts = { guessed: 0, flawed: 0 };
  for (let run = 0; run < runs; run++) {
    const { initial, operations } = randomHistory('fifo-queue', seeded(seed + run));
    const values = operations.filter(({ f }) => f === 'enqueue').map(({ input }) => input);
    const isPlain =
      initial === null &&
      new Set(values).size === values.length &&
      operations.every((one) => one.type === 'ok' && !foundEmpty(one));
    if (!isPlain) continue;
    const model = fifoQueue(null);
    const [order, flaw] = [guessedOrder(model, operations), findFlaw(model, operations)];
    counts[order === undefined ? 'flawed' : 'guessed']++;
    if ((order === undefined) === (flaw === undefined)) throw new Error(`Seed ${seed + run}: both or neither`);
    if (hasLegalOrder(model, operations) !== (order !== undefined)) throw new Error(`Seed ${seed + run}: wrong`);
  }
  expect(Math.min(counts.guessed, counts.flawed)).toBeGreaterThan(runs / 200);
});
