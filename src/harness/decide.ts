/**
 * Decides consistency models over the history of a run. Linearizability comes first: it is decided key by key and fast,
 * has counterexamples that can be drawn, and where it holds everything weaker does. The weaker models are then decided
 * together, over the whole history.
 */
import {
  type Analysis,
  type ConsistencyModel,
  type Counterexample,
  HistoryError,
  type HistoryEvent,
  type ModelName as DataModel,
  type ModelVerdict,
  type Operation,
  check,
  consistencyModels,
  modelNames,
  transactionModels,
  weakerThan,
} from 'knossos-ts';
import { messageOf } from '../core/errors.ts';
import type { Workload } from '../generators/workload.ts';
import type { ModelName } from '../protocol/system.ts';
import type { ModelReport } from '../report/run-report.ts';
import { type Found, noKeys, undecided } from './found.ts';
import { decideTransactions, isOfTransactions } from './transactions.ts';

export interface Means {
  readonly milliseconds: number;
  readonly bytes: number;
  /** Threads beside this one; 0 in a batch, whose runs share the processors already. */
  readonly workers?: number;
}

const mostCounterexamples = 10;
/** Where the weaker models can be decided, too. */
const observant: ReadonlySet<string> = new Set<DataModel>(['register', 'cas-register', 'list-append']);

/** The verdict of each model, in the order in which they are asked for. Throws only a HistoryError. */
export async function decide(
  models: readonly ModelName[],
  workload: Workload,
  events: readonly HistoryEvent[],
  means: Means,
): Promise<ReadonlyMap<ModelName, Found>> {
  const found = new Map<ModelName, Found>();
  const asked = models.filter((model): model is ConsistencyModel => model !== 'eventual' && !isOfTransactions(model));
  for (const model of models.filter(isOfTransactions)) found.set(model, undecided(obstacleTo(workload, model)));
  for (const [model, one] of decideTransactions(models, workload, events, means.milliseconds)) found.set(model, one);
  const decidable = asked.filter((model) => isDecidable(workload, model));
  const dataModel = dataModelOf(workload, 'linearizable') ?? dataModelOf(workload, decidable[0]);
  for (const model of asked) found.set(model, undecided(obstacleTo(workload, model)));
  if (dataModel === undefined || !isDataModel(dataModel)) return found;
  const begun = performance.now();
  // The other half is for the weaker models, which matter when this one is broken or takes too long.
  const share = asked.length === 1 && asked[0] === 'linearizable' ? 1 : 0.5;
  const first = await linearizability(events, dataModel, { ...means, milliseconds: means.milliseconds * share });
  if (asked.includes('linearizable')) found.set('linearizable', first);
  if (first.valid === true) {
    const summary = 'follows from linearizable';
    for (const model of asked.filter((one) => one !== 'linearizable'))
      found.set(model, { ...first, summary, keys: noKeys, impliedBy: 'linearizable' });
    return found;
  }
  const weaker = decidable.filter((model) => model !== 'linearizable');
  const milliseconds = Math.max(means.milliseconds - (performance.now() - begun), 1);
  for (const [model, one] of await weakerModels(events, weaker, { ...means, milliseconds })) found.set(model, one);
  return found;
}

const deciderOf = (workload: Workload, model: ModelName | undefined) =>
  workload.decides.find((candidate) => candidate.model === model);

const dataModelOf = (workload: Workload, model: ModelName | undefined): string | undefined =>
  deciderOf(workload, model)?.dataModel;

const isDataModel = (name: string): name is DataModel => (modelNames as readonly string[]).includes(name);

/** Whether a read names the write that it saw, which the weaker models and staleness need. */
export const isObservant = (dataModel: string): boolean => observant.has(dataModel);

const isDecidable = (workload: Workload, model: ModelName): boolean => {
  const dataModel = dataModelOf(workload, model) ?? '';
  return model === 'linearizable' ? isDataModel(dataModel) : isObservant(dataModel);
};

function obstacleTo(workload: Workload, model: ModelName): string {
  if (deciderOf(workload, model) === undefined) return `the workload ${workload.name} cannot decide it`;
  return isDecidable(workload, model) ? 'nothing decided it' : 'no checker for it exists yet';
}

async function linearizability(
  events: readonly HistoryEvent[],
  model: DataModel,
  { milliseconds, bytes, workers }: Means,
): Promise<Found> {
  try {
    const threads = workers === undefined ? {} : { workers };
    // One program wrote all events, each when it happened: their order counts, also where two have the same time.
    return foundBy(await check(events, { model, ties: 'ordered', budget: { milliseconds, bytes }, ...threads }));
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    return undecided(`the checker failed: ${messageOf(error)}`);
  }
}

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

async function weakerModels(
  events: readonly HistoryEvent[],
  models: readonly ConsistencyModel[],
  { milliseconds, bytes }: Means,
): Promise<readonly (readonly [ConsistencyModel, Found])[]> {
  if (models.length === 0) return [];
  try {
    const { verdicts } = await check(events, { models, budget: { milliseconds, bytes } });
    return [...verdicts].map(([model, verdict]) => [model, weakFound(verdict)] as const);
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    return models.map((model) => [model, undecided(`the checker failed: ${messageOf(error)}`)] as const);
  }
}

function weakFound(verdict: ModelVerdict): Found {
  if (verdict.valid === 'unknown') return undecided(verdict.detail);
  const { impliedBy } = verdict;
  const implied = impliedBy === undefined ? {} : { impliedBy };
  if (verdict.valid) {
    const summary = impliedBy === undefined ? 'nothing in the whole history breaks it' : `follows from ${impliedBy}`;
    return { valid: true, summary, keys: noKeys, counterexamples: [], ...implied };
  }
  const { sentence, operations, cycle, verified } = verdict.counterexample;
  const summary = impliedBy === undefined ? `broken by ${operations.length} operations` : `${impliedBy} is broken`;
  const refutation = { sentence, operations, cycle, verified };
  return { valid: false, summary, keys: noKeys, counterexamples: [], refutation, ...implied };
}

/** Strongest first: those that hold and that no other implies, and those that are broken and imply no other. */
export function extremes(reports: readonly Pick<ModelReport, 'model' | 'valid'>[]): {
  readonly holds: readonly ModelName[];
  readonly breaks: readonly ModelName[];
} {
  const which = (valid: boolean): readonly ModelName[] =>
    [...transactionModels, ...consistencyModels].filter((model) =>
      reports.some((report) => report.model === model && report.valid === valid),
    );
  const [holding, broken] = [which(true), which(false)];
  return {
    holds: holding.filter((model) => !holding.some((other) => isWeaker(model, other))),
    breaks: broken.filter((model) => !broken.some((other) => isWeaker(other, model))),
  };
}

/** Whether the second implies the first, which is another one. */
function isWeaker(model: ModelName, than: ModelName): boolean {
  if (model === 'eventual' || than === 'eventual') return false;
  if (isOfTransactions(model) && isOfTransactions(than))
    return transactionModels.indexOf(model) > transactionModels.indexOf(than);
  return !isOfTransactions(model) && !isOfTransactions(than) && weakerThan(than).has(model);
}
