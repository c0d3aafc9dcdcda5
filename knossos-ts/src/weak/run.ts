/**
 * One check of the models. Linearizability it only asks for; the others are decided over one index of the whole history,
 * from the weakest up: what breaks a model breaks all that imply it, and what keeps one keeps all that it implies. But
 * before anything that takes long, one order of everything is attempted, which proves them all.
 */
import { defaultBudget, type Budget, type SyncCheckOptions } from '../check/options.ts';
import { TimeUp, unlessLate, watchOf } from '../check/watch.ts';
import type { HistoryEvent, Operation } from '../history/operation.ts';
import { joined } from '../history/pair-operations.ts';
import type { TieRule } from '../intake/time-ties.ts';
import type { Analysis } from '../verdict.ts';
import { Deciders } from './deciders.ts';
import { counterexampleOf, impossibleIn } from './evidence/counterexample.ts';
import { buildIndex } from './index/build-index.ts';
import type { HistoryIndex, Indexed } from './index/history-index.ts';
import { consistencyModels, maximal, type ConsistencyModel } from './models.ts';
import { wantedBy, type ModelsOptions } from './options.ts';
import { exhausted } from './sequential/exhausted.ts';
import type { ModelsAnalysis, ModelVerdict } from './verdict.ts';
import { Verdicts } from './verdicts.ts';

/** One look at what each process did. */
const quick = ['read-your-writes', 'monotonic-reads', 'monotonic-writes'] as const;

/** PRAM comes after causal memory, which mostly decides it. Sequential consistency and linearizability come last. */
const weakestFirst = ['writes-follow-reads', 'causal', 'causal-convergence', 'causal-memory', 'pram'] as const;

const clock = (): number => performance.now();

export class Run {
  readonly #options: ModelsOptions;
  readonly #budget: Budget;
  readonly #begun: number = clock();
  readonly #wanted: ReadonlySet<ConsistencyModel>;
  readonly #verdicts = new Verdicts();
  events: readonly HistoryEvent[] = [];
  #operations: readonly Operation[] = [];
  /** Some events have the same time, and are concurrent for it. */
  #hasTies = false;
  /** Linearizable, where ties are concurrent; not where they are ordered. */
  #onlyWithTies = false;
  /** Or the verdict of all that need an index, where there is none. */
  #indexed: Indexed | { readonly kind: 'none'; readonly verdict: ModelVerdict } | undefined;
  #analysis: Analysis | undefined;
  #shared: Deciders | undefined;

  constructor(options: ModelsOptions) {
    this.#options = options;
    this.#budget = { ...defaultBudget, ...options.budget };
    this.#wanted = wantedBy(options);
  }

