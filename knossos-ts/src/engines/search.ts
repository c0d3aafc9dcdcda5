/**
 * Is there a legal order? A depth-first search over return events that puts an operation into the order no earlier
 * than some return demands it. Its ancestors are Wing & Gong, "Testing and verifying concurrent objects" (1993), and
 * Lowe, "Testing for linearizability" (2017), whose configurations are remembered. Here a configuration holds the
 * pending operations only, so a long history costs no more per step than a short one. The worst case remains
 * exponential in the concurrency of a key and in the number of its indeterminate operations: whoever runs a search
 * runs it in slices and may stop between them.
 */
import type { Operation } from '../history/operation.ts';
import type { Model } from '../models/model.ts';
import { BothWays } from './general/both-ways.ts';
import { planOf } from './general/plan.ts';
import { guessedOrder } from './guessed.ts';

export type SearchResult =
  | { readonly legal: true }
  /** No order of what was called before `at` returned is legal. */
  | { readonly legal: false; readonly at: Operation };

export interface Search {
  /** Goes on for about so much work, by its own count (see `Meter`). Undefined when it needs more. */
  advance(work: number): SearchResult | undefined;
  /** All work so far. */
  readonly work: number;
  /** An estimate of what the remembered configurations hold. */
  readonly bytes: number;
  /** Undefined while the history is still being laid out. */
  readonly reached: Reached | undefined;
  /**
   * The order that got furthest; whole when the history is legal. Undefined when making it takes more than so much
   * work: it costs as much as a search that never errs.
   */
  order(work?: number): Operation[] | undefined;
}

/** How many return events an order was found for, at best, and the operation that returns next. */
export interface Reached {
  readonly events: number;
  readonly of: number;
  readonly next: Operation | undefined;
}

export function searchFor<S>(model: Model<S>, history: readonly Operation[]): Search {
  // The search never looks into a state; only the model does.
  return new Planned(model, history);
}

/** Lays out the history, and then searches it. */
class Planned implements Search {
  readonly #begun: Generator<number, Search>;
  #search: Search | undefined;
  #planned = 0;

  constructor(model: Model<unknown>, history: readonly Operation[]) {
    this.#begun = begin(history, model);
  }

  advance(work: number): SearchResult | undefined {
    const until = this.#planned + work;
    while (this.#search === undefined) {
      const step = this.#begun.next();
      if (step.done === true) this.#search = step.value;
      else this.#planned += step.value;
      if (this.#planned >= until) return undefined;
    }
    return this.#search.advance(work);
  }

  get work(): number {
    return this.#planned + (this.#search?.work ?? 0);
  }

  get bytes(): number {
    return this.#search?.bytes ?? 0;
  }

  get reached(): Reached | undefined {
    return this.#search?.reached;
  }

  order(work?: number): Operation[] | undefined {
    return this.#search?.order(work);
  }
}

/** Yields the work of each piece. */
function* begin(history: readonly Operation[], model: Model<unknown>): Generator<number, Search> {
  const plan = yield* planOf(history, model);
  const order = yield* guessedOrder(model, plan.operations, plan.outlook);
  return order === undefined ? new BothWays(model, plan) : new Found(order, plan.returns.length);
}

/** A search that is over before it begins. */
class Found implements Search {
  readonly work = 0;
  readonly bytes = 0;
  readonly reached: Reached;
  readonly #order: readonly Operation[];

  constructor(order: readonly Operation[], returns: number) {
    this.#order = order;
    this.reached = { events: returns, of: returns, next: undefined };
  }

  advance(): SearchResult {
    return { legal: true };
  }

  order(): Operation[] {
    return [...this.#order];
  }
}
