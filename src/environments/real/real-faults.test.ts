import { expect, test } from 'vitest';
import type { NodeId } from '../../core/ids.ts';
import { nodeNames } from '../../core/ids.ts';
import type { Answer, Fault } from '../faults.ts';
import { success } from './fault-answers.ts';
import type { FaultsOfKind, RealParts } from './real-faults.ts';
import { RealFaults } from './real-faults.ts';

const [n1, n2] = nodeNames(2) as [NodeId, NodeId];

function stage(takesProbes = true) {
  const clocks: FaultsOfKind = {
    begin: async () => success('begun'),
    lasted: async () => success('lasted'),
    end: async () => success('ended'),
  };
  // Only what clocks and refusals need is there.
  const parts = { nodes: new Map([[n1, {}], [n2, {}]]), takesProbes, membership: () => ({}), more: new Map([['clock', clocks]]) }; // prettier-ignore
  const faults = new RealFaults(parts as unknown as RealParts);
  return {
    begin: (id: number, fault: Fault) => new Promise<Answer<string>>((resolve) => faults.begin(id, fault, resolve)),
    end: (id: number) => new Promise<Answer<string>>((resolve) => faults.end(id, resolve)),
  };
}

test('a number that was used before can be begun and ended again, and ended once at a time', async () => {
  const { begin, end } = stage();
  const fault = { kind: 'clock', nodes: [n1], skew: { type: 'drift', rate: 2 } } as const;
  for (let use = 0; use < 2; use++) {
    expect(await begin(1, fault)).toEqual({ ok: true, value: 'begun' });
    expect(await Promise.all([end(1), end(1)])).toEqual([
      { ok: true, value: 'ended' },
      { ok: false, error: 'fault 1 is not active' },
    ]);
  }
});

test('a service is not cut one way', async () => {
  const { begin } = stage(false);
  expect(await begin(1, { kind: 'partition', cut: [[n1, n2]] })).toEqual({
    ok: false,
    error:
      'a service is cut off both ways or not at all: its connections are its own, and carry data in both directions',
  });
});
