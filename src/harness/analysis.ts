/** From a plan and a history to the report of the run. `test` and `analyze` take the same way. */
import { type HistoryEvent, type Operation, pairOperations } from 'knossos-ts';
import type { Counts, FindingReport, FunctionReport, RunPlanSummary, RunReport } from '../report/run-report.ts';
import { inSeconds, nanoseconds } from '../core/time.ts';
import { repeatCommand } from './command.ts';
import { coverageOf } from './coverage.ts';
import { faultLog, faultReports, isWithin } from './fault-log.ts';
import { judge } from './judge.ts';
import { type MarkEvent, type MarkOf, marksOf } from './marks.ts';
import { extremes, isObservant } from './decide.ts';
import { type CheckLimits, modelReports } from './models.ts';
import { replicasOf, stalenessReport } from './replicas.ts';
import { type RunPlan, type Test, breakingNames, systemOptionsOf } from './plan.ts';

export interface Recording {
  readonly test: Test;
  /** `raft-register-partition/20261120T134502.123Z` */
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly versions: RunReport['versions'];
  /** What the command that repeats the run begins with: `./bin/harness`. */
  readonly program: string;
  /** Seconds. */
  readonly setup: number;
  readonly events: readonly HistoryEvent[];
  /** The last line of the history was torn and dropped. */
  readonly torn: boolean;
}

/** @throws HistoryError when the history breaks the rules of histories. */
export async function analyse(recording: Recording, limits: CheckLimits): Promise<RunReport> {
  const { test, events } = recording;
  const { plan } = test;
  const checkStart = performance.now();
  const operations = pairOperations(events);
  const marks = marksOf(events);
  const faults = faultLog(marks);
  const end = marks.findLast(({ mark }) => isEnd(mark))?.mark as MarkOf<'phase'> | undefined;
  const isWhole = end !== undefined && end.interrupted !== true;
  const replicas = replicasOf(operations, marks, plan.nodes, isWhole);
  const eventual = replicas === null ? {} : { eventual: replicas.found };
  const models = await modelReports({ test, events, faults, limits, ...eventual });
  const findings = findingsOf(marks);
  const coverage = coverageOf({
    functions: test.workload.functions(plan.workloadOptions),
    nemeses: breakingNames(test),
    operations,
    faults,
    ended: end !== undefined,
    interrupted: end?.interrupted === true,
    shortcomings: marks.flatMap(({ mark }) => (mark.mark === 'note' ? [mark.text] : [])),
    finalFrom: marks.find(({ mark }) => mark.mark === 'phase' && mark.phase === 'final')?.index ?? Infinity,
  });
  const decidable = test.workload.decides.map(({ model }) => model);
  const notes = [
    ...(recording.torn ? ['The last line of the history was torn; it was dropped.'] : []),
    ...(test.system.remarks?.(systemOptionsOf(plan), plan.nodes) ?? []),
    ...(test.workload.remarks?.(operations, plan.workloadOptions) ?? []),
  ];
  const leaders = marks.filter(({ mark }) => mark.mark === 'leader').length;
  return {
    schema: 1,
    name: recording.name,
    startedAt: recording.startedAt,
    versions: recording.versions,
    plan: summaryOf(plan),
    command: repeatCommand(test, recording.program),
    outcome: judge({ subject: subjectOf(plan), models, findings, coverage, notes, decidable }),
    models,
    ...(limits.onlyClaims === true ? {} : beyondClaims(recording, models, operations, limits)),
    ...(replicas === null ? {} : { convergence: replicas.report }),
    ...countersOf(test, marks),
    counts: {
      ...countsOf(operations),
      okDuringFaults: operations.filter((it) => it.type === 'ok' && faults.some((fault) => isWithin(fault, it))).length,
    },
    functions: functionsOf(operations),
    coverage,
    faults: faultReports(faults, operations),
    findings,
    durations: {
      setup: recording.setup,
      run: inSeconds(nanoseconds((events.at(-1)?.time ?? 0) - (events[0]?.time ?? 0))),
      check: (performance.now() - checkStart) / 1000,
    },
    leaderChanges: leaders === 0 ? null : leaders - 1,
    trace: end?.trace ?? null,
    files: [],
  };
}

function countersOf({ system }: Test, marks: readonly MarkEvent[]): Pick<RunReport, 'counters' | 'figures'> {
  const last = marks.findLast(({ mark }) => mark.mark === 'counters')?.mark as MarkOf<'counters'> | undefined;
  if (last === undefined) return {};
  return { counters: last.counters, figures: system.figures?.(last.counters) ?? [] };
}

/** Of the time for the models, Delta-atomicity may take one part in so many, besides. */
const shareOfDelta = 6;

/** What a run says of itself beside the claims. */
function beyondClaims(
  { test }: Recording,
  models: RunReport['models'],
  operations: readonly Operation[],
  { milliseconds, bytes }: CheckLimits,
): Pick<RunReport, 'consistency' | 'staleness'> {
  const isOfRegisters = test.workload.decides.some(({ dataModel }) => isObservant(dataModel));
  const isLinearizable = models.some(({ model, valid }) => model === 'linearizable' && valid === true);
  const share = { isLinearizable, milliseconds: milliseconds / shareOfDelta, bytes };
  const staleness = isOfRegisters ? stalenessReport(operations, share) : undefined;
  return { consistency: extremes(models), ...(staleness === undefined ? {} : { staleness }) };
}

const isEnd = (mark: MarkEvent['mark']): boolean => mark.mark === 'phase' && mark.phase === 'end';

const subjectOf = ({ system, bug }: RunPlan): string => {
  const title = system.charAt(0).toUpperCase() + system.slice(1);
  return bug === null ? title : `${title} with the bug ${bug}`;
};

const findingsOf = (marks: readonly MarkEvent[]): readonly FindingReport[] =>
  marks.flatMap(({ mark }) => {
    if (mark.mark !== 'finding') return [];
    const { kind, node, at, text } = mark;
    return [{ kind, node, at, text }];
  });

function countsOf(operations: readonly Operation[]): Omit<Counts, 'okDuringFaults'> {
  const counts = { operations: operations.length, ok: 0, fail: 0, info: 0 };
  for (const { type } of operations) counts[type]++;
  return counts;
}

function functionsOf(operations: readonly Operation[]): readonly FunctionReport[] {
  const names = [...new Set(operations.map(({ f }) => f))].toSorted();
  return names.map((f) => ({ f, ...countsOf(operations.filter((operation) => operation.f === f)) }));
}

const summaryOf = (plan: RunPlan): RunPlanSummary => ({
  system: plan.system,
  bug: plan.bug,
  systemOptions: plan.systemOptions,
  workload: plan.workload,
  workloadOptions: plan.workloadOptions,
  nemeses: plan.nemeses,
  environment: plan.environment,
  environmentReason: plan.environmentReason,
  nodes: plan.nodes,
  concurrency: plan.concurrency,
  rate: plan.rate,
  timeLimit: inSeconds(plan.timeLimit),
  nemesisInterval: inSeconds(plan.nemesisInterval),
  seed: plan.seed,
});
