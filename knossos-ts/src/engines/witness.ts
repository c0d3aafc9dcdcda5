/**
 * The order behind a configuration. A path holds only the choices; the read-only operations, which enter the order by
 * themselves, are put back by walking the path again.
 */
import type { Operation } from '../history/operation.ts';
import { noStep, type Configuration } from './configuration.ts';
import type { States } from './states.ts';
import type { Timeline } from './timeline.ts';

/** Undefined when it takes more than so much work. */
export function orderOf<Set>(
  end: Configuration<Set>,
  timeline: Timeline,
  states: States,
  work: number,
): Operation[] | undefined {
  const walk = new Walk(timeline, states);
  let event = -1;
  for (const { event: at, via } of choices(end)) {
    for (; event < at && walk.work < work; event++) walk.arrive(event + 1);
    if (walk.work >= work) return undefined;
    if (via !== noStep) walk.take(via);
  }
  return walk.order.map((operation) => timeline.operations[operation] as Operation);
}

/** From the first to the last. Those that leave an event without a choice tell how far the path goes. */
function choices<Set>(end: Configuration<Set>): Configuration<Set>[] {
  const path: Configuration<Set>[] = [];
  for (let at = end; at.parent !== null; at = at.parent) path.push(at);
  return path.toReversed();
}

class Walk {
  readonly #timeline: Timeline;
  readonly #states: States;
  readonly #pending = new Set<number>();
  readonly #used: number[] = [];
  #state: number;
  readonly order: number[] = [];
  /** Calls and looks so far. */
  work = 0;

  constructor(timeline: Timeline, states: States) {
    this.#timeline = timeline;
    this.#states = states;
    this.#state = states.initial;
  }

  /** At the return event: what was called since the one before is pending. What was before has seen this state. */
  arrive(event: number): void {
    const called = this.#timeline.callsAt(event);
    for (const operation of called) if (this.#timeline.readOnly[operation] === 1) this.#pending.add(operation);
    this.#see(called);
  }

  take(via: number): void {
    let operation = via;
    if (via < 0) {
      const kind = -1 - via;
      const times = this.#used[kind] ?? 0;
      this.#used[kind] = times + 1;
      operation = this.#timeline.classes[kind]?.[times] as number;
    }
    this.#state = this.#states.after(this.#state, operation);
    this.order.push(operation);
    this.#see(this.#pending);
  }

  #see(among: Iterable<number>): void {
    this.work++;
    for (const operation of among) {
      this.work++;
      if (!this.#pending.has(operation) || !this.#states.allows(this.#state, operation)) continue;
      this.order.push(operation);
      this.#pending.delete(operation);
    }
  }
}
