/** One run from its plan to its report: folder, deployment, the phases, the analysis. */
import { join } from 'node:path';
import { type HistoryEvent, formatEdnLines } from 'knossos-ts';
import { messageOf } from '../core/errors.ts';
import type { Environment } from '../environments/environment.ts';
import type { RunReport } from '../report/run-report.ts';
import { type Recording, analyse } from './analysis.ts';
import { repeatCommand } from './command.ts';
import { drive } from './drive.ts';
import { faultLog } from './fault-log.ts';
import { Journal, fileSink } from './journal.ts';
import { marksOf } from './marks.ts';
import type { CheckLimits } from './models.ts';
import { type Test, runName, systemOptionsOf } from './plan.ts';
import type { Progress } from './progress.ts';
import { type RunLog, fileLog, silentLog } from './run-log.ts';
import { type RunFolder, createRunFolder } from './store.ts';
import { formatStoredPlan } from './stored-plan.ts';

export interface RunSettings {
  readonly test: Test;
  readonly environment: Environment;
  /** The root of the store; null keeps nothing on disk. */
  readonly store: string | null;
  readonly version: string;
  /** How the user calls the harness: what the command that repeats the run begins with. */
  readonly program: string;
  readonly limits: CheckLimits;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface FinishedRun {
  readonly report: RunReport;
  readonly history: readonly HistoryEvent[];
  readonly folder: RunFolder | null;
  /** How often which kind of input reached a node in which role; null where nobody counted. */
  readonly inputs: { readonly [pair: string]: number } | null;
  /** What went wrong around the run without touching its verdict, for people. */
  readonly warnings: readonly string[];
}

export async function run(settings: RunSettings): Promise<FinishedRun> {
  const { test, store, version, program } = settings;
  const command = repeatCommand(test, program);
  const started = new Date();
  const versions = { harness: version, node: process.versions.node };
  const folder = store === null ? null : createRunFolder(store, runName(test.plan), started);
  const startedAt = started.toISOString();
  folder?.write('test.json', formatStoredPlan({ schema: 1, startedAt, versions, command, plan: test.plan }));
  const log = folder === null ? silentLog : fileLog(folder.path);
  try {
    log.write(`harness ${version}, node ${process.version}: ${command}`);
    const { events, setup, inputs, warnings } = await record(settings, folder, log);
    const name = folder?.name ?? runName(test.plan);
    const recording: Recording = { test, name, startedAt, versions, program, setup, events, torn: false };
    const finished = await finish(recording, settings.limits, folder);
    log.write(finished.report.outcome.headline);
    return { ...finished, inputs, warnings: [...warnings, ...finished.warnings] };
  } catch (error) {
    log.write(error instanceof Error ? (error.stack ?? error.message) : String(error));
    throw error;
  }
}

/** Analyses a recording and writes what belongs to it beside the history. */
export async function finish(
  recording: Recording,
  limits: CheckLimits,
  folder: RunFolder | null,
): Promise<FinishedRun> {
  const { events } = recording;
  const warnings: string[] = [];
  // A folder that cannot be written to (a full disk, a read-only copy) must not cost the verdict.
  const keep = (path: string, content: string): void => {
    try {
      folder?.write(path, content);
    } catch (error) {
      warnings.push(`${path} could not be written: ${messageOf(error)}`);
    }
  };
  keep('history.edn', lines(formatEdnLines(events)));
  keep('schedule.json', `${JSON.stringify(scheduleOf(events), null, 2)}\n`);
  const report = await analyse(recording, limits);
  return {
    report: { ...report, files: folder === null ? [] : files },
    history: events,
    folder,
    inputs: null,
    warnings,
  };
}

const files: RunReport['files'] = [
  { path: 'test.json', summary: 'the plan: versions, seed, options, environment' },
  { path: 'history.jsonl', summary: 'every event as it happened' },
  { path: 'history.edn', summary: "the same for Jepsen's tools" },
  { path: 'schedule.json', summary: 'the faults that were injected' },
  { path: 'results.json', summary: 'the verdicts, for programs' },
  { path: 'harness.log', summary: 'what the harness did' },
];

async function record(
  { test, environment, signal, onProgress }: RunSettings,
  folder: RunFolder | null,
  log: RunLog,
): Promise<{
  readonly events: readonly HistoryEvent[];
  readonly setup: number;
  readonly inputs: FinishedRun['inputs'];
  readonly warnings: readonly string[];
}> {
  const { plan, system, bug } = test;
  const begun = performance.now();
  const warnings: string[] = [];
  const cluster = await environment.deploy(
    {
      system,
      options: systemOptionsOf(plan),
      bug,
      nodes: plan.nodes,
      seed: plan.seed,
      directory: folder === null ? null : join(folder.path, 'nodes'),
      weather: plan.weather,
    },
    signal,
  );
  try {
    const setup = (performance.now() - begun) / 1000;
    log.write(`${plan.nodes.length} nodes are up`);
    using journal = new Journal(folder === null ? null : fileSink(join(folder.path, 'history.jsonl')));
    await drive({
      test,
      cluster,
      journal,
      signal,
      onProgress: (progress) => {
        log.follow(progress);
        onProgress?.(progress);
      },
    });
    return { events: journal.events, setup, inputs: cluster.inputs?.() ?? null, warnings };
  } finally {
    // What cannot be cleaned up is told; the run has been recorded all the same.
    try {
      await cluster[Symbol.asyncDispose]();
    } catch (error) {
      warnings.push(messageOf(error));
    }
  }
}

/** The faults in the order in which they began, as data that a later run can repeat. Times are nanoseconds. */
function scheduleOf(events: readonly HistoryEvent[]): object {
  const faults = faultLog(marksOf(events)).map(({ begin, begunAt, endedAt, proof, healed }) => {
    const { id, nemesis, variant, targets, fault } = begin;
    return { id, nemesis, variant, targets, fault, begunAt, endedAt, proof, healed };
  });
  return { schema: 1, faults };
}

function lines(texts: Iterable<string>): string {
  let whole = '';
  for (const text of texts) whole += `${text}\n`;
  return whole;
}
