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
import { Antichain, noStep, type Configuration } from './configuration.ts';
import { Expansion, type Ground } from './expansion.ts';
import { smallSets, smallStates, smallWidth, wideSets, type SlotSets } from './slot-set.ts';
import { States } from './states.ts';
import { Timeline } from './timeline.ts';
import { orderOf } from './witness.ts';

export type SearchResult =
  | { readonly legal: true }
  /** No order of what was called before `at` returned is legal. */
  | { readonly legal: false; readonly at: Operation };

export interface Search {
  /** Goes on for at most so many steps. Undefined when it needs more. */
  advance(steps: number): SearchResult | undefined;
  /** An estimate of what the remembered configurations hold. */
  readonly bytes: number;
  /** How many return events an order was found for, at best, and the operation that returns next. */
  readonly reached: { readonly events: number; readonly of: number; readonly next: Operation | undefined };
  /** The order that got furthest. Whole when the history is legal. */
  order(): Operation[];
}

export function searchFor<S>(model: Model<S>, history: readonly Operation[]): Search {
  // The search never looks into a state; only the model does.
  const anyModel = model as Model<unknown>;
  const timeline = new Timeline(history, anyModel);
  return timeline.width <= smallWidth && timeline.operations.length < smallStates
    ? new DepthFirst(anyModel, timeline, smallSets)
    : new DepthFirst(anyModel, timeline, wideSets(timeline.width));
}

/** Of a configuration, an expansion and their places in arrays and maps, as measured on long histories. */
const bytesPerConfiguration = 240;

class DepthFirst<Set> implements Search {
  readonly #ground: Ground<Set>;
  readonly #timeline: Timeline;
  readonly #stack: Expansion<Set>[] = [];
  /** By return event: the configurations that arrived there. All but those on the stack have failed. */
  readonly #visited: (Antichain<Set> | undefined)[] = [];
  #held = 0;
  #furthest: Configuration<Set>;
  #furthestEvent = 0;
  #result: SearchResult | undefined;

  constructor(model: Model<unknown>, timeline: Timeline, sets: SlotSets<Set>) {
    const states = new States(model, timeline.operations);
    this.#timeline = timeline;
    this.#ground = { sets, timeline, states, overwrites: model.overwrites ?? false };
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

  advance(steps: number): SearchResult | undefined {
    for (let step = 0; step < steps && this.#result === undefined; step++) this.#step();
    return this.#result;
  }

  #step(): void {
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
      if (depth > 1) this.#timeline.back(depth - 2);
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
    const visited = (this.#visited[depth] ??= new Antichain(this.#ground.sets));
    if (!visited.add(next)) return;
    this.#timeline.forward(depth - 1);
    this.#stack.push(new Expansion(this.#ground, depth, next));
    this.#held += 2;
  }

  get bytes(): number {
    return this.#held * bytesPerConfiguration;
  }

  get reached(): { readonly events: number; readonly of: number; readonly next: Operation | undefined } {
    const events = this.#furthestEvent;
    return { events, of: this.#timeline.returns.length, next: this.#operationAt(events) };
  }

  order(): Operation[] {
    return orderOf(this.#furthest, this.#timeline, this.#ground.states);
  }

  #operationAt(event: number): Operation | undefined {
    const index = this.#timeline.returns[event];
    return index === undefined ? undefined : this.#timeline.operations[index];
  }
}
