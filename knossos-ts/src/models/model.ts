/**
 * What an object promises when nobody else uses it: a state and the operations that are legal in it. An engine asks
 * whether some order of a concurrent history keeps that promise.
 */
import type { Operation } from '../history/operation.ts';
import type { ValueKey } from '../history/value.ts';

export interface Model<S> {
  readonly name: string;
  readonly init: S;
  /**
   * The state after the operation, or why it cannot happen in this state. Never called for a `fail`. An `info`
   * operation has no output to agree with: it is asked for the effect that it would have.
   */
  step(state: S, operation: Operation): S | Rejection;
  /** Equal for equal states only. */
  key(state: S): ValueKey;
  /**
   * True when the operation can change no state at all, judged by its kind and result and never by the present state:
   * a write of 5 changes the state even where that is 5 already. Absent: none is.
   */
  readOnly?(operation: Operation): boolean;
  /**
   * Every operation that is not read-only leaves a state that depends on that operation alone. True for registers;
   * false, the default, for counters, sets, queues and whatever else accumulates.
   */
  readonly overwrites?: boolean;
  /** Where mutators overwrite: the state that this one leaves behind. Absent: the search does without. */
  leaves?(mutator: Operation): S;
  /** The operations that can bear on the verdict. Absent: all. */
  relevant?(operations: readonly Operation[]): readonly Operation[];
  /** For people. */
  describe(state: S): string;
}

/** Why an operation cannot happen. The words are made only when somebody asks: a search rejects millions. */
export class Rejection {
  readonly #why: () => string;

  constructor(why: () => string) {
    this.#why = why;
  }

  get reason(): string {
    return this.#why();
  }
}
