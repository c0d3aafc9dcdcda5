/**
 * The attempts of one operation at a time, and what they leave behind. An operation surely did not happen only if
 * that holds for each attempt by itself; so their ends are kept apart, and an attempt that was given up stays open: a
 * late reply to it may still settle it. Ids are never used again, so that a late reply finds its attempt or none.
 */
import type { NodeId } from '../core/ids.ts';
import { invariant } from '../core/errors.ts';
import type { Attempt } from './client.ts';
import type { OperationError, Outcome } from './outcomes.ts';

/**
 * `effect`: it could make the operation happen. `harmless`: it could not, whatever becomes of it (a read, the opening
 * of a session).
 */
export type AttemptPurpose = 'effect' | 'harmless';

interface AttemptState {
  readonly node: NodeId;
  /** Whether it may have happened, or may happen yet. */
  doubtful: boolean;
}

export class Attempts {
  #last = 0;
  readonly #states = new Map<Attempt, AttemptState>();

  /** Forgets the attempts of the operation before. */
  beginOperation(): void {
    this.#states.clear();
  }

  open(node: NodeId, purpose: AttemptPurpose): Attempt {
    this.#last++;
    this.#states.set(this.#last, { node, doubtful: purpose === 'effect' });
    return this.#last;
  }

  /** Whether this is an attempt of the operation in progress. */
  has(attempt: Attempt): boolean {
    return this.#states.has(attempt);
  }

  /** Where it was sent. Throws on an attempt that is not of the operation in progress. */
  nodeOf(attempt: Attempt): NodeId {
    return this.#state(attempt).node;
  }

  /** The attempt surely had no effect and never will have. */
  settleAsDefinite(attempt: Attempt): void {
    this.#state(attempt).doubtful = false;
  }

  /** Whether any attempt of the operation may have had its effect, or may have it yet. */
  get inDoubt(): boolean {
    for (const state of this.#states.values()) if (state.doubtful) return true;
    return false;
  }

  /** How the operation ends when no attempt brought a result. */
  outcome(error: OperationError): Outcome {
    return { type: this.inDoubt ? 'info' : 'fail', error };
  }

  #state(attempt: Attempt): AttemptState {
    const state = this.#states.get(attempt);
    invariant(state !== undefined, () => `attempt ${attempt} is not of the operation in progress`);
    return state;
  }
}
