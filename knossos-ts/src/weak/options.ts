/** What a caller asks about consistency models. */
import type { Budget } from '../check/options.ts';
import type { Value } from '../history/operation.ts';
import type { TieRule } from '../intake/time-ties.ts';
import { consistencyModels, type ConsistencyModel } from './models.ts';

export interface ModelsOptions {
  /** Which are asked for. What the others say is found out only as far as it is needed for these. */
  readonly models: 'all' | readonly ConsistencyModel[];
  /** The value of every key before the first write. Default null. Lists begin empty. */
  readonly initial?: Value;
  /** As for `check`. It only bears on linearizability: what one process does has the order of its events. */
  readonly ties?: TieRule;
  /** For all models together. */
  readonly budget?: Partial<Budget>;
  /** Ids of operations in the order in which the store says that they took effect, if it says so; it is verified. */
  readonly hint?: readonly number[];
  /** Of the check of linearizability. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/** @throws Error that names the models when one is not known. */
export function wantedBy({ models }: Pick<ModelsOptions, 'models'>): ReadonlySet<ConsistencyModel> {
  if (models === 'all') return new Set(consistencyModels);
  const unknown = models.find((model) => !consistencyModels.includes(model));
  if (unknown === undefined) return new Set(models);
  throw new Error(`Unknown consistency model "${unknown}". Known: all, ${consistencyModels.join(', ')}`);
}
