/** What the claims assume of the faults, and whether those of a run went beyond. A claim that was asked too much is not judged. */
import type { NodeId } from '../core/ids.ts';
import { excess } from '../nemesis/bounds.ts';
import type { Assumptions } from '../nemesis/nemesis.ts';
import type { Claim } from '../protocol/system.ts';
import type { LoggedFault } from './fault-log.ts';

/** What a schedule has to stay within so that every claim can be judged. */
export function assumptionsOf(claims: readonly Pick<Claim, 'assumes'>[]): Assumptions {
  const least = (bound: 'maxDrift' | 'maxDown'): number | null => {
    const bounds = claims.flatMap(({ assumes }) => assumes[bound] ?? []);
    return bounds.length === 0 ? null : Math.min(...bounds);
  };
  const noCrash = claims.some(({ assumes }) => assumes.noCrash === true);
  return { maxDrift: least('maxDrift'), maxDown: least('maxDown'), ...(noCrash ? { noCrash } : {}) };
}

/** In words for people; null when the claim may be judged. */
export function exceeded(claim: Claim, faults: readonly LoggedFault[], nodes: readonly NodeId[]): string | null {
  const assumes = assumptionsOf([claim]);
  let last: string | null = null;
  for (const { asked } of faults) {
    const active = faults.filter((fault) => fault.asked <= asked && asked < fault.ended);
    last =
      excess(
        assumes,
        active.map(({ begin }) => begin.fault),
        nodes,
      ) ?? last;
  }
  return last;
}
