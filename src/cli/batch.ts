/** `--test-count`: simulated seeds spread over the processors, or real runs one after the other. */
import { availableParallelism } from 'node:os';
import {
  type BatchReport,
  type SeedResult,
  batchReport,
  checkedAgain,
  isFailing,
  runSeeds,
  seedResult,
} from '../harness/batch.ts';
import { repeatCommand } from '../harness/command.ts';
import { breakingNames } from '../harness/plan.ts';
import { writeReports } from '../harness/reporting.ts';
import { type FinishedRun, run } from '../harness/run.ts';
import { batchText } from './batch-text.ts';
import { reporters } from './reporters.ts';
import { SeedWorker } from './seed-worker.ts';
import { programName } from './program.ts';
import { type TestCommand, settingsOf, showRun, testOf } from './test-command.ts';
import { requireFolder } from './writable.ts';

export async function runBatch(command: TestCommand, count: number, signal: AbortSignal): Promise<number> {
  const { request, chosen, terminal, json } = command;
  requireFolder(command.store, '--store');
  const begun = performance.now();
  const simulated = chosen.environment.name === 'sim';
  const { report, stored } = simulated ? await simulate(command, count, signal) : await inTurn(command, count, signal);
  const elapsed = (performance.now() - begun) / 1000;
  if (stored !== null && simulated && report.failing !== null && !json) await showRun(command, stored);
  if (json) terminal.print(JSON.stringify({ ...report, seconds: elapsed }, null, 2));
  else terminal.print(batchText(report, elapsed, request.nemesis ?? 'none', stored));
  if (report.failing !== null)
    (json ? terminal.note : terminal.print)(
      `\nRepeat exactly this seed with:\n  ${repeatCommand(testOf(command, report.failing.seed), programName())}`,
    );
  return report.outcome.exitCode;
}

interface Batch {
  readonly report: BatchReport;
  /** The run that is worth looking at: the one that failed, else the first. */
  readonly stored: FinishedRun | null;
}

const nemesesOf = (command: TestCommand): readonly string[] => breakingNames(testOf(command, command.request.seed));

/** The runs themselves keep nothing. The one that is worth keeping is run again: the same seed gives the same run. */
async function simulate(command: TestCommand, count: number, signal: AbortSignal): Promise<Batch> {
  const { request, chosen, terminal } = command;
  const workers = Array.from(
    { length: Math.min(count, availableParallelism()) },
    () => new SeedWorker({ reason: chosen.reason }),
  );
  const progress = batchProgress(terminal.note, count);
  try {
    const lanes = workers.map((worker) => (seed: number) => worker.run({ ...request, seed }));
    const results = await runSeeds({ first: request.seed, count }, lanes, progress, signal);
    const report = batchReport(results, count, nemesesOf(command));
    const kept = report.failing ?? results[0];
    if (kept === undefined) return { report, stored: null };
    const stored = await runStored(command, kept.seed);
    return { report: checkedAgain(report, kept, seedResult(stored, kept.nemeses)), stored };
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

/** Whole also when the batch was interrupted: it takes a second, and must be comparable. */
async function runStored(command: TestCommand, seed: number): Promise<FinishedRun> {
  const stored = await run(settingsOf(command, testOf(command, seed), new AbortController().signal));
  const quiet = Object.values(reporters).filter(({ name }) => name !== 'console');
  await writeReports(stored, quiet, { print: command.terminal.note, colour: false });
  return stored;
}

async function inTurn(command: TestCommand, count: number, signal: AbortSignal): Promise<Batch> {
  const { request, terminal } = command;
  let kept: FinishedRun | null = null;
  const lane = async (seed: number): Promise<SeedResult> => {
    const test = testOf(command, seed);
    const finished = await run(settingsOf(command, test, signal));
    const result = seedResult(finished, breakingNames(test));
    if (kept === null || isFailing(result)) kept = finished;
    await writeReports(
      finished,
      Object.values(reporters).filter(({ name }) => name !== 'console' || isFailing(result)),
      { print: command.json ? terminal.note : terminal.print, colour: terminal.colour && !command.json },
    );
    return result;
  };
  const results = await runSeeds(
    { first: request.seed, count },
    [lane],
    ({ seed, headline, reasons }) => terminal.note([`Seed ${seed}: ${headline}`, ...reasons.slice(0, 1)].join(' ')),
    signal,
  );
  return { report: batchReport(results, count, nemesesOf(command)), stored: kept };
}

const lineEvery = 5_000;

function batchProgress(note: (text: string) => void, count: number): (result: SeedResult) => void {
  let done = 0;
  let next = performance.now() + lineEvery;
  return () => {
    done++;
    if (performance.now() < next) return;
    next = performance.now() + lineEvery;
    note(`${done} of ${count} seeds`);
  };
}
