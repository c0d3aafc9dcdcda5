import type { HistoryEvent } from '../history/operation.ts';
import { pairOperations } from '../history/pair-operations.ts';
import type { Analysis } from '../verdict.ts';
import type { CheckOptions, SyncCheckOptions } from './options.ts';

const stub = (history: Iterable<HistoryEvent>): Analysis => {
  pairOperations(history);
  const verdict = { valid: 'unknown', reason: 'error', detail: 'the engine is not built yet' } as const;
  return { verdict, keys: [], summary: 'undecided', milliseconds: 0 };
};

/**
 * Is the history linearizable? Each key is judged by itself (Herlihy & Wing 1990, locality).
 * @throws HistoryError when the history is malformed.
 */
export const check = async (history: Iterable<HistoryEvent>, _options: CheckOptions): Promise<Analysis> =>
  stub(history);

/** The same without promises, for callers that check thousands of small histories. */
export const checkSync = (history: Iterable<HistoryEvent>, _options: SyncCheckOptions): Analysis => stub(history);
