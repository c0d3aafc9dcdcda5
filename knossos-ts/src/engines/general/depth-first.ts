/**
 * A depth-first search over return events. An operation enters the order no earlier than some return demands it (just
 * in time, after Lowe, "Testing for linearizability", 2017); configurations that failed are remembered by event.
 */
import type { Operation } from '../../history/operation.ts';
import type { Reached, Search, SearchResult } from '../search.ts';
import { Expansion, later, none } from './expansion.ts';
import { levelOf, type Moves } from './moves.ts';
import { orderOf } from './witness.ts';

export class DepthFirst implements Search {
  readonly #moves: Moves;
  readonly #marks: Uint8Array;
  /** By event; null where there was only one way on. */
  readonly #stack: (Expansion | null)[] = [];
  /** A configuration that is to be entered; `none` while the top of the stack goes on. */
  #arrived: number;
  #furthest: number;
  #furthestEvent = 0;
  #result: SearchResult | undefined;

  constructor(moves: Moves) {
    this.#moves = moves;
    this.#marks = new Uint8Array(moves.timeline.plan.effects.length);
    this.#arrived = moves.begin();
    this.#furthest = this.#arrived;
  }

  advance(work: number): SearchResult | undefined {
    const { meter, states } = this.#moves;
    states.meter = meter;
    const until = meter.work + work;
    while (this.#result === undefined && meter.work < until) this.#step();
    return this.#result;
  }

  #step(): void {
    const { meter, timeline } = this.#moves;
    meter.work++;
    if (this.#arrived !== none) {
      this.#enter(this.#arrived);
      return;
    }
    const depth = this.#stack.length;
    if (depth === 0) {
      this.#result = { legal: false, at: this.#operationAt(this.#furthestEvent) as Operation };
      return;
    }
    const next = this.#stack[depth - 1]?.next() ?? none;
    if (next === later) return;
    if (next !== none) {
      this.#arrived = next;
      return;
    }
    this.#stack.pop();
    if (depth === 1) return;
    meter.work += timeline.callCount(depth - 1);
    timeline.back(depth - 2);
  }

  #enter(configuration: number): void {
    const moves = this.#moves;
    const { returns } = moves.timeline.plan;
    const event = this.#stack.length;
    this.#arrived = none;
    if (event > this.#furthestEvent) {
      this.#furthestEvent = event;
      this.#furthest = configuration;
    }
    if (event === returns.length) {
      this.#result = { legal: true };
      return;
    }
    if (event > 0) moves.timeline.forward(event - 1);
    moves.load(configuration);
    moves.arrive(configuration, event);
    if (moves.hasReturned(event)) {
      this.#stack.push(null);
      const next = moves.pass(configuration, event, returns[event] as number);
      if (next >= 0) this.#arrived = next;
    } else this.#stack.push(new Expansion(moves, event, levelOf(event), configuration, this.#marks));
  }

  get work(): number {
    return this.#moves.meter.work;
  }

  get bytes(): number {
    return this.#moves.configurations.bytes;
  }

  get reached(): Reached {
    const events = this.#furthestEvent;
    return { events, of: this.#moves.timeline.plan.returns.length, next: this.#operationAt(events) };
  }

  order(work: number = Infinity): Operation[] | undefined {
    return orderOf(this.#furthest, this.#moves, work);
  }

  #operationAt(event: number): Operation | undefined {
    const { returns, operations } = this.#moves.timeline.plan;
    const index = returns[event];
    return index === undefined ? undefined : operations[index];
  }
}
