/**
 * What each option set of each system is like in simulation: which models held, how many operations were served while
 * the cluster was broken, and how soon it served again. Runs are ordinary runs, each of one situation, with a seed that
 * decides everything; so the same code measures the same numbers anywhere.
 */
import { type Duration, nanoseconds } from '../core/time.ts';
import { nodeNames } from '../core/ids.ts';
import { type Availability, type Share, type Shares, availabilityOf } from '../harness/availability.ts';
import { isFailing } from '../harness/batch.ts';
import type { Catalogue } from '../harness/catalogue.ts';
import { extremes } from '../harness/decide.ts';
import { type PlanRequest, expand } from '../harness/expand.ts';
import { ordinaryLimits } from '../harness/models.ts';
import { type OptionSet, optionSetsOf } from '../harness/option-sets.ts';
import { workloadFallbacks } from '../harness/options.ts';
import { type FinishedRun, type RunSettings, run } from '../harness/run.ts';
import { minorityAway, noMajority, oneDown } from '../harness/situations.ts';

/** Of every run: what the page tells its reader. */
export const conditions = {
  nodeCount: 5,
  rate: 100,
  /** Seconds. */
  timeLimit: 24,
  /** Seconds. */
  nemesisInterval: 2,
  /** Seconds, of an attempt and of the whole operation. */
  timeout: 1,
} as const;

export type SituationName = 'minorityAway' | 'noMajority' | 'oneDown';
const situations = { minorityAway, noMajority, oneDown };
const situationNames = Object.keys(situations) as readonly SituationName[];

