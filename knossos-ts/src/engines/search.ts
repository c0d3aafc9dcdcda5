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
import { Antichain, noStep, type Configuration, type Meter } from './configuration.ts';
import { Expansion, type Ground } from './expansion.ts';
import { planOf, type Plan } from './plan.ts';
import { smallSets, smallWidth, wideSets, type SlotSets } from './slot-set.ts';
import { States } from './states.ts';
import { Timeline } from './timeline.ts';
import { orderOf } from './witness.ts';

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
  readonly #model: Model<unknown>;
  readonly #plan: Generator<number, Plan>;
  #search: Search | undefined;
  #planned = 0;

  constructor(model: Model<unknown>, history: readonly Operation[]) {
    this.#model = model;
    this.#plan = planOf(history, model);
  }

  advance(work: number): SearchResult | undefined {
    const until = this.#planned + work;
    while (this.#search === undefined) {
      const step = this.#plan.next();
      if (step.done === true) this.#search = depthFirst(this.#model, step.value);
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

function depthFirst(model: Model<unknown>, plan: Plan): Search {
  const width = Math.max(plan.widths.readers, plan.widths.mutators);
  return width <= smallWidth ? new DepthFirst(model, plan, smallSets) : new DepthFirst(model, plan, wideSets(width));
}

/** Of a configuration, an expansion and their places in arrays and maps, as measured on long histories. */
const bytesPerConfiguration = 240;

class DepthFirst<Set> implements Search {
  readonly #ground: Ground<Set>;
  readonly #timeline: Timeline;
  readonly #meter: Meter = { work: 0 };
  readonly #stack: Expansion<Set>[] = [];
  /** By return event: the configurations that arrived there. All but those on the stack have failed. */
  readonly #visited: (Antichain<Set> | undefined)[] = [];
  #held = 0;
  #furthest: Configuration<Set>;
  #furthestEvent = 0;
  #result: SearchResult | undefined;

  constructor(model: Model<unknown>, plan: Plan, sets: SlotSets<Set>) {
    const timeline = new Timeline(plan);
    const states = new States(model, timeline.operations);
    this.#timeline = timeline;
    this.#ground = { sets, timeline, states, overwrites: model.overwrites ?? false, meter: this.#meter };
    const start: Configuration<Set> = {
      state: states.initial,
      done: sets.empty,
      seen: sets.empty,
      used: [],
      idleSince: -1,
      parent: null,
      event: -1,
      via: noStep,
    };
    this.#furthest = start;
    if (timeline.returns.length === 0) this.#result = { legal: true };
    else this.#stack.push(new Expansion(this.#ground, 0, start));
  }

  advance(work: number): SearchResult | undefined {
    const until = this.#meter.work + work;
    while (this.#meter.work < until && this.#result === undefined) this.#step();
    return this.#result;
  }

  #step(): void {
    this.#meter.work++;
    const depth = this.#stack.length;
    const expansion = this.#stack[depth - 1];
    if (expansion === undefined) {
      this.#result = { legal: false, at: this.#operationAt(this.#furthestEvent) as Operation };
      return;
    }
    this.#held -= expansion.size;
    const next = expansion.next();
    if (next === 'none') {
      this.#stack.pop();
      if (depth > 1) {
        this.#meter.work += this.#timeline.callCount(depth - 1);
        this.#timeline.back(depth - 2);
      }
      return;
    }
    this.#held += expansion.size;
    if (next === 'later') return;
    if (depth > this.#furthestEvent) {
      this.#furthestEvent = depth;
      this.#furthest = next;
    }
    if (depth === this.#timeline.returns.length) {
      this.#result = { legal: true };
      return;
    }
    const visited = (this.#visited[depth] ??= new Antichain(this.#ground.sets, this.#meter));
    if (!visited.add(next)) return;
    this.#meter.work += this.#timeline.callCount(depth);
    this.#timeline.forward(depth - 1);
    this.#stack.push(new Expansion(this.#ground, depth, next));
    this.#held += 2;
  }

  get work(): number {
    return this.#meter.work;
  }

  get bytes(): number {
    return this.#held * (bytesPerConfiguration + this.#ground.sets.bytes);
  }

  get reached(): Reached {
    const events = this.#furthestEvent;
    return { events, of: this.#timeline.returns.length, next: this.#operationAt(events) };
  }

  order(work = Infinity): Operation[] | undefined {
    return orderOf(this.#furthest, this.#timeline, this.#ground.states, work);
  }

  #operationAt(event: number): Operation | undefined {
    const index = this.#timeline.returns[event];
    return index === undefined ? undefined : this.#timeline.operations[index];
  }
}
