/** Until when a system has to serve again, when every fault has healed; and when that can be held against it. */
import type { Duration } from '../core/time.ts';
import type { Cluster } from '../environments/environment.ts';
import { type Test, claimsOf } from './plan.ts';

/**
 * Null where nobody can say. A real machine may just have been slow, and in weather that somebody chose frames may be
 * lost for ever; but on virtual time, in ordinary weather, a system that does not keep to what it says is broken.
 */
export function recoveryOf(test: Test, cluster: Pick<Cluster, 'trace'>): Duration | null {
  if (cluster.trace() === null || Object.keys(test.plan.weather).length > 0) return null;
  const promised = claimsOf(test).flatMap(({ recoversWithin }) => recoversWithin ?? []);
  return promised.length === 0 ? null : (Math.max(...promised) as Duration);
}