  /**
   * What is below sequential consistency, which costs little; and what needs no search at all. Pauses between one thing
   * and the next.
   */
  *judgeWeakest(history: Iterable<HistoryEvent>): Generator<void> {
    if (!this.#reads(history)) return;
    yield;
    const indexed = (this.#indexed = this.#index());
    yield;
    if (indexed.kind === 'impossible') {
      for (const model of consistencyModels) {
        const counterexample = impossibleIn(model, indexed.impossible, this.#operations, this.#options.initial ?? null);
        this.#verdicts.put(model, { valid: false, counterexample });
      }
    }
    if (indexed.kind !== 'indexed') return;
    const deciders = this.#deciders(indexed.index);
    const rest = weakestFirst.filter((model) => this.#wanted.has(model));
    for (const model of quick) {
      if (!this.#wanted.has(model)) continue;
      this.#decide(model, deciders, indexed.index);
      yield;
    }
    if (rest.length > 0) this.#tryOrder(deciders);
    yield;
    for (const model of rest) {
      this.#decide(model, deciders, indexed.index);
      yield;
    }
  }

  /** False when there was no time for it: what was not read to its end may hold anything. */
  #reads(history: Iterable<HistoryEvent>): boolean {
    const read = unlessLate(() => joined(history, 'ordered', watchOf(this.#isLate)));
    if (read === undefined) {
      for (const model of this.#wanted) this.#verdicts.set(model, this.#late('stopped while the history was read'));
      return false;
    }
    this.events = read.events;
    this.#operations = read.operations;
    this.#hasTies = read.tied > 0 && this.#options.ties !== 'ordered';
    return true;
  }

  #index(): Indexed | { readonly kind: 'none'; readonly verdict: ModelVerdict } {
    try {
      return buildIndex(this.#operations, this.#options.initial ?? null, watchOf(this.#isLate));
    } catch (error) {
      return { kind: 'none', verdict: this.#undecided(error) };
    }
  }

  /** An order of everything, which proves all models, is mostly found sooner than one of them is decided. */
  #tryOrder(deciders: Deciders): void {
    if (this.#verdicts.has('sequential') || this.#isLate()) return;
    try {
      if (deciders.hasOrder()) this.#verdicts.set('sequential', { valid: true });
    } catch (error) {
      this.#verdicts.set('sequential', this.#undecided(error));
    }
  }

  #deciders(index: HistoryIndex): Deciders {
    if (this.#shared !== undefined) return this.#shared;
    const { hint } = this.#options;
    const { bytes } = this.#budget;
    const limits = { isLate: this.#isLate, bytes };
    this.#shared = new Deciders(index, this.#operations, hint === undefined ? limits : { ...limits, hint });
    return this.#shared;
  }

  readonly #isLate = (): boolean => this.#left() <= 0;

  #undecided(error: unknown): ModelVerdict {
    const detail = error instanceof Error ? error.message : String(error);
    return error instanceof TimeUp ? this.#late(detail) : { valid: 'unknown', reason: 'error', detail };
  }

  #late(detail: string): ModelVerdict {
    return { valid: 'unknown', reason: this.#options.signal?.aborted === true ? 'aborted' : 'time', detail };
  }

  #left(): number {
    const aborted = this.#options.signal?.aborted === true;
    return aborted ? 0 : this.#begun + this.#budget.milliseconds - clock();
  }

  #decide(model: Exclude<ConsistencyModel, 'linearizable'>, deciders: Deciders, index: HistoryIndex): void {
    if (this.#verdicts.has(model)) return;
    if (this.#isLate()) {
      this.#verdicts.set(model, this.#late('not begun before the time was up'));
      return;
    }
    this.#verdicts.set(model, this.#judged(model, deciders, index));
  }

  #judged(model: Exclude<ConsistencyModel, 'linearizable'>, deciders: Deciders, index: HistoryIndex): ModelVerdict {
    try {
      const outcome = deciders.decide(model);
      if (outcome.valid === 'unknown') return outcome;
      if (!outcome.valid) {
        const counterexample =
          outcome.cycle.length > 0
            ? counterexampleOf(model, outcome.cycle, index, this.#operations)
            : exhausted(index, this.#operations, this.#isLate);
        return { valid: false, counterexample };
      }
      if (model === 'sequential' || index.absences.length === 0) return outcome;
      const [absence] = index.absences;
      const detail = `process ${absence?.operation.process} was refused a cas and not told for which value, so that it says only which value was not there`;
      return { valid: 'unknown', reason: 'absence', detail };
    } catch (error) {
      return this.#undecided(error);
    }
  }

  /** Only where no weaker model is broken; and also to prove the weaker ones where values do not tell their writers. */
  wantsLinearizability(): boolean {
    const isOfUse = this.#wanted.has('linearizable') || this.#indexed?.kind === 'ambiguous';
    return isOfUse && !this.#verdicts.has('linearizable');
  }

  linearizability(): SyncCheckOptions {
    const isList = this.#operations.some(({ f }) => f === 'append');
    const { initial } = this.#options;
    const model = isList ? 'list-append' : 'cas-register';
    // The rest is for sequential consistency, which is asked for when this one is broken or takes too long.
    const budget = { milliseconds: Math.max(this.#left() / 2, 1), bytes: this.#budget.bytes };
    return { model, budget, ...(initial === undefined || isList ? {} : { initial }) };
  }

  /**
   * A history that is linearizable in the order of its events is also sequentially consistent. With ties concurrent it
   * need not be: a process may then read, in a tie with its own write, what was there before. So the order of events is
   * tried first, and concurrent ties only where that does not hold.
   */
  *tieRules(): Generator<TieRule> {
    yield 'ordered';
    if (this.#hasTies && this.#verdicts.get('linearizable')?.valid !== true) yield 'concurrent';
  }

  judgeLinearizable(ties: TieRule, analysis: Analysis): void {
    this.#analysis = analysis;
    const { verdict } = analysis;
    if (verdict.valid === 'unknown' || (verdict.valid && (ties === 'ordered' || !this.#hasTies))) {
      this.#verdicts.set('linearizable', verdict);
      return;
    }
    if (verdict.valid) {
      this.#onlyWithTies = true;
      return;
    }
    // A tie may make it legal.
    if (ties === 'ordered' && this.#hasTies) return;
    const { sentence, operations, verified } = verdict.counterexample;
    const counterexample = { model: 'linearizable', sentence, operations, cycle: [], verified } as const;
    this.#verdicts.set('linearizable', { valid: false, counterexample });
  }

  finish(): ModelsAnalysis {
    const indexed = this.#indexed;
    // Where linearizability is undecided, that a weaker model is broken decides it.
    const isOpen = this.#wanted.has('linearizable') && typeof this.#verdicts.get('linearizable')?.valid !== 'boolean';
    if (indexed?.kind === 'indexed' && (this.#wanted.has('sequential') || isOpen)) {
      const deciders = this.#deciders(indexed.index);
      this.#tryOrder(deciders);
      this.#decide('sequential', deciders, indexed.index);
    }
    if (this.#onlyWithTies) this.#judgeTies();
    for (const model of consistencyModels) {
      if (this.#verdicts.has(model)) continue;
      if (indexed?.kind === 'none') this.#verdicts.set(model, indexed.verdict);
      if (indexed?.kind === 'ambiguous') {
        this.#verdicts.set(model, { valid: 'unknown', reason: 'ambiguous', detail: indexed.detail });
      }
    }
    const verdicts = this.#asked();
    const which = (valid: boolean): ConsistencyModel[] =>
      [...verdicts].flatMap(([model, verdict]) => (verdict.valid === valid ? [model] : []));
    return {
      verdicts,
      holds: maximal(which(true)),
      breaks: this.#verdicts.weakestBroken(which(false)),
      linearizability: this.#analysis,
      milliseconds: clock() - this.#begun,
    };
  }

  /** It is linearizable as far as time tells; and so it is, unless the order within a process is broken. */
  #judgeTies(): void {
    const known = this.#verdicts.get('linearizable')?.valid;
    if (known === true || known === false) return;
    const { valid } = this.#verdicts.get('sequential') ?? { valid: 'unknown' };
    this.#verdicts.put(
      'linearizable',
      valid === true
        ? { valid }
        : {
            valid: 'unknown',
            reason: 'ties',
            detail:
              'it is, if events with the same time may be exchanged; whether the order within each process allows that is not known',
          },
    );
  }

  #asked(): Map<ConsistencyModel, ModelVerdict> {
    return new Map(
      consistencyModels.flatMap((model) => {
        const verdict = this.#verdicts.get(model);
        return this.#wanted.has(model) && verdict !== undefined ? [[model, verdict] as const] : [];
      }),
    );
  }
}
