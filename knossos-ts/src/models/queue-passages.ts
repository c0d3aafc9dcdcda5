/**
 * The way of each value through a queue: when it may have gone in and come out. A dequeue of unknown outcome may have
 * taken any value that nobody returned. It never returns, so that the earlier it was called, the more it can explain; and
 * the earlier such a value was in for sure, the sooner it must be out, for a later value to come out or for the queue to be
 * empty. So the first of these values is given to the first of these dequeues, the second to the second and so on: if any
 * other choice explains the history, this one does.
 */
import type { Operation, Value } from '../history/operation.ts';

/** A value that was enqueued once. `enqueue`: undefined where it was there from the beginning. */
export interface Inflow {
  readonly value: Value;
  readonly enqueue: Operation | undefined;
  /** The dequeue that returned it. */
  readonly dequeue: Operation | undefined;
}

export interface Passage {
  readonly value: Value;
  readonly enqueue: Operation | undefined;
  /** Where nobody returned the value: the dequeue of unknown outcome that it is given to, if there is one left. */
  readonly dequeue: Operation | undefined;
  /** Its place among the values that nobody returned; -1 where somebody did. */
  readonly rank: number;
  /** Positions: not before the first it goes in, and at the second it is in for sure. */
  readonly inCalled: number;
  readonly inReturned: number;
  /** The same of coming out; Infinity where it never does. */
  readonly outCalled: number;
  readonly outReturned: number;
}

export interface Passages {
  /** In the order in which the values are in for sure. */
  readonly all: readonly Passage[];
  /** Those of the values that nobody returned. */
  readonly untaken: readonly Passage[];
}

/**
 * `inflows`: without enqueues of unknown outcome whose value nobody returned, as those need not have happened; what was
 * there from the beginning in its order. `takers`: the dequeues of unknown outcome.
 */
export function passagesOf(inflows: readonly Inflow[], takers: readonly Operation[]): Passages {
  const byCall = takers.toSorted((one, other) => one.called - other.called);
  const there = inflows.filter(({ enqueue }) => enqueue === undefined).length;
  let early = 0;
  const drafts = inflows.map((inflow) => {
    const start = inflow.enqueue === undefined ? early++ - there : undefined;
    const inReturned = start ?? Math.min(inflow.enqueue?.returned ?? Infinity, inflow.dequeue?.returned ?? Infinity);
    return { ...inflow, inCalled: start ?? inflow.enqueue?.called ?? 0, inReturned };
  });
  let rank = 0;
  const all = drafts
    .toSorted((one, other) => one.inReturned - other.inReturned)
    .map((draft): Passage => {
      const place = draft.dequeue === undefined ? rank++ : -1;
      const dequeue = draft.dequeue ?? byCall[place];
      const outCalled = dequeue === undefined ? Infinity : Math.max(dequeue.called, draft.inCalled);
      return { ...draft, dequeue, rank: place, outCalled, outReturned: dequeue?.returned ?? Infinity };
    });
  return { all, untaken: all.filter((passage) => passage.rank >= 0) };
}

/** When the queue may be empty, for one operation after the other that found it so; these are asked for by call. */
export class EmptyMoments {
  readonly #all: readonly Passage[];
  #next = 0;
  /** Of the values that are in for sure by now: until when one is in at least. */
  #until = -Infinity;

  constructor({ all }: Passages) {
    this.#all = all;
  }

  /** The first position from this one on at which no value is in the queue for sure; Infinity where there is none. */
  from(position: number): number {
    let moment = position;
    for (;;) {
      for (; (this.#all[this.#next]?.inReturned ?? Infinity) < moment; this.#next++) {
        this.#until = Math.max(this.#until, (this.#all[this.#next] as Passage).outCalled);
      }
      if (this.#until <= moment || moment === Infinity) return moment;
      moment = this.#until;
    }
  }
}
