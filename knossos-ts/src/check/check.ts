/**
 * Is a history linearizable? Each key is judged by itself, which suffices for this model (Herlihy & Wing 1990,
 * "Linearizability", locality), so that keys can be checked side by side.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate as breathe } from 'node:timers/promises';
import type { HistoryEvent } from '../history/operation.ts';
import { pairOperations } from '../history/pair-operations.ts';
import { models } from '../models/catalogue.ts';
import type { Analysis, Verdict } from '../verdict.ts';
import { splitByKey, type KeyHistory } from './key-history.ts';
import { KeyTask } from './key-task.ts';
import { defaultBudget, type CheckOptions, type SyncCheckOptions } from './options.ts';
import { checkInPool, workerFile } from './pool.ts';
import { notBegun, Rounds, type Limits } from './rounds.ts';
import { analysisOf } from './summary.ts';

/** Below this many operations the start of a thread costs more than it saves. */
const threadsPayFrom = 20_000;

const clock = (): number => performance.now();

/**
 * Never blocks the event loop for long: small histories are checked in short pieces, large ones by worker threads.
 * @throws HistoryError when the history is malformed. Whatever goes wrong later is a verdict `unknown`.
 */
export async function check(history: Iterable<HistoryEvent>, options: CheckOptions): Promise<Analysis> {
  const begun = clock();
  const operations = pairOperations(history);
  const keys = splitByKey(operations);
  const workers = Math.min(options.workers ?? availableParallelism(), keys.length);
  const inPool = workers > 0 && operations.length >= threadsPayFrom && existsSync(workerFile);
  const verdicts = await (inPool ? checkInPool(keys, options, workers) : checkInline(keys, options, begun));
  return analyse(keys, verdicts, begun);
}

/** The same without promises and threads, for callers that check thousands of small histories. */
export function checkSync(history: Iterable<HistoryEvent>, options: SyncCheckOptions): Analysis {
  const begun = clock();
  const keys = splitByKey(pairOperations(history));
  const verdicts: Verdict[] = [];
  const work = roundsOver(keys, options, begun, verdicts);
  while (work.pieces.next().done !== true);
  return analyse(keys, verdicts, begun);
}

interface Work {
  readonly rounds: Rounds;
  readonly pieces: Generator<void>;
}

function roundsOver(keys: readonly KeyHistory[], options: SyncCheckOptions, begun: number, verdicts: Verdict[]): Work {
  const model = models[options.model](options.initial ?? null);
  const budget = { ...defaultBudget, ...options.budget };
  const limits: Limits = { deadline: begun + budget.milliseconds, bytes: budget.bytes, clock };
  const rounds = new Rounds(limits, (number, verdict) => (verdicts[number] = verdict));
  const tasks = keys.map(({ key, operations }, number) => ({ number, task: new KeyTask(model, key, operations) }));
  function* pieces(): Generator<void> {
    yield* rounds.begin(tasks);
    yield* rounds.finish();
  }
  return { rounds, pieces: pieces() };
}

async function checkInline(keys: readonly KeyHistory[], options: CheckOptions, begun: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const { rounds, pieces } = roundsOver(keys, options, begun, verdicts);
  let rested = clock();
  while (options.signal?.aborted !== true && pieces.next().done !== true) {
    if (clock() - rested < 10) continue;
    await breathe();
    rested = clock();
  }
  rounds.giveUp('aborted');
  return verdicts;
}

function analyse(keys: readonly KeyHistory[], verdicts: readonly (Verdict | undefined)[], begun: number): Analysis {
  const judged = keys.map(({ key, operations }, number) => ({
    key,
    operations: operations.length,
    verdict: verdicts[number] ?? notBegun('aborted'),
  }));
  return analysisOf(judged, clock() - begun);
}
