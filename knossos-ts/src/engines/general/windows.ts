/**
 * Most violations are local: whatever came before, the last few operations fit no order. So only those are tried, with
 * every state that there may have been before them, and with whatever was pending then done or not done. When even
 * that fails, no order of the whole exists (each legal order of the whole would be one of the window, cut at its first
 * return), and it costs the same in a long history as in a short one. It takes a model whose mutators overwrite, since
 * its states can be counted.
 */
import type { Model } from '../../models/model.ts';
import type { SearchResult } from '../search.ts';
import { BreadthFirst } from './breadth-first.ts';
import { Moves } from './moves.ts';
import type { Plan } from './plan.ts';
import type { States } from './states.ts';
import type { UsedClasses } from './used-classes.ts';

/** Returns per window, and the work that it may cost. */
export type WindowSize = readonly [returns: number, work: number];

const usualSizes: readonly WindowSize[] = [
  [10, 50_000],
  [40, 300_000],
  [160, 2_000_000],
  [640, 10_000_000],
];

const mostStates = 200;

export class Windows {
  readonly #model: Model<unknown>;
  readonly #plan: Plan;
  readonly #states: States;
  readonly #used: UsedClasses;
  readonly #sizes: readonly WindowSize[];
  readonly #starts: ReadonlySet<number>;
  #search: BreadthFirst | undefined;
  #size = 0;
  /** The event before which the windows end, and the same of those that are done with. */
  #event = -1;
  #done = -1;
  #spent = 0;

  constructor(
    model: Model<unknown>,
    plan: Plan,
    states: States,
    used: UsedClasses,
    sizes: readonly WindowSize[] = usualSizes,
  ) {
    this.#sizes = sizes;
    this.#model = model;
    this.#plan = plan;
    this.#states = states;
    this.#used = used;
    this.#starts = statesOf(plan, states);
  }

  /** Goes on for about so much work. Undefined when nothing was found in that time, `furthest` the present end. */
  advance(work: number, furthest: number): SearchResult | undefined {
    const until = this.work + work;
    while (this.work < until) {
      this.#search ??= this.#next(furthest);
      if (this.#search === undefined) return undefined;
      const most = this.#sizes[this.#size]?.[1] ?? 0;
      const result = this.#search.advance(Math.min(until - this.work, most - this.#search.work));
      if (result?.legal === false) return result;
      if (result === undefined && this.#search.work < most) continue;
      // It is legal, so that a larger one may tell more; or it is too much, and a larger one would be, too.
      this.#size = result === undefined ? this.#sizes.length : this.#size + 1;
      this.#spent += this.#search.work;
      this.#search = undefined;
    }
    return undefined;
  }

  get work(): number {
    return this.#spent + (this.#search?.work ?? 0);
  }

  get bytes(): number {
    return this.#search?.bytes ?? 0;
  }

  /** Is there anything to do for that end? */
  hasMore(furthest: number): boolean {
    return this.#starts.size > 0 && (this.#search !== undefined || furthest !== this.#done);
  }

  #next(furthest: number): BreadthFirst | undefined {
    if (this.#event !== furthest) {
      this.#event = furthest;
      this.#size = 0;
    }
    const [size] = this.#sizes[this.#size] ?? [];
    const from = furthest + 1 - (size ?? Infinity);
    if (size === undefined || from <= 0) {
      this.#done = furthest;
      return undefined;
    }
    const moves = new Moves(this.#model, this.#plan, this.#states, this.#used, true);
    for (let event = 0; event < from; event++) moves.timeline.forward(event);
    this.#spent += from;
    const starts = [...this.#starts].map((state) => moves.beginAt(from, state));
    return new BreadthFirst(moves, from, starts, furthest + 1);
  }
}

/** All states that there may be; none where that cannot be told or is too much. */
function statesOf(plan: Plan, states: States): ReadonlySet<number> {
  const all = new Set([states.initial]);
  for (const [operation, effect] of plan.effectOf.entries()) {
    if (plan.readOnly[operation] === 1) continue;
    const left = states.leftBy(effect);
    if (left === undefined) return new Set();
    all.add(left);
    if (all.size > mostStates) return new Set();
  }
  return all;
}