export interface MeasurePlan {
  readonly catalogue: Catalogue;
  readonly environment: RunSettings['environment'];
  readonly reason: string;
  readonly seed: number;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface Measurement {
  readonly system: string;
  readonly set: OptionSet;
  readonly models: Verdicts;
  readonly situations: { readonly [name in SituationName]: Availability };
  /** From the healing of all faults until the last replica had its final value; null where they never agreed. */
  readonly agreedAfter: Duration | null;
  /** Runs that broke what is promised, or went wrong by themselves, in words; and situations that never came about. */
  readonly accusations: readonly string[];
  readonly gaps: readonly string[];
}

/** Over the runs whose faults the claims allow for. `held`: in all of them, and no stronger one did. */
export interface Verdicts {
  readonly runs: number;
  readonly held: readonly string[];
  readonly broken: readonly string[];
  readonly undecided: readonly string[];
}

/** What is claimed, without measuring anything. Somebody else's systems cannot be simulated, and are left out. */
export const claimed = ({ systems }: Catalogue): readonly Pick<Measurement, 'system' | 'set'>[] =>
  Object.values(systems).flatMap((system) =>
    system.kind === 'protocol'
      ? optionSetsOf(system, nodeNames(conditions.nodeCount)).map((set) => ({ system: system.name, set }))
      : [],
  );

/** Null when the signal aborted. Rejects when a run cannot be made at all. */
export async function measure(plan: MeasurePlan): Promise<readonly Measurement[] | null> {
  const measured: Measurement[] = [];
  for (const { system, set } of claimed(plan.catalogue)) {
    if (plan.signal.aborted) return null;
    plan.note(`${system}, ${set.title}`);
    measured.push(await measureSet(plan, system, set));
  }
  return plan.signal.aborted ? null : measured;
}

async function measureSet(plan: MeasurePlan, system: string, set: OptionSet): Promise<Measurement> {
  const runs = new Map<string, FinishedRun[]>();
  for (const workload of workloadsFor(plan.catalogue, system))
    for (const name of [...situationNames, everything] as const)
      runs.set(name, [...(runs.get(name) ?? []), await runOne(plan, system, set, workload, name)]);
  const nodes = nodeNames(conditions.nodeCount);
  const of = (name: SituationName): Availability =>
    together((runs.get(name) ?? []).map(({ history }) => availabilityOf(history, nodes)));
  const all = [...runs.values()].flat();
  const name = `${system}, ${set.title}`;
  const met = { minorityAway: of('minorityAway'), noMajority: of('noMajority'), oneDown: of('oneDown') };
  return {
    system,
    set,
    models: verdictsOf(all, set),
    situations: met,
    agreedAfter: agreedAfter(all),
    accusations: all.flatMap(({ report }) =>
      isFailing(report.outcome) ? [`${name}, ${report.plan.nemeses.join(',')}: ${report.outcome.headline}`] : [],
    ),
    gaps: situationNames.flatMap((one) =>
      met[one].recoveries.length === 0 ? [`${name}: no fault of ${situations[one].name} was proven.`] : [],
    ),
  };
}

/** Every nemesis that the simulation can do, within what the claims assume: for the models, not for availability. */
const everything = 'everything';

function runOne(
  { catalogue, environment, reason, seed, signal }: MeasurePlan,
  system: string,
  { values }: OptionSet,
  workload: string,
  situation: SituationName | typeof everything,
): Promise<FinishedRun> {
  const { nodeCount, rate, timeLimit, nemesisInterval, timeout } = conditions;
  const nemesis = situation === everything ? null : situations[situation];
  const request: PlanRequest = {
    system,
    workload,
    nemesis: nemesis?.name ?? 'all',
    set: Object.entries(values).map(([name, value]) => `system.${name}=${value}`),
    nodeCount,
    rate,
    timeLimit,
    nemesisInterval,
    attemptTimeout: timeout,
    operationTimeout: timeout,
    seed,
  };
  const nemeses = nemesis === null ? catalogue.nemeses : { [nemesis.name]: nemesis };
  const test = expand(request, { ...environment, reason }, { ...catalogue, nemeses });
  const limits = { ...ordinaryLimits, workers: 0 };
  return run({ test, environment, store: null, version: '', program: '', limits, signal });
}

/**
 * As few workloads as decide all models that any does: first those that ask replicas for what they hold, and only those
 * that the system understands.
 */
export function workloadsFor({ systems, workloads }: Catalogue, name: string): readonly string[] {
  const system = systems[name];
  if (system === undefined) return [];
  const decided = new Set<string>();
  const inOrder = Object.values(workloads).toSorted(
    (one, other) => Number(other.peeks ?? false) - Number(one.peeks ?? false),
  );
  return inOrder.flatMap((workload) => {
    const understood = workload
      .functions(workloadFallbacks(workload, system))
      .every((f) => system.operations.includes(f));
    const models = workload.decides.map(({ model }) => model);
    if (!understood || models.every((model) => decided.has(model))) return [];
    for (const model of models) decided.add(model);
    return [workload.name];
  });
}

type Valid = true | false | 'unknown';

function verdictsOf(runs: readonly FinishedRun[], { claims }: OptionSet): Verdicts {
  const judged = runs.filter(({ report }) => claims.length === 0 || report.models.some((model) => model.judged));
  const verdicts = new Map<string, Valid>();
  for (const { report } of judged)
    for (const { model, valid } of report.models) verdicts.set(model, worse(verdicts.get(model), valid));
  const reports = [...verdicts].map(([model, valid]) => ({ model, valid }));
  const { holds, breaks } = extremes(reports);
  // Beside the others: no consistency model implies it, and it implies none.
  const eventual = (wanted: Valid): readonly string[] => (verdicts.get('eventual') === wanted ? ['eventual'] : []);
  return {
    runs: judged.length,
    held: [...holds, ...eventual(true)],
    broken: [...breaks, ...eventual(false)],
    undecided: reports.flatMap(({ model, valid }) => (valid === 'unknown' ? [model] : [])),
  };
}

/** False wins over unknown, and unknown over true. */
const worse = (one: Valid | undefined, other: Valid): Valid => {
  if (one === false || other === false) return false;
  return one === 'unknown' || other === 'unknown' ? 'unknown' : true;
};

/** The last of them all; null where some run did not come to agree, or none asked. */
function agreedAfter(runs: readonly FinishedRun[]): Duration | null {
  const after = runs.flatMap(({ report }) => (report.convergence === undefined ? [] : [report.convergence.after]));
  return after.length === 0 || after.includes(null) ? null : nanoseconds(Math.max(...after.map(Number)));
}

/** Of several runs of one situation. */
function together(all: readonly Availability[]): Availability {
  return {
    majority: sums(all.map(({ majority }) => majority)),
    minority: sums(all.map(({ minority }) => minority)),
    recoveries: all.flatMap(({ recoveries }) => recoveries),
  };
}

function sums(all: readonly Shares[]): Shares {
  const total = new Map<string, Share>();
  for (const shares of all)
    for (const [f, { tried, served }] of Object.entries(shares)) {
      const before = total.get(f) ?? { tried: 0, served: 0 };
      total.set(f, { tried: before.tried + tried, served: before.served + served });
    }
  return Object.fromEntries(total);
}
