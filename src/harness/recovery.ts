/** How soon a system has to serve again when nothing hinders it any more; and when that can be held against it. */
import type { Duration } from '../core/time.ts';
import type { Cluster } from '../environments/environment.ts';
import { type Test, claimsOf } from './plan.ts';
import { isBearable } from './weather.ts';

/** What a system says of its recovery, or why nothing that it says holds in this run. */
export type Recovery =
  | { readonly kind: 'promised'; readonly within: Duration }
  | { readonly kind: 'unpromised'; readonly why: string };

/** In weather that is not to be borne, frames are lost or outlast every timeout: nobody promises a time. */
export function recoveryOf(test: Test): Recovery {
  const { plan } = test;
  if (!isBearable(plan.weather))
    return { kind: 'unpromised', why: 'in weather as bad as was chosen nobody promises how soon it serves' };
  const promised = claimsOf(test).flatMap((claim) => claim.recoversWithin ?? []);
  if (promised.length > 0) return { kind: 'promised', within: Math.max(...promised) as Duration };
  return { kind: 'unpromised', why: `under these options ${plan.system} does not say how soon it serves` };
}

/**
 * Until when a cluster has to be whole again after every fault has healed; null where nobody can say. A real machine may
 * just have been slow, but on virtual time a system that does not keep to what it says is broken.
 */
export function recoversWithin(test: Test, cluster: Pick<Cluster, 'trace'>): Duration | null {
  const recovery = recoveryOf(test);
  return cluster.trace() === null || recovery.kind === 'unpromised' ? null : recovery.within;
}
