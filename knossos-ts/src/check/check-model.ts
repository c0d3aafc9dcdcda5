/**
 * A check against a model that is not in the catalogue. It runs in the calling thread, because a model is code and
 * cannot be sent to another.
 */
import type { HistoryEvent } from '../history/operation.ts';
import { joined } from '../history/pair-operations.ts';
import type { Model } from '../models/model.ts';
import { partition } from '../models/parts.ts';
import type { Analysis, Verdict } from '../verdict.ts';
import { KeyTask, unknown } from './key-task.ts';
import { defaultBudget, type SyncCheckOptions } from './options.ts';
import { notBegun, Rounds } from './rounds.ts';
import { analysisOf } from './summary.ts';
import { unlessLate, watchOf } from './watch.ts';

const clock = (): number => performance.now();

/**
 * @throws HistoryError when the history is malformed, as far as it was read within the budget. What the model throws is a
 * verdict `unknown` of the key where it does.
 */
export function checkModel(
  history: Iterable<HistoryEvent>,
  model: Model<unknown>,
  options: Pick<SyncCheckOptions, 'budget' | 'ties' | 'witness'> = {},
): Analysis {
  const begun = clock();
  const { milliseconds, bytes } = { ...defaultBudget, ...options.budget };
  const limits = { deadline: begun + milliseconds, bytes, clock };
  const watch = watchOf(() => clock() >= limits.deadline);
  const read = unlessLate(() => joined(history, options.ties ?? 'concurrent', watch));
  if (read === undefined) {
    const summary = 'undecided: stopped while the history was read';
    return { verdict: unknown('time', summary), keys: [], summary, tied: 0, milliseconds: clock() - begun };
  }
  const { operations: all, tied } = read;
  const parts = partition(model, all);
  const verdicts: (Verdict | undefined)[] = [];
  const rounds = new Rounds(limits, (number, verdict) => (verdicts[number] = verdict));
  const tasks = parts.map(({ key, operations }, number) => ({
    number,
    task: new KeyTask(model, key, operations, options.witness),
  }));
  for (const _ of rounds.begin(tasks));
  for (const _ of rounds.finish());
  const keys = parts.map(({ key, operations }, number) => ({
    key,
    operations: operations.length,
    verdict: verdicts[number] ?? notBegun('time'),
    engine: 'search' as const,
  }));
  return analysisOf(keys, tied, clock() - begun);
}
