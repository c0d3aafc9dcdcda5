import { expect, test } from 'vitest';
import { nodeNames, type NodeId } from '../src/core/ids.ts';
import { milliseconds } from '../src/core/time.ts';
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

/** Who is handed the leadership, by whom. */
const handed = (nodeCount: number, look: Look): Set<string> =>
  new Set(
    Array.from({ length: 100 }, (_, seed) => {
      const planned = membership.variants
        .find((it) => it.name === 'transfer')
        ?.plan(viewOf(nodeCount, { ...look, seed }));
      const fault = planned?.fault;
      return fault?.kind === 'membership' && fault.leads === true ? `${planned?.targets} ${fault.node}` : 'nobody';
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

test('the leader hands over to any other node that is a member, well and in touch with it', () => {
  const inspections = { n2: leader(1) };
  expect(handed(3, { inspections })).toEqual(new Set(['n2 (primary) to n1 n1', 'n2 (primary) to n3 n3']));
  expect(handed(3, { inspections, active: [down(n1)] })).toEqual(new Set(['n2 (primary) to n3 n3']));
  const out: Fault = { kind: 'membership', node: n1 };
  expect(handed(3, { inspections, active: [out] })).toEqual(new Set(['n2 (primary) to n3 n3']));
  const slow: Fault = { kind: 'disk', nodes: [n3], trouble: { type: 'slow', sync: milliseconds(500) } };
  expect(handed(3, { inspections, active: [slow] })).toEqual(new Set(['n2 (primary) to n1 n1']));
});

test('nobody hands over where nobody leads, or no majority is in touch with who does', () => {
  expect(handed(3, {})).toEqual(new Set(['nobody']));
  expect(handed(1, { inspections: { n1: leader(1) } })).toEqual(new Set(['nobody']));
  const inspections = { n2: leader(1) };
  expect(handed(3, { inspections, active: [down(n2)] })).toEqual(new Set(['nobody']));
  expect(handed(3, { inspections, active: [down(n1, n3)] })).toEqual(new Set(['nobody']));
});

test('a node that was made to lead is still a member', () => {
  const active: Fault[] = [{ kind: 'membership', node: n3, leads: true }];
  expect(removed('one', 3, { active })).toEqual(new Set(['n1', 'n2', 'n3']));
});

test('who has a role may go, where a majority stays', () => {
  const look = { inspections: { n3: { role: 'tail', term: 1 } } };
  const tail = membership.ofRole?.('tail');

  expect(tail?.plan(viewOf(3, look))?.fault).toEqual({ kind: 'membership', node: 'n3' });
  expect(tail?.plan(viewOf(3, { ...look, active: [down(n1)] }))).toBeNull();
  expect(tail?.plan(viewOf(3))).toBeNull();
});
