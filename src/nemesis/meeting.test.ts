import { describe, expect, test } from 'vitest';
import { instant, seconds, type Instant } from '../core/time.ts';
import type { PlannedFault } from './nemesis.ts';
import type { FaultRecord } from './schedule.ts';
import { nemesis, nodes, paused, run } from './testing/schedule-run.ts';

describe('a fault that is held when another one begins', () => {
  const onAll: PlannedFault = { fault: { kind: 'pause', nodes }, targets: 'all', nodes };
  const other: PlannedFault = { ...paused, targets: 'n2', nodes: nodes.slice(1, 2) };
  /** Of each fault of `a` during which one of `b` began: whether it was held until that one ended. */
  const outlasts = (a: PlannedFault, b: PlannedFault): Set<boolean> => {
    const pair = [nemesis('a', ['x'], { plan: () => a }), nemesis('b', ['x'], { plan: () => b })];
    const { faults } = run({ nemeses: pair, stopAt: seconds(1000) });
    const of = (name: string) => faults.filter((fault) => fault.nemesis === name && (fault.endAt ?? 0) < seconds(990));
    const ends = (fault: FaultRecord): Instant => fault.endAt ?? instant(0);
    const met = of('a').flatMap((held) =>
      of('b')
        .filter(({ begunAt }) => begunAt !== null && held.begunAt !== null && begunAt > held.begunAt)
        .filter(({ begunAt }) => begunAt !== null && begunAt < ends(held))
        .map((late) => ends(held) >= ends(late)),
    );
    expect(met.length).toBeGreaterThan(5);
    return new Set(met);
  };

  test('stays for as long as that one, if they meet at few nodes', () => {
    expect(outlasts(paused, paused)).toEqual(new Set([true]));
    expect(outlasts(onAll, paused)).toEqual(new Set([true]));
  });

  test('ends when it would have ended, if they hit different nodes or all', () => {
    expect(outlasts(other, paused)).toEqual(new Set([true, false]));
    expect(outlasts(onAll, onAll)).toEqual(new Set([true, false]));
  });
});
