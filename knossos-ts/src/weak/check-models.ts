/** Which consistency models does a history keep? */
import { setImmediate as breathe } from 'node:timers/promises';
import { check, checkSync } from '../check/check.ts';
import type { HistoryEvent } from '../history/operation.ts';
import type { ModelsOptions } from './options.ts';
import { Run } from './run.ts';
import type { ModelsAnalysis } from './verdict.ts';

/**
 * @throws HistoryError when the history is malformed, as far as it was read within the budget, and Error for the name of
 * no model. Whatever goes wrong later is a verdict `unknown`. Between one model and the next, `signal` is heard.
 */
export async function checkModels(history: Iterable<HistoryEvent>, options: ModelsOptions): Promise<ModelsAnalysis> {
  const run = new Run(options);
  for (const _ of run.judgeWeakest(history)) await breathe();
  if (run.wantsLinearizability()) {
    const { workers, signal } = options;
    const threads = { ...(workers === undefined ? {} : { workers }), ...(signal === undefined ? {} : { signal }) };
    for (const ties of run.tieRules()) {
      run.judgeLinearizable(ties, await check(run.events, { ...run.linearizability(), ties, ...threads }));
    }
  }
  return run.finish();
}

/** The same without promises and threads. */
export function checkModelsSync(history: Iterable<HistoryEvent>, options: ModelsOptions): ModelsAnalysis {
  const run = new Run(options);
  for (const _ of run.judgeWeakest(history));
  if (run.wantsLinearizability()) {
    for (const ties of run.tieRules()) {
      run.judgeLinearizable(ties, checkSync(run.events, { ...run.linearizability(), ties }));
    }
  }
  return run.finish();
}
