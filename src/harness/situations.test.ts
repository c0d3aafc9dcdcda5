import { expect, test } from 'vitest';
import { nodeNames } from '../core/ids.ts';
import { seeded } from '../core/random.ts';
import { noLimits, inTouch } from '../nemesis/bounds.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import { minorityAway, noMajority, oneDown } from './situations.ts';

/** The size of the largest part of the cluster that is in touch, under so many faults of the situation. */
function largest(situation: Nemesis, count: number): readonly number[] {
  const nodes = nodeNames(count);
  return [1, 2, 3, 4].map((seed) => {
    const view = { nodes, inspections: new Map(), active: [], random: seeded(seed), assumes: noLimits };
    const planned = situation.variants[0]?.plan(view);
    return planned ? inTouch([planned.fault], nodes).length : Number.NaN;
  });
}

const counts = [3, 4, 5, 6, 7];

test('with a minority away, the rest is a majority, and no smaller one', () => {
  for (const count of counts) {
    const rest = Math.floor(count / 2) + 1;
    expect([count, largest(minorityAway, count)]).toEqual([count, [rest, rest, rest, rest]]);
  }
});

test('with no majority, no side has more than half', () => {
  for (const count of counts)
    for (const size of largest(noMajority, count)) expect(2 * size).toBeLessThanOrEqual(count);
});

test('with one down, the others are well', () => {
  for (const count of counts) expect(new Set(largest(oneDown, count))).toEqual(new Set([count - 1]));
});

test('each fault hits other nodes', () => {
  const nodes = nodeNames(5);
  const hit = [1, 2, 3, 4, 5, 6].map((seed) => {
    const view = { nodes, inspections: new Map(), active: [], random: seeded(seed), assumes: noLimits };
    return oneDown.variants[0]?.plan(view)?.targets;
  });
  expect(new Set(hit).size).toBeGreaterThan(2);
});
