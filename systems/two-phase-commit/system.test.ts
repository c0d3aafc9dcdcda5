import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import { twoPhaseCommit } from './system.ts';

const nodes = nodeNames(3);

test('it is linearizable under any fault, and strictly serializable where there are transactions', () => {
  const claims = twoPhaseCommit.claims({ bug: null, values: {} }, nodes);

  expect(claims.map(({ model, operations, assumes }) => ({ model, operations, assumes }))).toEqual([
    { model: 'linearizable', operations: ['read', 'write', 'cas', 'insert'], assumes: {} },
    { model: 'strict-serializable', operations: ['read', 'txn'], assumes: {} },
  ]);
  expect(twoPhaseCommit.operations).toEqual([...new Set(claims.flatMap(({ operations }) => operations))]);
});

test('everything must succeed while all nodes are well, and nothing is promised of a key while one is away', () => {
  const claims = twoPhaseCommit.claims({ bug: null, values: {} }, nodes);
  const live = claims.map((claim) => [0, 1, 2, 3].map((count) => claim.live(nodes.slice(0, count), nodes).length));

  expect(live).toEqual([
    [0, 0, 0, 4],
    [0, 0, 0, 2],
  ]);
});

test('it serves again later where it looks less often at what is lost or late, and never says when if it hardly waits', () => {
  const recovers = (values: Readonly<Record<string, number>>) =>
    twoPhaseCommit.claims({ bug: null, values }, nodes).map(({ recoversWithin }) => recoversWithin);

  expect(recovers({})).toEqual([3e9, 3e9]);
  expect(recovers({ resend: 60_000 })).toEqual([300e9, 300e9]);
  expect(recovers({ patience: 1, resend: 1 })).toEqual([undefined, undefined]);
});

test('every bug names options that exist and are in range', () => {
  for (const { options } of twoPhaseCommit.bugs)
    for (const [name, value] of Object.entries(options)) {
      const definition = twoPhaseCommit.options.find((option) => option.name === name);
      expect(typeof value).toBe(typeof definition?.fallback);
      const [least, most] = definition?.range ?? [0, 0];
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
    }
});
