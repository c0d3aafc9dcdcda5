/**
 * The one question to ask of a history, in its two forms: is it linearizable for this kind of object (`model`), or which
 * consistency models does it keep (`models`)?
 */
import { check as checkObject, checkSync as checkObjectSync } from './check/check.ts';
import type { CheckOptions, SyncCheckOptions } from './check/options.ts';
import type { HistoryEvent } from './history/operation.ts';
import type { Analysis } from './verdict.ts';
import { checkModels, checkModelsSync } from './weak/check-models.ts';
import type { ModelsOptions } from './weak/options.ts';
import type { ModelsAnalysis } from './weak/verdict.ts';

/**
 * With `model` a verdict for each key; with `models` one for each consistency model, over the whole history, and the
 * strongest that hold.
 * @throws HistoryError when the history is malformed, and Error that names the models when one is not known. Whatever
 * goes wrong later is a verdict `unknown`.
 */
export function check(history: Iterable<HistoryEvent>, options: CheckOptions): Promise<Analysis>;
export function check(history: Iterable<HistoryEvent>, options: ModelsOptions): Promise<ModelsAnalysis>;
export function check(
  history: Iterable<HistoryEvent>,
  options: CheckOptions | ModelsOptions,
): Promise<Analysis | ModelsAnalysis> {
  return 'models' in options ? checkModels(history, options) : checkObject(history, options);
}

/** The same without promises and threads, for callers that check thousands of small histories. */
export function checkSync(history: Iterable<HistoryEvent>, options: SyncCheckOptions): Analysis;
export function checkSync(history: Iterable<HistoryEvent>, options: SyncModelsOptions): ModelsAnalysis;
export function checkSync(
  history: Iterable<HistoryEvent>,
  options: SyncCheckOptions | SyncModelsOptions,
): Analysis | ModelsAnalysis {
  return 'models' in options ? checkModelsSync(history, options) : checkObjectSync(history, options);
}

export type SyncModelsOptions = Omit<ModelsOptions, 'workers' | 'signal'>;
