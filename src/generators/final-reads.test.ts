import { expect, test } from 'vitest';
import type { NodeId } from '../core/ids.ts';
import { nodeNames } from '../core/ids.ts';
import { nanoseconds } from '../core/time.ts';
import type { Generator } from './generator.ts';
import { finalReads, type FinalReadsPlan } from './final-reads.ts';
import { homeOf } from './interpreter.ts';
import { keyName } from './key-rotation.ts';
import { sequence } from './sequence.ts';
import { limit } from './limit.ts';
import { calls } from './calls.ts';
import { fail, invoked, ok, play, type Scene } from './testing/play.ts';

/** Writes each of k1 to k`count` once. */
const writes = (count: number): Generator =>
  sequence(
    ...Array.from({ length: count }, (_, index) =>
      limit(
        1,
        calls(() => ({ f: 'write', key: keyName(index + 1), value: 1 })),
      ),
    ),
  );

const nodes = nodeNames(3);

/** The keys that each node was asked for, in order. */
function readAt(keys: number, plan: FinalReadsPlan, scene: Partial<Scene> = {}): ReadonlyMap<NodeId, string[]> {
  const events = invoked(
    play({ main: writes(keys), final: finalReads(plan), nodeCount: 3, concurrency: 6, ...scene }),
  ).filter(({ phase }) => phase === 'final');
  for (const { call } of events) expect(call).toEqual({ f: 'read', key: call.key, value: null });
  return new Map(
    nodes.map((node) => [
      node,
      events.filter(({ process }) => homeOf(process, nodes) === node).map(({ call }) => call.key),
    ]),
  );
}

test('every node is asked for the newest keys and the same sample, and every key is read by somebody', () => {
  const byNode = readAt(20, { newest: 4, sample: 3, repeats: 0 });

  const everywhere = (byNode.get(nodes[0] as NodeId) ?? []).filter((key) =>
    nodes.every((node) => byNode.get(node)?.includes(key)),
  );
  expect(everywhere).toHaveLength(7);
  for (const keys of byNode.values()) expect(keys).toEqual(expect.arrayContaining(['k17', 'k18', 'k19', 'k20']));
  const all = [...byNode.values()].flat();
  expect(all).toHaveLength(3 * 7 + 13);
  expect(new Set(all).size).toBe(20);
});

test('with few keys, every node is asked for each of them once', () => {
  const byNode = readAt(2, { newest: 4, sample: 3, repeats: 0 });

  for (const keys of byNode.values()) expect(keys).toEqual(['k1', 'k2']);
});

test('without any key there is nothing to read', () => {
  expect([...readAt(0, { newest: 4, sample: 3, repeats: 0 }).values()].flat()).toEqual([]);
});

test('a failed read is repeated at the same node, until the budget of that node is used up', () => {
  const byNode = readAt(
    2,
    { newest: 4, sample: 0, repeats: 3 },
    {
      takes: (_, random) => nanoseconds(1 + random.below(9)),
      answer: (call, process) => (call.f === 'read' && homeOf(process, nodes) === 'n2' ? fail : ok(1)),
    },
  );

  expect(nodes.map((node) => byNode.get(node)?.length)).toEqual([2, 5, 2]);
});
