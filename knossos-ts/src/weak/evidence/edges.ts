/**
 * What a counterexample of a weak model is made of: operations each of which must come before the next, in a circle.
 * Every edge names the rule that made it; an edge that rests on others carries them, so that it can be checked by
 * itself. `initial` stands for the writing of the initial value, before everything.
 */
import type { Operation } from '../../history/operation.ts';
import type { ConsistencyModel } from '../models.ts';

export type EdgeRule =
  /** One process did them in this order. */
  | 'session'
  /** The second observed the value that the first wrote. */
  | 'reads-from'
  /** The second read a list in which the first's append is. */
  | 'in-list'
  /** The initial value was there before any write. */
  | 'initial'
  /** A read of what the second wrote came after the first, on the same key: so the first is the older of the two. */
  | 'seen-before-source'
  /** The first observed a value, and the second is a later write to its key. */
  | 'read-before-overwrite'
  /** Somebody read a list in which the first's element stands before the second's. */
  | 'list-order'
  /** The first read a list without the element that the second appended. */
  | 'not-in-list';

export interface Edge {
  /** Ids of operations. */
  readonly from: number | 'initial';
  readonly to: number | 'initial';
  readonly rule: EdgeRule;
  /** For people: a clause without a full stop. */
  readonly why: string;
  /** The read that a derived edge follows from. */
  readonly read?: number;
  /** The path on which a derived edge rests: see `EdgeRule`. */
  readonly because: readonly Edge[];
}

export interface ModelCounterexample {
  readonly model: ConsistencyModel;
  /** One English sentence. */
  readonly sentence: string;
  /** The operations of the story, by invocation. */
  readonly operations: readonly Operation[];
  /** Each edge ends where the next begins, and the last where the first does. Empty where one operation says it all. */
  readonly cycle: readonly Edge[];
  /** Every edge was derived again from its rule, by code that shares nothing with the check. */
  readonly verified: boolean;
}
