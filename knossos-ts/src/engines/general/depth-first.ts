/**
 * A depth-first search over return events. An operation enters the order no earlier than some return demands it (just
 * in time, after Lowe, "Testing for linearizability", 2017); configurations that failed are remembered by event.
 */
import type { Operation } from '../../history/operation.ts';
import type { Model } from '../../models/model.ts';
import type { Reached, Search, SearchResult } from '../search.ts';
import { Configurations, noStep, type Meter } from './configurations.ts';
import { Expansion, later, none } from './expansion.ts';
import { Moves } from './moves.ts';
import type { Plan } from './plan.ts';
import { States } from './states.ts';
import { Timeline } from './timeline.ts';
import { UsedClasses } from './used-classes.ts';
import { orderOf } from './witness.ts';

export class DepthFirst implements Search {
  readonly #plan: Plan;
  readonly #moves: Moves;
  readonly #marks: Uint8Array;
  readonly #meter: Meter = { work: 0 };
  /** By event; null where there was only one way on. */
  readonly #stack: (Expansion | null)[] = [];
  /** A configuration that is to be entered; `none` while the top of the stack goes on. */
  #arrived: number;
  #furthest: number;
  #furthestEvent = 0;
  #result: SearchResult | undefined;

  constructor(model: Model<unknown>, plan: Plan) {
    this.#plan = plan;
    const absorbs = plan.blind.includes(1);
    const used = new UsedClasses(plan.classes.length);
    const configurations = new Configurations(plan.widths, absorbs, used, this.#meter);
    const states = new States(model, plan.effects);
    const timeline = new Timeline(plan);
    this.#moves = new Moves({ timeline, states, used, configurations }, model.overwrites ?? false, this.#meter);
    this.#marks = new Uint8Array(plan.effects.length);
    const start = configurations.blank();
    start.state = states.initial;
    start.via = noStep;
    this.#arrived = configurations.add(start, 0);
    this.#furthest = this.#arrived;
  }

  advance(work: number): SearchResult | undefined {
    const until = this.#meter.work + work;
    while (this.#result === undefined && this.#meter.work < until) this.#step();
    return this.#result;
  }

  #step(): void {
    this.#meter.work++;
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
    const { timeline } = this.#moves;
    this.#meter.work += timeline.callCount(depth - 1);
    timeline.back(depth - 2);
  }

  #enter(configuration: number): void {
    const moves = this.#moves;
    const { returns, readOnly } = this.#plan;
    const event = this.#stack.length;
    this.#arrived = none;
    if (event > this.#furthestEvent) {
      this.#furthestEvent = event;
      this.#furthest = configuration;
    }
    if (event === returns.length) {
      this.#furthest = configuration;
      this.#result = { legal: true };
      return;
    }
    if (event > 0) moves.timeline.forward(event - 1);
    moves.load(configuration);
    moves.arrive(configuration, event);
    const returning = returns[event] as number;
    if (readOnly[returning] === 1 ? moves.isSeen(returning) : moves.isDone(returning)) {
      this.#stack.push(null);
      const next = moves.pass(configuration, event, returning);
      if (next >= 0) this.#arrived = next;
    } else this.#stack.push(new Expansion(moves, event, configuration, this.#marks));
  }

  get work(): number {
    return this.#meter.work;
  }

  get bytes(): number {
    return this.#moves.configurations.bytes + this.#moves.states.bytes + this.#moves.used.bytes;
  }

  get reached(): Reached {
    const events = this.#furthestEvent;
    return { events, of: this.#plan.returns.length, next: this.#operationAt(events) };
  }

  order(work: number = Infinity): Operation[] | undefined {
    return orderOf(this.#furthest, this.#moves, work);
  }

  #operationAt(event: number): Operation | undefined {
    const index = this.#plan.returns[event];
    return index === undefined ? undefined : this.#plan.operations[index];
  }
}
