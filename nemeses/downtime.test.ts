import { expect, test } from 'vitest';
import { nodeNames, type NodeId } from '../src/core/ids.ts';
import { leader, viewOf, type Look } from '../src/nemesis/testing/view.ts';
import type { Nemesis, PlannedFault } from '../src/nemesis/nemesis.ts';
import { kill } from './kill.ts';
import { nemeses } from './index.ts';
import { pause } from './pause.ts';

const plan = (nemesis: Nemesis, name: string, nodeCount: number, look: Look = {}): PlannedFault | null => {
  const variant = nemesis.variants.find((candidate) => candidate.name === name);
  if (variant === undefined) throw new Error(`${nemesis.name} has no variant ${name}`);
  return variant.plan(viewOf(nodeCount, look));
};

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

test('the registry names every nemesis as it names itself', () => {
  expect(Object.entries(nemeses).map(([key, { name }]) => `${key} ${name}`)).toEqual([
    'clock clock',
    'disk disk',
    'kill kill',
    'membership membership',
    'none none',
    'packets packets',
    'partition partition',
    'pause pause',
  ]);
});

test('kill takes down one, the largest minority, the smallest majority, or all', () => {
  const sizes = ['one', 'minority', 'majority', 'all'].map((name) => plan(kill, name, 5)?.nodes.length);

  expect(sizes).toEqual([1, 2, 3, 5]);
  expect(plan(kill, 'all', 3)).toEqual({
    fault: { kind: 'kill', nodes: [n1, n2, n3] },
    targets: 'n1 n2 n3',
    nodes: [n1, n2, n3],
  });
});

test('pause stops one, a minority, a majority, or the primary', () => {
  const sizes = ['one', 'minority', 'majority'].map((name) => plan(pause, name, 5)?.nodes.length);

  expect(sizes).toEqual([1, 2, 3]);
  expect(plan(pause, 'primary', 3, { inspections: { n3: leader(2) } })).toEqual({
    fault: { kind: 'pause', nodes: [n3] },
    targets: 'n3 (primary)',
    nodes: [n3],
  });
});

test.for([
  [kill, 'kill'],
  [kill, 'pause'],
  [pause, 'kill'],
  [pause, 'pause'],
] as const)('%o leaves alone what a %s of somebody else holds', ([nemesis, kind]) => {
  for (let seed = 0; seed < 50; seed++)
    expect(plan(nemesis, 'one', 3, { seed, active: [{ kind, nodes: [n1, n2] }] })?.nodes).toEqual([n3]);
});

test('when too few nodes are left, kill and pause plan nothing', () => {
  const active = [{ kind: 'pause' as const, nodes: [n1, n2] }];

  expect(plan(kill, 'majority', 3, { active })).toBe(null);
  expect(plan(kill, 'all', 3, { active })).toBe(null);
  expect(plan(pause, 'one', 3, { active: [{ kind: 'kill', nodes: [n1, n2, n3] }] })).toBe(null);
});
