/** Every model of a run, claimed or not: what was promised, whether it may be judged, and what the checkers found. */
import type { Analysis, Counterexample, HistoryEvent, ModelName as DataModel, Operation } from 'knossos-ts';
import { HistoryError, check } from 'knossos-ts';
import { messageOf } from '../core/errors.ts';
import type { Claim, ModelName } from '../protocol/system.ts';
import type { ModelReport } from '../report/run-report.ts';
import { exceeded } from './assumptions.ts';
import type { LoggedFault } from './fault-log.ts';
import { type Test, claimsOf } from './plan.ts';

export interface CheckLimits {
  readonly milliseconds: number;
  readonly bytes: number;
  /** Threads beside this one; 0 in a batch, whose runs share the processors already. */
  readonly workers?: number;
}

export const ordinaryLimits: CheckLimits = { milliseconds: 60_000, bytes: 2 ** 30 };

const mostCounterexamples = 10;
const dataModels: ReadonlySet<string> = new Set<DataModel>(['register', 'cas-register']);

export async function modelReports(
  test: Test,
  events: readonly HistoryEvent[],
  faults: readonly LoggedFault[],
  limits: CheckLimits,
): Promise<readonly ModelReport[]> {
  const { workload } = test;
  const claims = claimsOf(test);
  const names = new Set<ModelName>([...claims, ...workload.decides].map(({ model }) => model));
  const reports: ModelReport[] = [];
  for (const model of names) {
    const claim = claims.find((candidate) => candidate.model === model);
    const obstacle = claim === undefined ? null : obstacleTo(claim, test, faults);
    const decider = workload.decides.find((candidate) => candidate.model === model);
    const found = await decide(model, decider?.dataModel, test, events, limits);
    const summary = obstacle === null ? found.summary : `${found.summary}; not judged: ${obstacle}`;
    reports.push({
      model,
      claimed: claim !== undefined,
      judged: claim !== undefined && obstacle === null,
      ...found,
      summary,
    });
  }
  return reports;
}

/** Why a claim is reported and not judged. */
function obstacleTo(claim: Claim, { workload, plan }: Test, faults: readonly LoggedFault[]): string | null {
  const beyond = workload.functions(plan.workloadOptions).filter((f) => !claim.operations.includes(f));
  if (beyond.length > 0) return `the claim is not about ${beyond.join(', ')}`;
  return exceeded(claim, faults, plan.nodes);
}

type Found = Pick<ModelReport, 'valid' | 'summary' | 'keys' | 'counterexamples'>;

async function decide(
  model: ModelName,
  dataModel: string | undefined,
  test: Test,
  events: readonly HistoryEvent[],
  { milliseconds, bytes, workers }: CheckLimits,
): Promise<Found> {
  if (dataModel === undefined) return undecided(`the workload ${test.workload.name} cannot decide it`);
  if (model !== 'linearizable' || !isDataModel(dataModel)) return undecided('no checker for it exists yet');
  const budget = { milliseconds, bytes };
  try {
    return foundBy(await check(events, { model: dataModel, budget, ...(workers === undefined ? {} : { workers }) }));
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    return undecided(`the checker failed: ${messageOf(error)}`);
  }
}

const isDataModel = (name: string): name is DataModel => dataModels.has(name);

const undecided = (why: string): Found => ({
  valid: 'unknown',
  summary: why,
  keys: { proven: 0, violated: 0, undecided: 0 },
  counterexamples: [],
});

/** How long, in nanoseconds, what forbids the impossible operation was over before it began: much is easier to believe. */
function delayOf({ forced, impossible, operations }: Counterexample): number {
  const find = (id: number): Operation | undefined => operations.find((operation) => operation.id === id);
  const delays = forced
    .filter(({ rule, after }) => rule === 'real-time' && after === impossible)
    .map(({ before, after }) => (find(after)?.invokedAt ?? 0) - (find(before)?.completedAt ?? 0));
  return Math.max(0, ...delays);
}

function foundBy({ verdict, keys, summary }: Analysis): Found {
  const count = (valid: boolean | 'unknown'): number => keys.filter((key) => key.verdict.valid === valid).length;
  const counterexamples = keys
    .flatMap((key) => (key.verdict.valid === false ? [key.verdict.counterexample] : []))
    .toSorted((one, other) => one.operations.length - other.operations.length || delayOf(other) - delayOf(one))
    .slice(0, mostCounterexamples);
  return {
    valid: verdict.valid,
    summary: verdict.valid === 'unknown' && keys.length === 0 ? `${summary}: ${verdict.detail}` : summary,
    keys: { proven: count(true), violated: count(false), undecided: count('unknown') },
    counterexamples,
  };
}
