/**
 * Is a history linearizable? Each key is judged by itself, which suffices for this model (Herlihy & Wing 1990,
 * "Linearizability", locality), so that keys can be checked side by side. Everything is done in pieces of some
 * milliseconds, so that neither a budget nor an abort is overrun by much.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate as breathe } from 'node:timers/promises';
import { count } from '../explain/words.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { models } from '../models/catalogue.ts';
import type { Analysis, UnknownReason, Verdict } from '../verdict.ts';
import { workerFile } from './hired-worker.ts';
import type { KeyHistory } from './key-history.ts';
import { KeyTask, unknown } from './key-task.ts';
import { defaultBudget, type CheckOptions, type SyncCheckOptions } from './options.ts';
import { checkInPool } from './pool.ts';
import { Reading } from './reading.ts';
import { breath, notBegun, Rounds, type Limits } from './rounds.ts';
import { analysisOf } from './summary.ts';

/** Below this many operations the start of a thread costs more than it saves. */
const threadsPayFrom = 20_000;

const clock = (): number => performance.now();

/**
 * Never blocks the event loop for long: small histories are checked in short pieces, large ones by worker threads.
 * @throws HistoryError when the history is malformed, as far as it was read within the budget. Whatever goes wrong
 * later is a verdict `unknown`.
 */
export async function check(history: Iterable<HistoryEvent>, options: CheckOptions): Promise<Analysis> {
  const begun = clock();
  const limits = limitsOf(options, begun);
  const aborted = (): UnknownReason | undefined => (options.signal?.aborted === true ? 'aborted' : undefined);
  const reading = new Reading(history);
  const stopped = await breathing(reading.pieces(), () => aborted() ?? overdue(limits));
  if (stopped !== undefined) return unread(reading, stopped, begun);
  const { keys } = reading;
  const operations = keys.reduce((sum, key) => sum + key.operations.length, 0);
  const workers = Math.min(options.workers ?? availableParallelism(), keys.length);
  if (workers > 0 && operations >= threadsPayFrom && existsSync(workerFile)) {
    return analyse(keys, await checkInPool(keys, options, limits, workers), begun);
  }
  const { rounds, pieces, verdicts } = roundsOver(keys, options, limits);
  await breathing(pieces, aborted);
  rounds.giveUp('aborted');
  return analyse(keys, verdicts, begun);
}

/** The same without promises and threads, for callers that check thousands of small histories. */
export function checkSync(history: Iterable<HistoryEvent>, options: SyncCheckOptions): Analysis {
  const begun = clock();
  const limits = limitsOf(options, begun);
  const reading = new Reading(history);
  for (const _ of reading.pieces()) if (overdue(limits) !== undefined) return unread(reading, 'time', begun);
  const { pieces, verdicts } = roundsOver(reading.keys, options, limits);
  while (pieces.next().done !== true);
  return analyse(reading.keys, verdicts, begun);
}

function limitsOf(options: SyncCheckOptions, begun: number): Limits {
  const budget = { ...defaultBudget, ...options.budget };
  return { deadline: begun + budget.milliseconds, bytes: budget.bytes, clock };
}

const overdue = (limits: Limits): UnknownReason | undefined => (clock() >= limits.deadline ? 'time' : undefined);

/** Undefined when all pieces are done; otherwise why they are not. */
async function breathing(
  pieces: Generator<void>,
  stop: () => UnknownReason | undefined,
): Promise<UnknownReason | undefined> {
  let rested = clock();
  while (pieces.next().done !== true) {
    const reason = stop();
    if (reason !== undefined) {
      pieces.return(undefined);
      return reason;
    }
    if (clock() - rested < breath) continue;
    await breathe();
    rested = clock();
  }
  return undefined;
}

interface Work {
  readonly rounds: Rounds;
  readonly pieces: Generator<void>;
  /** By the place of the key. */
  readonly verdicts: readonly (Verdict | undefined)[];
}

function roundsOver(keys: readonly KeyHistory[], options: SyncCheckOptions, limits: Limits): Work {
  const model = models[options.model](options.initial ?? null);
  const verdicts: (Verdict | undefined)[] = [];
  const rounds = new Rounds(limits, (number, verdict) => (verdicts[number] = verdict));
  const tasks = keys.map(({ key, operations }, number) => ({ number, task: new KeyTask(model, key, operations) }));
  function* pieces(): Generator<void> {
    yield* rounds.begin(tasks);
    yield* rounds.finish();
  }
  return { rounds, pieces: pieces(), verdicts };
}

function analyse(keys: readonly KeyHistory[], verdicts: readonly (Verdict | undefined)[], begun: number): Analysis {
  const judged = keys.map(({ key, operations }, number) => ({
    key,
    operations: operations.length,
    verdict: verdicts[number] ?? notBegun('aborted'),
  }));
  return analysisOf(judged, clock() - begun);
}

/** What was not read to its end may hold anything. */
function unread(reading: Reading, reason: UnknownReason, begun: number): Analysis {
  const verdicts = reading.keys.map(() => notBegun(reason));
  const { keys } = analyse(reading.keys, verdicts, begun);
  const summary = `undecided: stopped while the history was read, after ${count(reading.events)} events`;
  return { verdict: unknown(reason, summary), keys, summary, milliseconds: clock() - begun };
}
