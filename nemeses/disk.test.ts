import { expect, test } from 'vitest';
import { nodeNames, type NodeId } from '../src/core/ids.ts';
import type { Fault, Link } from '../src/environments/faults.ts';
import { viewOf } from '../src/nemesis/testing/view.ts';
import type { PlannedFault } from '../src/nemesis/nemesis.ts';
import { disk } from './disk.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

const plan = (name: string, seed: number, active: readonly Fault[] = [], nodeCount = 3): PlannedFault | null =>
  disk.variants.find((it) => it.name === name)?.plan(viewOf(nodeCount, { seed, active })) ?? null;

const victims = (name: string, active: readonly Fault[] = [], nodeCount = 3): Set<string> =>
  new Set(Array.from({ length: 100 }, (_, seed) => plan(name, seed, active, nodeCount)?.nodes.join(' ') ?? 'nothing'));

const names = disk.variants.map(({ name }) => name);

test('the variants are those that people expect', () => {
  expect(names).toEqual(['torn', 'sync-error', 'full', 'slow']);
});

test.for(names)('%s befalls one node or a minority', (name) => {
  expect(plan(name, 1)?.fault).toMatchObject({ kind: 'disk', trouble: { type: name } });
  expect(victims(name)).toEqual(new Set(['n1', 'n2', 'n3']));
  expect(Math.max(...[...victims(name, [], 5)].map((nodes) => nodes.split(' ').length))).toBe(2);
  expect(victims(name, [], 1)).toEqual(new Set(['n1']));
});

test('a slow disk takes 20 to 500 ms a sync, and says so', () => {
  const texts = Array.from({ length: 100 }, (_, seed) => plan('slow', seed)?.targets.split(': ')[1]);
  expect(new Set(texts)).toEqual(new Set(['20 ms a sync', '100 ms a sync', '500 ms a sync']));
});

test.for(['torn', 'sync-error', 'full'])('%s spares nodes that would write nothing for long', (name) => {
  const cut: readonly Link[] = [
    [n1, n2],
    [n1, n3],
  ];
  expect(victims(name, [{ kind: 'partition', cut }])).toEqual(new Set(['n2', 'n3']));
  expect(victims(name, [{ kind: 'pause', nodes: [n3] }])).toEqual(new Set(['n1', 'n2']));
  expect(victims(name, [{ kind: 'disk', nodes: [n3], trouble: { type: 'torn' } }])).toEqual(new Set(['n1', 'n2']));
  expect(victims(name, [{ kind: 'kill', nodes: [n2, n3] }])).toEqual(new Set(['nothing']));
});
