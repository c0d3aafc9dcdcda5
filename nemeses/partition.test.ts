import { describe, expect, test } from 'vitest';
import type { Fault, Link } from '../src/environments/faults.ts';
import { leader, viewOf, type Look } from '../src/nemesis/testing/view.ts';
import type { PlannedFault } from '../src/nemesis/nemesis.ts';
import { partition } from './partition.ts';

/** Plans the variant with many seeds. */
const plans = (name: string, nodeCount: number, look: Look = {}): PlannedFault[] =>
  Array.from({ length: 100 }, (_, seed) => {
    const variant = partition.variants.find((candidate) => candidate.name === name);
    const planned = variant?.plan(viewOf(nodeCount, { ...look, seed })) ?? null;
    if (planned === null) throw new Error(`${name} planned nothing with seed ${seed}`);
    return planned;
  });

const cutOf = (fault: Fault): readonly Link[] => (fault.kind === 'partition' ? fault.cut : []);

const primaryIsN2: Look = { inspections: { n2: leader(4), n1: leader(3) } };

test('the variants are those that people expect', () => {
  expect(partition.variants.map(({ name, minimumNodes }) => `${name} ${minimumNodes}`)).toEqual([
    'one 2',
    'primary 2',
    'halves 3',
    'minority-third 4',
    'ring 3',
    'bridge 3',
    'one-way 2',
  ]);
});

describe('every variant', () => {
  const cases = partition.variants.flatMap(({ name, minimumNodes }) =>
    [2, 3, 4, 5, 7].filter((count) => count >= minimumNodes).map((count) => [name, count] as const),
  );

  test.for(cases)('%s cuts some links of %i nodes, none twice, and none from a node to itself', ([name, count]) => {
    for (const { fault } of plans(name, count)) {
      const cut = cutOf(fault).map(([from, to]) => `${from}>${to}`);
      expect(cut.length).toBeGreaterThan(0);
      expect(new Set(cut).size).toBe(cut.length);
      for (const [from, to] of cutOf(fault)) expect(from).not.toBe(to);
    }
  });
});

test('one cuts off any node, both ways', () => {
  const planned = plans('one', 5);

  expect(new Set(planned.map(({ nodes }) => nodes.join()))).toEqual(new Set(['n1', 'n2', 'n3', 'n4', 'n5']));
  for (const { fault, nodes } of planned) {
    expect(cutOf(fault)).toHaveLength(8);
    for (const link of cutOf(fault)) expect(link).toContain(nodes[0]);
  }
});

test('primary cuts off the leader of the highest term, and says so', () => {
  for (const { fault, nodes, targets } of plans('primary', 3, primaryIsN2)) {
    expect(nodes).toEqual(['n2']);
    expect(targets).toBe('n2 (primary) | n1 n3');
    expect(fault).toEqual({
      kind: 'partition',
      cut: [
        ['n2', 'n1'],
        ['n2', 'n3'],
        ['n1', 'n2'],
        ['n3', 'n2'],
      ],
    });
  }
});

test('minority-third cuts off fewer than a third', () => {
  const sizes = [4, 5, 6, 7].map((count) => new Set(plans('minority-third', count).map(({ nodes }) => nodes.length)));

  expect(sizes).toEqual([new Set([1]), new Set([1]), new Set([1]), new Set([2])]);
});

test('one-way cuts half of the directions of a side: what it says, or what it hears', () => {
  const shapes = new Set<string>();
  for (const { fault, nodes } of plans('one-way', 3, primaryIsN2)) {
    const cut = cutOf(fault);
    expect(nodes).toHaveLength(1);
    expect(cut).toHaveLength(2);
    const says = cut.every(([from]) => from === nodes[0]);
    const hears = cut.every(([, to]) => to === nodes[0]);
    expect(says).not.toBe(hears);
    shapes.add(`${nodes.join()} ${says ? 'is not heard' : 'does not hear'}`);
  }

  expect([...shapes].toSorted()).toEqual([
    'n1 does not hear',
    'n1 is not heard',
    'n2 does not hear',
    'n2 is not heard',
    'n3 does not hear',
    'n3 is not heard',
  ]);
});

test('one-way takes the primary alone more often than any other node', () => {
  const alone = plans('one-way', 5, primaryIsN2).filter(({ nodes }) => nodes.join() === 'n2');

  expect(alone.length).toBeGreaterThan(45);
});

test('a bridge names its sides', () => {
  for (const { targets, nodes } of plans('bridge', 5)) {
    expect(targets).toMatch(/^n\d n\d - n\d - n\d n\d$/);
    expect(nodes).toHaveLength(4);
  }
});
