import { expect, test } from 'vitest';
import { nodeNames, type NodeId } from '../src/core/ids.ts';
import type { Fault } from '../src/environments/faults.ts';
import { leader, type Look, viewOf } from '../src/nemesis/testing/view.ts';
import { membership } from './membership.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];
const down = (...nodes: NodeId[]): Fault => ({ kind: 'kill', nodes });

const removed = (name: string, nodeCount: number, look: Look = {}): Set<string> =>
  new Set(
    Array.from({ length: 100 }, (_, seed) => {
      const variant = membership.variants.find((it) => it.name === name);
      const fault = variant?.plan(viewOf(nodeCount, { ...look, seed }))?.fault;
      return fault?.kind === 'membership' ? fault.node : 'nobody';
    }),
  );

test('any node may go while all are well', () => {
  expect(removed('one', 3)).toEqual(new Set(['n1', 'n2', 'n3']));
  expect(removed('primary', 3, { inspections: { n2: leader(1) } })).toEqual(new Set(['n2']));
  expect(removed('primary', 3)).toEqual(new Set(['nobody']));
});

test('never is less than a majority of those that are left well', () => {
  expect(removed('one', 3, { active: [down(n1)] })).toEqual(new Set(['n1']));
  expect(removed('one', 4, { active: [down(n1)] })).toEqual(new Set(['n1', 'n2', 'n3', 'n4']));
  expect(removed('one', 5, { active: [down(n1, n2)] })).toEqual(new Set(['n1', 'n2']));
});

test('nobody goes while no majority could decide it', () => {
  expect(removed('one', 3, { active: [down(n1, n2)] })).toEqual(new Set(['nobody']));
  expect(removed('one', 5, { active: [down(n1, n2), { kind: 'pause', nodes: [n3] }] })).toEqual(new Set(['nobody']));
});

test('what is out already is neither taken out again nor counted', () => {
  const active: Fault[] = [{ kind: 'membership', node: n3 }];
  expect(removed('one', 5, { active })).toEqual(new Set(['n1', 'n2', 'n4', 'n5']));
  expect(removed('one', 5, { active: [...active, down(n1)] })).toEqual(new Set(['n1', 'n2', 'n4', 'n5']));
});
