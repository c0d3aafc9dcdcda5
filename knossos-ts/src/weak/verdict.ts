/** What is answered about models. */
import type { UnknownReason } from '../verdict.ts';
import type { ModelCounterexample } from './evidence/edges.ts';
import type { ConsistencyModel } from './models.ts';

/**
 * `ambiguous`: an observed value may have been written by several operations. `absence`: a cas was refused without
 * saying for which value, and the rest of the history keeps the model.
 */
export type UnknownModelReason = UnknownReason | 'ambiguous' | 'absence';

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
