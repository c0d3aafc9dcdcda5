/** Every model of a run, claimed or not: what was promised, whether it may be judged, and what the checkers found. */
import { type HistoryEvent, consistencyModels } from 'knossos-ts';
import { inSeconds } from '../core/time.ts';
import type { Claim, ModelName } from '../protocol/system.ts';
import type { ModelReport } from '../report/run-report.ts';
import { exceeded } from './assumptions.ts';
import { convergesWithin, isWaitedFor } from './converge-limit.ts';
import { type Found, type Means, decide, undecided } from './decide.ts';
import type { LoggedFault } from './fault-log.ts';
import { type Test, claimsOf } from './plan.ts';

export interface CheckLimits extends Means {
  /** Only what is claimed, as a batch wants it; absent: every model that can be decided, and numbers beside them. */
  readonly onlyClaims?: true;
}

export const ordinaryLimits: CheckLimits = { milliseconds: 60_000, bytes: 2 ** 30 };

export interface ModelInput {
  readonly test: Test;
  readonly events: readonly HistoryEvent[];
  readonly faults: readonly LoggedFault[];
  readonly limits: CheckLimits;
  /** What became of the replicas; absent where no node was asked. */
  readonly eventual?: Found;
}

const strongestFirst: readonly ModelName[] = [...consistencyModels, 'eventual'];

export async function modelReports({ test, events, faults, limits, eventual }: ModelInput): Promise<ModelReport[]> {
  const { workload } = test;
  const claims = claimsOf(test);
  const shown = [...claims, ...(limits.onlyClaims === true ? [] : workload.decides)].map(({ model }) => model);
  const models = strongestFirst.filter((model) => shown.includes(model));
  const decided = await decide(models, workload, events, limits);
  return models.map((model) => {
    const claim = claims.find((candidate) => candidate.model === model);
    const found = model === 'eventual' ? (eventual ?? noPeeks(test)) : (decided.get(model) ?? undecided('not checked'));
    const obstacle = claim === undefined ? null : (obstacleTo(claim, test, faults) ?? impatience(claim, found, events));
    const summary = obstacle === null ? found.summary : `${found.summary}; not judged: ${obstacle}`;
    return { model, claimed: claim !== undefined, judged: claim !== undefined && obstacle === null, ...found, summary };
  });
}

const noPeeks = ({ workload }: Test): Found =>
  undecided(
    workload.peeks === true
      ? 'no node was asked in the end'
      : `the workload ${workload.name} asks no node what it holds in the end`,
  );

/** Replicas that differ have broken nothing while they still may come to agree, by their own words. */
function impatience(claim: Claim, { valid }: Found, events: readonly HistoryEvent[]): string | null {
  if (claim.model !== 'eventual' || valid !== false) return null;
  const keys = new Set(events.flatMap(({ key }) => (key === undefined ? [] : [key])));
  const within = convergesWithin([claim], keys.size);
  if (isWaitedFor(within)) return null;
  return `under these options replicas may take ${inSeconds(within)} s to agree, and were not waited for so long`;
}

/** Why a claim is reported and not judged. */
function obstacleTo(claim: Claim, { workload, plan }: Test, faults: readonly LoggedFault[]): string | null {
  const beyond = workload.functions(plan.workloadOptions).filter((f) => !claim.operations.includes(f));
  if (beyond.length > 0) return `the claim is not about ${beyond.join(', ')}`;
  return exceeded(claim, faults, plan.nodes);
}
