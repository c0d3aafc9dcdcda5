import { type HistoryEvent, pairOperations } from 'knossos-ts';
import { expect, test } from 'vitest';
import type { Instant } from '../core/time.ts';
import { type Mark, marksOf, markEvent } from './marks.ts';
import { replicasOf, stalenessReport } from './replicas.ts';

const nodes = ['n1', 'n2'];

/** Writes of 1 and 2 to x, one after the other, a read of 1 after both, and then the marks. */
const history = (...marks: readonly Mark[]): HistoryEvent[] =>
  [
    { time: 1, process: 0, type: 'invoke', f: 'write', key: 'x', value: 1 } as const,
    { time: 2, process: 0, type: 'ok', f: 'write', key: 'x', value: 1 } as const,
    { time: 3, process: 0, type: 'invoke', f: 'write', key: 'x', value: 2 } as const,
    { time: 4, process: 0, type: 'ok', f: 'write', key: 'x', value: 2 } as const,
    { time: 9, process: 1, type: 'invoke', f: 'read', key: 'x', value: null } as const,
    { time: 9, process: 1, type: 'ok', f: 'read', key: 'x', value: 1 } as const,
    ...marks.map((mark, place) => markEvent((10 + place) as Instant, mark)),
  ].map((event, index) => ({ index, ...event }));

const healed: Mark = { mark: 'phase', phase: 'quiesce' };
const peek = (round: number, node: string, value: number | null): Mark => ({
  mark: 'peek',
  round,
  node,
  values: { x: value },
});

const judged = (...marks: readonly Mark[]) => {
  const events = history(...marks);
  return replicasOf(pairOperations(events), marksOf(events), nodes, true);
};

test('replicas that agree in the end have converged, when the last of them was first seen so', () => {
  const found = judged(healed, peek(1, 'n1', 2), peek(1, 'n2', 1), peek(2, 'n1', 2), peek(2, 'n2', 2));

  expect(found?.report).toEqual({ valid: true, keys: 1, nodes: 2, agreed: 1, after: 4, lost: 0 });
  expect(found?.found.valid).toBe(true);
});

test('replicas that differ at the last have not, and the sentence says which', () => {
  const found = judged(healed, peek(1, 'n1', 2), peek(1, 'n2', 1));

  expect(found?.report).toMatchObject({ valid: false, agreed: 0, after: null });
  expect(found?.found.refutation?.sentence).toBe('Replica n1 ended with 2 for key x and replica n2 with 1.');
});

test('a node that did not answer the last round leaves it unknown, whatever it had said before', () => {
  const found = judged(healed, peek(1, 'n1', 2), peek(1, 'n2', 2), peek(2, 'n1', 2));

  expect(found?.found).toMatchObject({ valid: 'unknown' });
  expect(found?.found.summary).toContain('n2');
});

test('an acknowledged write that is gone is counted, and does not break the model', () => {
  const found = judged(healed, peek(1, 'n1', 1), peek(1, 'n2', 1));

  expect(found?.report).toMatchObject({ valid: true, lost: 1 });
});

test('nothing is said where no node was asked', () => {
  expect(judged(healed)).toBeNull();
});

const limits = { isLinearizable: false, milliseconds: 5_000, bytes: 2 ** 20 };

test('a read of what was overwritten 5 ns before it began is behind by one write', () => {
  expect(stalenessReport(pairOperations(history()), limits)).toEqual({
    reads: 1,
    stale: 1,
    undecided: 0,
    writes: {
      p50: 1,
      p99: 1,
      max: 1,
      histogram: [
        { upTo: 0, count: 0 },
        { upTo: 1, count: 1 },
      ],
    },
    age: {
      p50: 5,
      p99: 5,
      max: 5,
      histogram: [0, 1, 2, 4, 8].map((upTo) => ({ upTo, count: upTo === 8 ? 1 : 0 })),
    },
    // To a microsecond: the read of 9 ns, begun at the beginning.
    delta: { kind: 'delta', nanoseconds: 10 },
  });
});

test('how much earlier reads would have had to begin is not asked of what is linearizable, nor beyond its time', () => {
  const deltaWith = (more: Partial<typeof limits>) =>
    stalenessReport(pairOperations(history()), { ...limits, ...more })?.delta;

  expect(deltaWith({ isLinearizable: true })).toEqual({ kind: 'delta', nanoseconds: 0 });
  expect(deltaWith({ milliseconds: 0 })).toEqual({ kind: 'unknown', seconds: 0 });
});
