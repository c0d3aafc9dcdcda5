import { describe, expect, test } from 'vitest';
import { nodeNames } from '../src/core/ids.ts';
import type { ClockSkew } from '../src/environments/faults.ts';
import { leader, type Look, viewOf } from '../src/nemesis/testing/view.ts';
import type { PlannedFault } from '../src/nemesis/nemesis.ts';
import { clock } from './clock.ts';

const plans = (name: string, nodeCount: number, look: Look = {}): PlannedFault[] =>
  Array.from({ length: 300 }, (_, seed) => {
    const planned = clock.variants.find((it) => it.name === name)?.plan(viewOf(nodeCount, { ...look, seed })) ?? null;
    if (planned === null) throw new Error(`${name} planned nothing with seed ${seed}`);
    return planned;
  });

const skewOf = ({ fault }: PlannedFault): ClockSkew => {
  if (fault.kind !== 'clock') throw new Error(`a fault ${fault.kind}`);
  return fault.skew;
};

/** Milliseconds. */
const steps = (planned: readonly PlannedFault[]): number[] =>
  planned.flatMap((it) => {
    const skew = skewOf(it);
    return skew.type === 'drift' ? [] : [skew.by / 1e6];
  });

const rates = (planned: readonly PlannedFault[]): number[] =>
  planned.flatMap((it) => {
    const skew = skewOf(it);
    return skew.type === 'drift' ? [skew.rate] : [];
  });

const tiers = [100, 250, 500, 5_000, 3_600_000];

test.for(['bump', 'strobe'])('%s steps by every tier, forward and back', (name) => {
  const seen = new Set(steps(plans(name, 3)));
  expect([...seen].toSorted((one, other) => one - other)).toEqual([
    ...tiers.map((tier) => -tier).toReversed(),
    ...tiers,
  ]);
});

test('a strobe has a period of 20 to 200 ms', () => {
  const periods = plans('strobe', 3).map((it) => {
    const skew = skewOf(it);
    return skew.type === 'strobe' ? skew.period / 1e6 : 0;
  });
  expect(new Set(periods)).toEqual(new Set([20, 50, 100, 200]));
});

test('a rewind goes back by more than passes meanwhile, several times a second', () => {
  for (const it of plans('rewind', 3)) {
    const skew = skewOf(it);
    if (skew.type !== 'rewind') throw new Error(`a rewind planned a ${skew.type}`);
    expect(skew.by).toBeGreaterThan(skew.period);
    expect(skew.period / 1e6).toBeLessThanOrEqual(250);
  }
});

describe('drift', () => {
  test('stays within what the claim assumes, goes both ways, and often all the way', () => {
    const drawn = rates(plans('drift', 3, { assumes: { maxDrift: 0.02 } }));
    expect(Math.max(...drawn.map(Math.abs))).toBe(0.02);
    expect(Math.min(...drawn.map(Math.abs))).toBeGreaterThanOrEqual(0.002);
    for (const rate of [0.02, -0.02]) expect(drawn.filter((it) => it === rate).length).toBeGreaterThan(40);
  });

  test('is up to a tenth where the claim assumes nothing, or no drift at all', () => {
    for (const maxDrift of [null, 0]) {
      const drawn = rates(plans('drift', 3, { assumes: { maxDrift } }));
      expect(Math.max(...drawn)).toBe(0.1);
      expect(Math.min(...drawn)).toBe(-0.1);
    }
  });
});

test('the victims are the primary alone as often as any others together, from one node to all', () => {
  const planned = plans('bump', 5, { inspections: { n2: leader(3) } });
  const alone = planned.filter(({ nodes }) => nodes.join() === 'n2').length;
  expect(alone).toBeGreaterThan(120);
  expect(alone).toBeLessThan(200);
  expect(new Set(planned.map(({ nodes }) => nodes.length))).toEqual(new Set([1, 2, 3, 4, 5]));
  for (const { nodes, fault } of planned) expect(fault).toMatchObject({ kind: 'clock', nodes });
});

test('one node is enough, and the targets say by how much', () => {
  const texts = new Set(
    ['bump', 'strobe', 'rewind', 'drift'].flatMap((name) => plans(name, 1).map(({ targets }) => targets)),
  );
  expect(texts).toContain('n1 by -1 h');
  expect(texts).toContain('n1 by 250 ms every 50 ms');
  expect(texts).toContain('n1 back by 500 ms every 200 ms');
  expect(texts).toContain('n1 by 10%');
  expect(nodeNames(1)).toEqual(plans('bump', 1)[0]?.nodes);
});
