/** A first attempt proves what it finds, finds nearly everything that a log explains, and does not insist. */
import { expect, test } from 'vitest';
import { laggingStore } from '../../../bench/weak/lagging-store.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import type { Operation } from '../../history/operation.ts';
import { must } from '../../testing/legal-order.ts';
import { seeded } from '../../testing/seeded.ts';
import { checkSync } from '../../check-history.ts';
import { buildIndex } from '../index/build-index.ts';
import { oracleOf } from '../testing/oracle.ts';
import { smallLists, smallRegisters } from '../testing/small-histories.ts';
import { unwatched } from '../../check/watch.ts';
import { hasOrder } from './attempt.ts';

const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const load = { clients: 10, keys: 20, cas: 0.2, writes: 0.3, info: 0.01, behind: 100 };

function attempted(history: readonly Operation[], initial: number | null): boolean | undefined {
  const built = buildIndex(history, initial);
  return built.kind === 'indexed' ? hasOrder(built.index, history, undefined, unwatched) : undefined;
}

test.each([
  ['registers', smallRegisters, 0],
  ['lists', smallLists, []],
] as const)(`what has an order is found out, and nothing else (small histories of %s, seed ${seed})`, (...one) => {
  const [, make, initial] = one;
  const random = seeded(seed);
  const counts = { found: 0, none: 0 };
  for (let run = 0; run < 3_000; run++) {
    const history = make(random);
    const found = attempted(history, 0);
    if (found === undefined) continue;
    const expected = oracleOf(history, initial)('sequential');
    must(found === expected, () => `${found}, expected ${expected}: ${JSON.stringify(history)}`);
    counts[found ? 'found' : 'none']++;
  }
  expect(Math.min(counts.found, counts.none)).toBeGreaterThan(100);
});

test('of a store with one log, whose readers lag behind, an order is found', () => {
  for (const one of [1, 2, 3, 4, 5]) {
    const history = laggingStore({ ...load, operations: 5_000, seed: one, violation: undefined });
    expect([one, attempted(pairOperations(history), null)]).toEqual([one, true]);
  }
});

test('an order proves all models, and the verdicts say so', () => {
  const history = laggingStore({ ...load, operations: 1_000, seed: 1, violation: undefined });
  const { verdicts } = checkSync(history, { models: ['causal', 'pram', 'sequential'] });
  expect(Object.fromEntries(verdicts)).toEqual({
    sequential: { valid: true },
    causal: { valid: true, impliedBy: 'sequential' },
    pram: { valid: true, impliedBy: 'sequential' },
  });
});

test('where it gets no further, it leaves the history to those that derive more', () => {
  // Given a history in which so much is of unknown outcome that choices are mostly wrong.
  const shape = { ...load, clients: 20, keys: 100, info: 0.1, operations: 5_000, seed: 1, violation: undefined };
  const history = laggingStore(shape);

  expect(attempted(pairOperations(history), null)).toBe(false);
  const { verdicts } = checkSync(history, { models: ['causal-memory'] });
  expect(verdicts.get('causal-memory')).toEqual({ valid: true });
});
