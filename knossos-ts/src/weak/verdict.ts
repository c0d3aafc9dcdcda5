/** What is answered about models. */
import type { Analysis, UnknownReason } from '../verdict.ts';
import type { ModelCounterexample } from './evidence/edges.ts';
import type { ConsistencyModel } from './models.ts';

/**
 * `ambiguous`: an observed value may have been written by several operations. `absence`: a cas was refused without
 * saying for which value, and the rest of the history keeps the model. `ties`: linearizable if events with the same time
 * may be exchanged, and not as they stand; whether the exchange keeps the order within each process is not known.
 */
export type UnknownModelReason = UnknownReason | 'ambiguous' | 'absence' | 'ties';

export type ModelVerdict =
  | {
      readonly valid: true;
      /** The stronger model that holds and implies this one, where it was not decided by itself. */
      readonly impliedBy?: ConsistencyModel;
    }
  | {
      readonly valid: false;
      readonly counterexample: ModelCounterexample;
      /** The weaker model that is broken already, where this one was not decided by itself. */
      readonly impliedBy?: ConsistencyModel;
    }
  | { readonly valid: 'unknown'; readonly reason: UnknownModelReason; readonly detail: string };

export interface ModelsAnalysis {
  /** Of each model that was asked for. */
  readonly verdicts: ReadonlyMap<ConsistencyModel, ModelVerdict>;
  /** Of the models that hold, those that no other one that holds implies. */
  readonly holds: readonly ConsistencyModel[];
  /** Of the models that are broken, those that imply no other broken one: the least that was promised and not kept. */
  readonly breaks: readonly ConsistencyModel[];
  /** Key by key, where linearizability was checked. */
  readonly linearizability: Analysis | undefined;
  readonly milliseconds: number;
}
