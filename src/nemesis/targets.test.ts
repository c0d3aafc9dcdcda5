import { describe, expect, test } from 'vitest';
import { nodeNames, type NodeId } from '../core/ids.ts';
import type { Fault } from '../environments/faults.ts';
import { follower, leader, viewOf } from './testing/view.ts';
import { anyNode, choose, describe as inWords, meet, primary, untouchedBy } from './targets.ts';

describe('the primary', () => {
  test('is the leader of the highest term', () => {
    const view = viewOf(5, { inspections: { n1: leader(3), n2: follower, n4: leader(7), n5: leader(5) } });

    expect(primary(view)).toBe('n4');
    expect(choose('primary', view, view.nodes)).toEqual(['n4']);
  });

  test('is who says that it leads, whatever it calls itself', () => {
    const view = viewOf(3, {
      inspections: {
        n1: leader(3),
        n2: { role: 'head', term: 4, leads: true },
        n3: { role: 'leader', term: 9, leads: false },
      },
    });

    expect(primary(view)).toBe('n2');
  });

  test('is nobody when nobody says that it leads, and a random node is chosen instead', () => {
    const chosen = Array.from({ length: 60 }, (_, seed) => {
      const view = viewOf(3, { seed, inspections: { n1: follower } });
      expect(primary(view)).toBe(null);
      return choose('primary', view, view.nodes)?.[0];
    });

    expect(new Set(chosen)).toEqual(new Set(['n1', 'n2', 'n3']));
  });

  test('is not replaced by another when it is not available', () => {
    const view = viewOf(3, { inspections: { n1: leader(1) } });

    expect(choose('primary', view, ['n2', 'n3'] as NodeId[])).toBe(null);
  });
});

test.for([
  ['one', [1, 1, 1, 1, 1]],
  ['minority', [null, null, 1, 1, 2]],
  ['majority', [1, 2, 2, 3, 3]],
  ['all', [1, 2, 3, 4, 5]],
] as const)('%s of 1, 2, 3, 4 and 5 nodes are %o', ([name, sizes]) => {
  expect([1, 2, 3, 4, 5].map((count) => choose(name, viewOf(count), nodeNames(count))?.length ?? null)).toEqual(sizes);
});

test('too few available nodes give nothing rather than a smaller fault', () => {
  const view = viewOf(5);
  const two = view.nodes.slice(0, 2);

  expect(choose('minority', view, two)).toEqual(two);
  expect(choose('majority', view, two)).toBe(null);
  expect(choose('all', view, view.nodes.slice(1))).toBe(null);
  expect(choose('one', view, [])).toBe(null);
});

test('nodes that a fault of the given kinds holds are touched, those of other kinds are not', () => {
  const [n1, n2, n3, n4] = nodeNames(4) as [NodeId, NodeId, NodeId, NodeId];
  const view = viewOf(4, {
    active: [
      { kind: 'kill', nodes: [n1] },
      { kind: 'pause', nodes: [n2] },
      { kind: 'partition', cut: [[n3, n4]] },
    ],
  });

  expect(untouchedBy(['kill', 'pause'], view)).toEqual([n3, n4]);
  expect(untouchedBy(['kill'], view)).toEqual([n2, n3, n4]);
});

describe('any node', () => {
  const chosen = (active: readonly Fault[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (let seed = 0; seed < 1000; seed++) {
      const node = anyNode(viewOf(5, { seed, active }));
      counts[node] = (counts[node] ?? 0) + 1;
    }
    return counts;
  };

  test('is each as often as the others in good weather, and when most nodes are held', () => {
    const most: Fault = { kind: 'pause', nodes: nodeNames(3) };

    for (const counts of [chosen([]), chosen([most])])
      expect(Object.values(counts).map((count) => Math.round(count / 100))).toEqual([2, 2, 2, 2, 2]);
  });

  test('is more often one that faults hold which hold few', () => {
    const { n2 = 0, ...rest } = chosen([{ kind: 'pause', nodes: nodeNames(2).slice(1) }]);

    expect(n2).toBeGreaterThan(500);
    expect(Object.keys(rest).toSorted()).toEqual(['n1', 'n3', 'n4', 'n5']);
  });
});

test.for([
  ['n1', 'n1', true],
  ['n1', 'n1 n2 n3 n4 n5', true],
  ['n1 n2', 'n2', true],
  ['n1', 'n2', false],
  ['n1 n2', 'n2 n3', false],
  ['n1 n2 n3', 'n1 n2 n3', false],
  ['', 'n1', false],
] as const)('faults of "%s" and of "%s" meet, out of five nodes: %s', ([one, other, expected]) => {
  const named = (text: string): NodeId[] => text.split(' ').filter((name) => name !== '') as NodeId[];

  expect([meet(named(one), named(other), 5), meet(named(other), named(one), 5)]).toEqual([expected, expected]);
});

test('in words, the primary is marked', () => {
  const view = viewOf(3, { inspections: { n2: leader(1) } });

  expect(inWords(view.nodes, view)).toBe('n1 n2 (primary) n3');
});
