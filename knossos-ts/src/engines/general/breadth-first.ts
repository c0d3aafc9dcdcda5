/**
 * A sweep over return events that takes all configurations along side by side (Lowe, "Testing for linearizability",
 * 2017, and Knossos' `linear`). It looks at more than a depth-first search that errs seldom. But what arrives at an
 * event is compared before any of it goes on, so that nothing is explored twice, once with many indeterminate
 * operations used and later again with fewer: where a history is illegal, or legal in few ways only, that decides.
 */
import type { Operation } from '../../history/operation.ts';
import type { Reached, Search, SearchResult } from '../search.ts';
import { Expansion, later, none } from './expansion.ts';
import { levelOf, type Moves } from './moves.ts';
import { orderOf } from './witness.ts';

export class BreadthFirst implements Search {
  readonly #moves: Moves;
  readonly #marks: Uint8Array;
  readonly #end: number;
  #event: number;
  /** What arrived at the event, and how much of it has gone on; and what has arrived at the next one. */
  #frontier: number[];
  #at = 0;
  #next: number[] = [];
  #expansion: Expansion | undefined;
  #result: SearchResult | undefined;

  /** Begins with these configurations at the event at which the timeline is, and ends before event `end`. */
  constructor(
    moves: Moves,
    event: number,
    starts: readonly number[],
    end: number = moves.timeline.plan.returns.length,
  ) {
    this.#moves = moves;
    this.#marks = new Uint8Array(moves.timeline.plan.effects.length);
    this.#event = event;
    this.#frontier = [...starts];
    this.#end = end;
    if (event === end) this.#result = { legal: true };
    else this.#arrive();
  }

  advance(work: number): SearchResult | undefined {
    const { meter, states } = this.#moves;
    states.meter = meter;
    const until = meter.work + work;
    while (this.#result === undefined && meter.work < until) this.#step();
    return this.#result;
  }

  #step(): void {
    this.#moves.meter.work++;
    if (this.#expansion !== undefined) {
      const next = this.#expansion.next();
      if (next === none) this.#expansion = undefined;
      else if (next !== later) this.#next.push(next);
    } else if (this.#at < this.#frontier.length) this.#goOn(this.#frontier[this.#at++] as number);
    else this.#toNextEvent();
  }

  #goOn(configuration: number): void {
    const moves = this.#moves;
    if (moves.configurations.isRedundant(configuration)) return;
    moves.load(configuration);
    const event = this.#event;
    if (moves.hasReturned(event)) {
      const next = moves.pass(configuration, event, moves.timeline.plan.returns[event] as number);
      if (next >= 0) this.#next.push(next);
      return;
    }
    // What is on the way past an event says nothing of what arrives there, and the other way round.
    this.#expansion = new Expansion(moves, event, levelOf(event) + 1, configuration, this.#marks);
  }

  #toNextEvent(): void {
    const moves = this.#moves;
    const { returns, operations } = moves.timeline.plan;
    if (this.#next.length === 0) {
      this.#result = { legal: false, at: operations[returns[this.#event] as number] as Operation };
      return;
    }
    this.#frontier = this.#next;
    this.#next = [];
    this.#at = 0;
    this.#event++;
    if (this.#event === this.#end) {
      this.#result = { legal: true };
      return;
    }
    moves.timeline.forward(this.#event - 1);
    this.#arrive();
  }

  #arrive(): void {
    const moves = this.#moves;
    for (const configuration of this.#frontier) {
      moves.load(configuration);
      moves.arrive(configuration, this.#event);
    }
  }

  get work(): number {
    return this.#moves.meter.work;
  }

  get bytes(): number {
    return this.#moves.configurations.bytes;
  }

  get reached(): Reached {
    const { returns, operations } = this.#moves.timeline.plan;
    const index = returns[this.#event];
    return {
      events: this.#event,
      of: returns.length,
      next: index === undefined ? undefined : operations[index],
    };
  }

  order(work: number = Infinity): Operation[] | undefined {
    return orderOf(this.#frontier[0] as number, this.#moves, work);
  }
}
