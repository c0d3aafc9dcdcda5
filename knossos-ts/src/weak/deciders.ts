/** How each model is decided, over one index and what the models share: the clocks of the causal order. */
import type { Operation } from '../history/operation.ts';
import { clocksOf, type Clocked } from './causal/clocks.ts';
import { checkCausalLists } from './causal/lists.ts';
import { checkViewsOfLists } from './causal/list-views.ts';
import { checkMemoryOfRegisters } from './causal/memory.ts';
import { checkCausalRegisters, circularCausality, type CausalOutcomes } from './causal/registers.ts';
import { isList, type HistoryIndex } from './index/history-index.ts';
import type { ConsistencyModel } from './models.ts';
import { holds, type Outcome } from './outcome.ts';
import { hasOrder } from './sequential/attempt.ts';
import { checkSequential } from './sequential/sequential.ts';
import {
  checkMonotonicReadsOfLists,
  checkMonotonicWritesOfLists,
  checkReadYourWritesOfLists,
} from './sessions/lists.ts';
import { checkPramOfRegisters } from './sessions/pram.ts';
import { checkMonotonicReads, checkReadYourWrites } from './sessions/registers.ts';
import { watchOf, type Watch } from '../check/watch.ts';
import { checkWritesFollowReadsOfLists } from './sessions/writes-follow-reads.ts';

export interface DecidersOptions {
  readonly isLate: () => boolean;
  /** Bounds the table of clocks. */
  readonly bytes: number;
  /** Ids of operations in the order in which the store says that they took effect, if it says so. */
  readonly hint?: readonly number[];
}

export class Deciders {
  readonly #index: HistoryIndex;
  readonly #history: readonly Operation[];
  readonly #options: DecidersOptions;
  readonly #watch: Watch;
  #clocks: Clocked | undefined;
  #causal: CausalOutcomes | undefined;
  #hasOrder: boolean | undefined;

  constructor(index: HistoryIndex, history: readonly Operation[], options: DecidersOptions) {
    this.#index = index;
    this.#history = history;
    this.#options = options;
    this.#watch = watchOf(options.isLate);
  }

  /** Whether an order of everything was found at the first attempt, which proves every model. @throws TimeUp */
  hasOrder(): boolean {
    return (this.#hasOrder ??= hasOrder(this.#index, this.#history, this.#options.hint, this.#watch));
  }

  /** Of sequential consistency what the first attempt has left open. @throws TimeUp */
  decide(model: Exclude<ConsistencyModel, 'linearizable'>): Outcome {
    const index = this.#index;
    const list = isList(index);
    const watch = this.#watch;
    const deciders: { readonly [name in typeof model]: () => Outcome } = {
      sequential: () => checkSequential(index, this.#history, this.#options.isLate, () => this.#clocked()),
      'causal-memory': () =>
        this.#acyclic(({ clocks }) => {
          const known = this.#causalOutcomes(clocks);
          if (known.causal.valid !== true) return known.causal;
          return list ? checkViewsOfLists(index, false, watch) : checkMemoryOfRegisters(index, clocks, known, watch);
        }),
      'causal-convergence': () => this.#acyclic(({ clocks }) => this.#causalOutcomes(clocks).convergence),
      causal: () => this.#acyclic(({ clocks }) => this.#causalOutcomes(clocks).causal),
      pram: () =>
        list ? checkViewsOfLists(index, true, watch) : checkPramOfRegisters(index, this.#options.bytes, watch),
      'read-your-writes': () => (list ? checkReadYourWritesOfLists(index, watch) : checkReadYourWrites(index)),
      'monotonic-reads': () => (list ? checkMonotonicReadsOfLists(index, watch) : checkMonotonicReads(index)),
      'monotonic-writes': () => (list ? checkMonotonicWritesOfLists(index, watch) : holds),
      'writes-follow-reads': () =>
        this.#acyclic(({ clocks }) => (list ? checkWritesFollowReadsOfLists(index, clocks.order, watch) : holds)),
    };
    return deciders[model]();
  }

  #acyclic(decide: (clocked: Clocked & { readonly kind: 'clocks' }) => Outcome): Outcome {
    const clocked = this.#clocked();
    if (clocked.kind === 'cycle') return circularCausality(this.#index);
    if (clocked.kind === 'clocks') return decide(clocked);
    const detail = 'the clocks of this many sessions need more than the memory budget';
    return { valid: 'unknown', reason: 'memory', detail };
  }

  #clocked(): Clocked {
    return (this.#clocks ??= clocksOf(this.#index, this.#options.bytes, this.#watch));
  }

  #causalOutcomes(clocks: (Clocked & { readonly kind: 'clocks' })['clocks']): CausalOutcomes {
    return (this.#causal ??= isList(this.#index)
      ? checkCausalLists(this.#index, clocks, this.#watch)
      : checkCausalRegisters(this.#index, clocks, this.#watch));
  }
}
