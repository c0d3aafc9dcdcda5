/** The search for an order has little to do behind saturation; here it works without it. */
import { describe, expect, test } from 'vitest';
import { showKey } from '../../history/value.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { must } from '../../testing/legal-order.ts';
import { seeded } from '../../testing/seeded.ts';
import { buildIndex } from '../index/build-index.ts';
import { successorsOf, topological } from '../index/graph.ts';
import type { HistoryIndex } from '../index/history-index.ts';
import { laggingStore } from '../../../bench/weak/lagging-store.ts';
import { oracleOf } from '../testing/oracle.ts';
import { smallRegisters } from '../testing/small-histories.ts';
import { story } from '../testing/story.ts';
import { exhausted } from './exhausted.ts';
import { explains } from './order.ts';
import { schedule } from './schedule.ts';

const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const indexOf = (...lines: string[]): HistoryIndex => {
  const built = buildIndex(pairOperations(story(...lines)), 0);
  if (built.kind !== 'indexed') throw new Error(built.kind);
  return built.index;
};

test(`alone, the search finds an order exactly where there is one, by going back where it must (seed ${seed})`, () => {
  const random = seeded(seed);
  const counts = { order: 0, none: 0 };
  for (let run = 0; run < 5_000; run++) {
    const history = smallRegisters(random);
    const built = buildIndex(history, 0);
    if (built.kind !== 'indexed') continue;
    const { index } = built;
    const successors = successorsOf(index);
    if (!topological(index.vertices, successors).acyclic) continue;

    const found = schedule(index, successors, () => false);

    const expected = oracleOf(history, 0)('sequential') ? 'order' : 'none';
    must(found.kind === expected, () => `${found.kind}, expected ${expected}: ${JSON.stringify(history)}`);
    counts[expected]++;
    if (found.kind !== 'order') continue;
    const order = Array.from(found.order, (vertex) => index.operations[vertex]!);
    must(explains(order, index.operations, 0), () => `no order: ${JSON.stringify(order)}`);
  }
  expect(counts.order).toBeGreaterThan(1_000);
  expect(counts.none).toBeGreaterThan(300);
});

/** In these histories of few clients far behind, the first way out of a conflict is a wrong one. */
const misleading = [
  { operations: 600, clients: 3, seeds: [5, 8, 18] },
  { operations: 1_000, clients: 4, seeds: [8, 16, 17] },
];

test.each(misleading)('alone, it goes back over several choices ($operations operations)', ({ seeds, ...size }) => {
  for (const one of seeds) {
    const shape = { ...size, keys: 3, cas: 0, writes: 0.3, info: 0.02, behind: 100, violation: undefined };
    const operations = pairOperations(laggingStore({ ...shape, seed: one }));
    const built = buildIndex(operations);
    if (built.kind !== 'indexed') throw new Error(built.kind);

    const found = schedule(built.index, successorsOf(built.index), () => false);

    if (found.kind !== 'order') throw new Error(`${found.kind} for seed ${one}`);
    expect(
      explains(
        Array.from(found.order, (vertex) => built.index.operations[vertex]!),
        operations,
        null,
      ),
    ).toBe(true);
  }
});

describe('where the search refutes a history by itself, its counterexample', () => {
  test('is cut down to what still has no order, and is tried again', () => {
    const index = indexOf('w x 1; r y 0; r x 1; w z 5', 'w y 1; r x 0; r y 1', 'r z 5; r z 5');

    const { operations, sentence, verified } = exhausted(index, index.operations, () => false);

    expect(operations.map(({ f, key }) => `${f} ${showKey(key)}`).toSorted()).toEqual([
      'read x',
      'read y',
      'write x',
      'write y',
    ]);
    expect(sentence).toBe(
      'No order of these 4 operations of 2 processes keeps the order of every process and explains what each returned: all were tried.',
    );
    expect(verified).toBe(true);
  });

  test('is cut out of a history that is otherwise in order, however large that is', () => {
    // Given two values of x: whichever came first, the order of the values of y or of z is a contradiction.
    const puzzle = [
      'w y 1; r x 1',
      'w y 2; r x 1',
      'w x 2; r y 1',
      'r x 2; r y 2',
      'w z 1; r x 2',
      'w z 2; r x 2',
      'w x 1; r z 1',
      'r x 1; r z 2',
    ];
    const others = Array.from({ length: 40 }, (_, key) => `w k${key} 1; r k${key} 1; w k${key} 2; r k${key} 2`);
    const index = indexOf(...puzzle, ...others);

    const { operations, verified } = exhausted(index, index.operations, () => false);

    expect(operations.length).toBe(16);
    expect(verified).toBe(true);
  });

  test('is not called verified where there is an order', () => {
    const index = indexOf('w x 1; r x 1');
    expect(exhausted(index, index.operations, () => false).verified).toBe(false);
  });
});
