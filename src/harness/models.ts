/** Every model of a run, claimed or not: what was promised, whether it may be judged, and what the checkers found. */
import { type HistoryEvent, consistencyModels, transactionModels } from 'knossos-ts';
import { inSeconds } from '../core/time.ts';
import type { Claim, ModelName } from '../protocol/system.ts';
import type { ModelReport } from '../report/run-report.ts';
import { exceeded } from './assumptions.ts';
import { convergesWithin, isWaitedFor } from './converge-limit.ts';
import { type Means, decide } from './decide.ts';
import { type Found, undecided } from './found.ts';
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

const strongestFirst: readonly ModelName[] = [...transactionModels, ...consistencyModels, 'eventual'];

export async function modelReports({ test, events, faults, limits, eventual }: ModelInput): Promise<ModelReport[]> {
  const { workload } = test;
  const claims = claimsOf(test).filter((claim) => isInQuestion(claim, test));
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

/** What is claimed of other operations, in a model that the workload does not decide, is not in question. */
const isInQuestion = (claim: Claim, test: Test): boolean =>
  beyondOf(claim, test).length === 0 || test.workload.decides.some(({ model }) => model === claim.model);

/** The operations of the workload that the claim is not about. */
const beyondOf = (claim: Claim, { workload, plan }: Test): readonly string[] =>
  workload.functions(plan.workloadOptions).filter((f) => !claim.operations.includes(f));

/** Replicas that differ have broken nothing while they still may come to agree, by their own words. */
function impatience(claim: Claim, { valid }: Found, events: readonly HistoryEvent[]): string | null {
  if (claim.model !== 'eventual' || valid !== false) return null;
  const keys = new Set(events.flatMap(({ key }) => (key === undefined ? [] : [key])));
  const within = convergesWithin([claim], keys.size);
  if (isWaitedFor(within)) return null;
  return `under these options replicas may take ${inSeconds(within)} s to agree, and were not waited for so long`;
}

/** Why a claim is reported and not judged. */
function obstacleTo(claim: Claim, test: Test, faults: readonly LoggedFault[]): string | null {
  const { plan } = test;
  const beyond = beyondOf(claim, test);
  if (beyond.length > 0) return `the claim is not about ${beyond.join(', ')}`;
  return exceeded(claim, faults, plan.nodes);
}
