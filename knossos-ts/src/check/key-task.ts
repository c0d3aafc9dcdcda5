/**
 * The check of one key, in slices: first the search, then, where that finds no order, the explanation. Whoever runs
 * it decides how long, and may give up between slices.
 */
import { searchFor, type Search } from '../engines/search.ts';
import { bareCounterexample, explain, explainFlaw } from '../explain/explain.ts';
import { findFlaw } from '../explain/flaws/find-flaw.ts';
import { count, counted, duration } from '../explain/words.ts';
import type { Operation, Value } from '../history/operation.ts';
import { TooLarge, type Model } from '../models/model.ts';
import type { Counterexample, UnknownReason, Verdict } from '../verdict.ts';

export type Clock = () => number;

/** Between two looks at the clock: some tenths of a millisecond, however concurrent the key. */
const workPerLook = 4_000;

/** What an order may cost when the time is up already; without it the story is shorter. */
const workOfOrder = 100_000;

export class KeyTask {
  readonly #model: Model<unknown>;
  readonly #key: Value;
  readonly #operations: readonly Operation[];
  readonly #wantsWitness: boolean;
  #search: Search | undefined;
  #at: Operation | undefined;
  /** What is left of the operations while they are made fewer for the explanation. */
  #fewer: readonly Operation[] | undefined;
  #explanation: Generator<void, Counterexample> | undefined;
  #spent = 0;

  constructor(model: Model<unknown>, key: Value, operations: readonly Operation[], wantsWitness = false) {
    this.#model = model.narrowed?.(operations) ?? model;
    this.#key = key;
    this.#operations = operations;
    this.#wantsWitness = wantsWitness;
  }

  /** Bytes that the search holds, by its estimate. */
  get bytes(): number {
    return this.#search?.bytes ?? 0;
  }

  /** Goes on until the clock (milliseconds) shows `until`. Undefined when it is not decided then. */
  advance(until: number, clock: Clock): Verdict | undefined {
    const begun = clock();
    try {
      do {
        const verdict = this.#look();
        if (verdict !== undefined) return verdict;
      } while (clock() < until);
      return undefined;
    } catch (thrown) {
      return this.#failed(thrown);
    } finally {
      this.#spent += clock() - begun;
    }
  }

  /** The verdict when nobody goes on. A key that is known to be violated stays so, with a less readable story. */
  giveUp(reason: UnknownReason): Verdict {
    if (this.#at !== undefined) return { valid: false, counterexample: this.#bare(this.#at) };
    if (this.#search === undefined) return unknown(reason, 'not begun');
    const spent = duration(this.#spent * 1e6);
    const { reached } = this.#search;
    if (reached === undefined) return unknown(reason, `stopped after ${spent}, before the search began`);
    const { events, of, next } = reached;
    const where =
      next === undefined ? '' : `, where operation ${next.id} (${next.f} by process ${next.process}) returns`;
    return unknown(
      reason,
      `stopped after ${spent} and ${count(Math.round(this.bytes / 2 ** 20))} MiB: an order was found for the first ${count(events)} of ${counted(of, 'return')}${where}; ${helpful[reason]}`,
    );
  }

  #look(): Verdict | undefined {
    if (this.#search === undefined) {
      const flaw = findFlaw(this.#model, this.#operations);
      if (flaw !== undefined)
        return { valid: false, counterexample: explainFlaw(this.#model, this.#key, flaw, this.#operations) };
      this.#search = searchFor(this.#model, this.#operations);
    }
    if (this.#explanation === undefined) {
      const result = this.#search.advance(workPerLook);
      if (result === undefined) return undefined;
      if (result.legal) return this.#wantsWitness ? this.#valid(this.#search) : { valid: true };
      this.#at = result.at;
      const { at } = result;
      this.#explanation = explain(this.#model, this.#key, this.#operations, at, (fewer) => {
        if (fewer.some(({ id }) => id === at.id)) this.#fewer = fewer;
      });
    }
    const step = this.#explanation.next();
    return step.done === true ? { valid: false, counterexample: step.value } : undefined;
  }

  #valid(search: Search): Verdict {
    const order = search.order();
    return order === undefined ? { valid: true } : { valid: true, witness: order.map(({ id }) => id) };
  }

  #failed(thrown: unknown): Verdict {
    if (this.#at !== undefined) return { valid: false, counterexample: this.#bare(this.#at) };
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return unknown(thrown instanceof TooLarge ? 'memory' : 'error', detail);
  }

  #bare(at: Operation): Counterexample {
    if (this.#fewer === undefined) {
      const order = this.#search?.order(workOfOrder);
      try {
        return bareCounterexample(this.#model, this.#key, this.#operations, at, order);
      } catch {
        // What made it fail the first time may be a state of that order.
        return bareCounterexample(this.#model, this.#key, this.#operations, at, undefined);
      }
    }
    const needed = new Set(this.#fewer.map(({ id }) => id));
    const operations = this.#operations.filter(({ id }) => needed.has(id));
    return bareCounterexample(this.#model, this.#key, operations, at, undefined);
  }
}

/** What its reader can do. */
const helpful: { readonly [name in UnknownReason]: string } = {
  time: 'more time, values that are written only once, or fewer clients per key would help',
  memory: 'more memory, values that are written only once, or fewer clients per key would help',
  aborted: 'nothing else was wrong',
  error: 'the model or the history is at fault',
};

export const unknown = (reason: UnknownReason, detail: string): Verdict => ({ valid: 'unknown', reason, detail });
