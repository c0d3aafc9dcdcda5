/**
 * What an object promises when nobody else uses it: a state and the operations that are legal in it. An engine asks
 * whether some order of a concurrent history keeps that promise. Whoever has an object that is not in the catalogue
 * writes a model of their own: `init`, `step`, `key` and `describe` suffice, and everything else makes checks faster.
 */
import type { Operation, Value } from '../history/operation.ts';
import type { ValueKey } from '../history/value.ts';

export interface Model<S> {
  readonly name: string;
  readonly init: S;
  /**
   * The state after the operation, or why it cannot happen in this state. Must not change `state`. Never called for a
   * `fail`. An `info` operation has no output to agree with: it is asked for the effect that it would have. Operations
   * that agree in `f`, `key`, `input`, `type` and `output` must do the same: engines ask once for all of them.
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
  /**
   * The state is one value with the functions of `register-values.ts`. Lets engines that know registers, and the
   * stories of their violations, look at values. Absent: false.
   */
  readonly isRegister?: boolean;
  /** Where mutators overwrite: the state that this one leaves behind. Absent: the search does without. */
  leaves?(mutator: Operation): S;
  /**
   * Equal for operations that do the same in every state, whatever their outcome is called: an `ok` write of 5 and an
   * `info` one. Absent, or undefined: those that agree in `f`, `key`, `input`, `type` and `output`.
   */
  effect?(operation: Operation): ValueKey | undefined;
  /** The operation is legal in every state, as a plain write is. Absent: none is. */
  total?(operation: Operation): boolean;
  /** It is total, and leaves a state that depends on it alone. Absent: none is. */
  blind?(operation: Operation): boolean;
  /** The operations that can bear on the verdict, without a `fail` among them before. Absent: all. */
  relevant?(operations: readonly Operation[]): readonly Operation[];
  /** What all of these operations together, none of which is a `fail`, tell of the states. Absent, or undefined: nothing. */
  outlook?(operations: readonly Operation[]): Outlook<S> | undefined;
  /**
   * An order that may be legal, of operations without a `fail`; it is tried before anything is searched. Absent, or
   * undefined: none comes to mind.
   */
  guess?(operations: readonly Operation[]): readonly Operation[] | undefined;
  /**
   * The parts of the object that the operation touches, where parts are independent of each other, as the keys of a
   * map are. Absent: the object is what `key` of the operation names, and has no parts.
   */
  partsOf?(operation: Operation): readonly Value[];
  /**
   * A model that judges these operations the same and says more of them, as that of a register does where a map has
   * only one key. Absent, or undefined: this one.
   */
  narrowed?(operations: readonly Operation[]): Model<unknown> | undefined;
  /** For people. */
  describe(state: S): string;
  /** Operations in words. Absent: the functions are named as they are. */
  readonly words?: Words;
}

/** What is known of the states of all legal orders of a history. What is absent tells nothing. */
export interface Outlook<S> {
  /** False only for a state that no legal order comes by. */
  isViable?(state: S): boolean;
  /** A simpler state in which all that these operations might still do is legal or not as it is in this one. */
  simplest?(state: S): S;
  /**
   * The state after an operation, where the model would make many more than `simplest` leaves of them. Undefined: as
   * `step` says.
   */
  after?(state: S, operation: Operation): S | undefined;
  /**
   * Equal for operations that may stand in for each other anywhere in any order of these operations: it stays legal, or
   * not, when two of them change places. Undefined: as `effect` says.
   */
  alike?(operation: Operation): ValueKey | undefined;
}

/** How a model speaks of its operations. `on` is ` on key 17 at node n1`, or as much of it as there is. */
export interface Words {
  /** What the state is called: `value`, `queue`. */
  readonly state: string;
  /** After "the" or "process 7's": `enqueue of 5`. */
  noun(operation: Operation): string;
  /** After "process 7", as what it did: `dequeued 5${on}`. */
  deed(operation: Operation, on: string): string;
  /** After "process 7 cannot have": `dequeued 5${on}`. Absent: the same as `deed`. */
  perfect?(operation: Operation, on: string): string;
}

/** Thrown by a model whose next state would take more memory than a state may. */
export class TooLarge extends Error {}

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
