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
import type { Model } from '../models/model.ts';
import type { Analysis, UnknownReason, Verdict } from '../verdict.ts';
import { workerFile } from './hired-worker.ts';
import { operationsOf, type KeyHistory } from './key-history.ts';
import { KeyTask, unknown } from './key-task.ts';
import { defaultBudget, type CheckOptions, type SyncCheckOptions } from './options.ts';
import { checkInPool } from './pool.ts';
import type { Reading } from './reading.ts';
import { Router, type RouterOptions } from './router.ts';
import { breath, notBegun, Rounds, type Limits, type NumberedTask } from './rounds.ts';
import { analysisOf } from './summary.ts';

/** Below this many operations the start of a thread costs more than it saves. */
const threadsPayFrom = 20_000;

const clock = (): number => performance.now();

/**
 * Never blocks the event loop for long: everything is done in short pieces, and what takes long by worker threads.
 * @throws HistoryError when the history is malformed, as far as it was read within the budget. Whatever goes wrong
 * later is a verdict `unknown`.
 */
export async function check(history: Iterable<HistoryEvent>, options: CheckOptions): Promise<Analysis> {
  const begun = clock();
  const limits = limitsOf(options, begun);
  const router = new Router(history, routerOptions(options));
  const unfinished = await breathing(router.reading.pieces(), stopOf(options, limits));
  return unfinished === undefined ? judged(router, options, limits, begun) : unread(router.reading, unfinished, begun);
}

/** A check whose events come from somebody who reads them at a pace of their own. Nothing is kept of them but columns. */
export class StreamCheck {
  readonly #router: Router;

  /** `breaks`: places of events of which the time says nothing beside that of the event before; it may grow on the way. */
  constructor(options: SyncCheckOptions, breaks?: readonly number[]) {
    this.#router = new Router(undefined, routerOptions(options, breaks));
  }

  /** @throws HistoryError as `check` does. */
  add(event: HistoryEvent): void {
    this.#router.reading.columns.add(event);
  }

  /** After the last event. A time budget counts from here. */
  async judge(options: CheckOptions): Promise<Analysis> {
    const begun = clock();
    for (const _ of this.#router.reading.pieces());
    return judged(this.#router, options, limitsOf(options, begun), begun);
  }
}

async function judged(router: Router, options: CheckOptions, limits: Limits, begun: number): Promise<Analysis> {
  const stopped = await breathing(router.judge(), stopOf(options, limits));
  const rest = restOf(router, stopped);
  const operations = rest.keys.reduce((sum, { size }) => sum + size, 0);
  const workers = Math.min(options.workers ?? availableParallelism(), rest.keys.length);
  if (workers > 0 && operations >= threadsPayFrom && existsSync(workerFile)) {
    rest.decide(await checkInPool(rest.keys, options, limits, workers));
  } else {
    const { rounds, pieces, verdicts } = roundsOver(router.model, rest.keys, options, limits);
    await breathing(pieces, () => abortOf(options));
    rounds.giveUp('aborted');
    rest.decide(verdicts);
  }
  return analyse(router, begun);
}

const abortOf = ({ signal }: CheckOptions): UnknownReason | undefined =>
  signal?.aborted === true ? 'aborted' : undefined;

const stopOf =
  (options: CheckOptions, limits: Limits): (() => UnknownReason | undefined) =>
  () =>
    abortOf(options) ?? overdue(limits);

/** The same without promises and threads, for callers that check thousands of small histories. */
export function checkSync(history: Iterable<HistoryEvent>, options: SyncCheckOptions): Analysis {
  const begun = clock();
  const limits = limitsOf(options, begun);
  const router = new Router(history, routerOptions(options));
  for (const _ of router.reading.pieces()) {
    if (overdue(limits) !== undefined) return unread(router.reading, 'time', begun);
  }
  let stopped: UnknownReason | undefined;
  for (const _ of router.judge()) if ((stopped = overdue(limits)) !== undefined) break;
  const rest = restOf(router, stopped);
  const { pieces, verdicts } = roundsOver(router.model, rest.keys, options, limits);
  while (pieces.next().done !== true);
  rest.decide(verdicts);
  return analyse(router, begun);
}

const routerOptions = (
  { model, initial = null, witness = false, ties = 'concurrent' }: SyncCheckOptions,
  breaks?: readonly number[],
): RouterOptions => ({
  model,
  initial,
  wantsWitness: witness,
  timing: breaks === undefined ? { ties } : { ties, breaks },
});

interface Rest {
  /** The keys to search. */
  readonly keys: readonly KeyHistory[];
  /** By the place among these. */
  decide(verdicts: readonly (Verdict | undefined)[]): void;
}

/** What is to be searched: nothing, where the structural engines were `stopped` before they had looked at all. */
function restOf({ keys, decisions }: Router, stopped: UnknownReason | undefined): Rest {
  const open = [...keys.keys()].filter((number) => decisions[number] === undefined);
  const decide = (verdicts: readonly (Verdict | undefined)[]): void => {
    for (const [place, number] of open.entries()) {
      const verdict = verdicts[place];
      if (verdict !== undefined) decisions[number] = { verdict, engine: 'search' };
    }
  };
  if (stopped === undefined) return { keys: open.map((number) => keys[number] as KeyHistory), decide };
  for (const number of open) decisions[number] = { verdict: notBegun(stopped), engine: undefined };
  return { keys: [], decide: () => {} };
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

function roundsOver(
  model: Model<unknown>,
  keys: readonly KeyHistory[],
  { witness }: SyncCheckOptions,
  limits: Limits,
): Work {
  const verdicts: (Verdict | undefined)[] = [];
  const rounds = new Rounds(limits, (number, verdict) => (verdicts[number] = verdict));
  function* tasks(): Generator<NumberedTask> {
    for (const [number, history] of keys.entries()) {
      // When the time is up, the task is given up at once and looks at nothing.
      const operations = limits.clock() < limits.deadline ? operationsOf(history) : [];
      yield { number, task: new KeyTask(model, history.key, operations, witness) };
    }
  }
  function* pieces(): Generator<void> {
    yield* rounds.begin(tasks());
    yield* rounds.finish();
  }
  return { rounds, pieces: pieces(), verdicts };
}

function analyse({ keys, decisions, reading }: Router, begun: number): Analysis {
  const all = keys.map(({ key, size }, number) => {
    const { verdict, engine } = decisions[number] ?? { verdict: notBegun('aborted'), engine: undefined };
    return { key, operations: size, verdict, ...(engine === undefined ? {} : { engine }) };
  });
  return analysisOf(all, reading.columns.tied, clock() - begun);
}

/** What was not read to its end may hold anything. */
function unread(reading: Reading, reason: UnknownReason, begun: number): Analysis {
  const keys = reading.keys.map(({ key, size }) => ({ key, operations: size, verdict: notBegun(reason) }));
  const summary = `undecided: stopped while the history was read, after ${count(reading.events)} events`;
  return {
    verdict: unknown(reason, summary),
    keys,
    summary,
    tied: reading.columns.tied,
    milliseconds: clock() - begun,
  };
}
