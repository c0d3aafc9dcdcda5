/**
 * The order behind a configuration. A path holds only the choices; the read-only operations, which enter the order by
 * themselves, are put back by walking the path again, and so are the operations that were freed and never used: each
 * goes right before the blind operation that hid it.
 */
import type { Operation } from '../../history/operation.ts';
import { noStep } from './configurations.ts';
import type { Moves } from './moves.ts';

/** Undefined when it takes more than so much work. */
export function orderOf(end: number, moves: Moves, work: number): Operation[] | undefined {
  const { configurations, timeline } = moves;
  const path: number[] = [];
  for (let at = end; at > 0; at = configurations.parentOf(at)) path.push(at);
  const walk = new Walk(moves);
  for (const configuration of path.toReversed()) {
    const via = configurations.viaOf(configuration);
    const parent = configurations.parentOf(configuration);
    if (parent <= 0) continue;
    const event = configurations.levelOf(parent) >>> 1;
    while (walk.event < event && walk.work < work) walk.arrive();
    if (walk.work >= work) return undefined;
    if (via !== noStep) walk.take(via);
  }
  return walk.order().map((operation) => timeline.plan.operations[operation] as Operation);
}

/** What stands at one place of the order: an operation, and before it those that it hides. */
interface Place {
  readonly operation: number;
  hidden: number[] | undefined;
}

class Walk {
  readonly #moves: Moves;
  readonly #readers = new Set<number>();
  /** Total operations that are pending and not in the order, and the place that may hide each. */
  readonly #open = new Map<number, Place | undefined>();
  readonly #used: number[] = [];
  readonly #places: Place[] = [];
  #state: number;
  /** The event at which it stands; -1 before the first. */
  event = -1;
  /** Calls and looks so far. */
  work = 0;

  constructor(moves: Moves) {
    this.#moves = moves;
    this.#state = moves.states.initial;
  }

  /** At the next return event: what was called since the one before is pending. What was before has seen this state. */
  arrive(): void {
    const { plan } = this.#moves.timeline;
    if (this.event >= 0) this.#return(plan.returns[this.event] as number);
    this.event++;
    const called = this.#moves.timeline.callsAt(this.event);
    for (const operation of called) {
      if (plan.readOnly[operation] === 1) this.#readers.add(operation);
      else if (plan.total[plan.effectOf[operation] as number] === 1 && (plan.classOf[operation] as number) < 0) {
        this.#open.set(operation, undefined);
      }
    }
    this.#see(called);
  }

  take(via: number): void {
    const { plan } = this.#moves.timeline;
    let operation = via;
    if (via < 0) {
      const kind = -1 - via;
      const times = this.#used[kind] ?? 0;
      this.#used[kind] = times + 1;
      operation = plan.classes[kind]?.[times] as number;
    } else this.#open.delete(via);
    const effect = plan.effectOf[operation] as number;
    this.#state = this.#moves.states.after(this.#state, effect);
    const place: Place = { operation, hidden: undefined };
    this.#places.push(place);
    if (plan.blind[effect] === 1) {
      this.work += this.#open.size;
      for (const pending of this.#open.keys()) this.#open.set(pending, place);
    }
    this.#see(this.#readers);
  }

  order(): number[] {
    // What is still pending may be in the order; it is there where its return, or that of a later one, demands it.
    if (this.event >= 0 && this.event < this.#moves.timeline.plan.returns.length) {
      this.#return(this.#moves.timeline.plan.returns[this.event] as number);
    }
    return this.#places.flatMap(({ operation, hidden = [] }) => [...hidden, operation]);
  }

  /** An operation that was freed and never used is hidden by then. */
  #return(operation: number): void {
    const place = this.#open.get(operation);
    this.#open.delete(operation);
    if (place !== undefined) (place.hidden ??= []).push(operation);
  }

  #see(among: Iterable<number>): void {
    this.work++;
    for (const operation of among) {
      this.work++;
      if (!this.#readers.has(operation)) continue;
      const { plan } = this.#moves.timeline;
      if (!this.#moves.states.allows(this.#state, plan.effectOf[operation] as number)) continue;
      this.#places.push({ operation, hidden: undefined });
      this.#readers.delete(operation);
    }
  }
}
