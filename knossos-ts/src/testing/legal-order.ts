/** Checks orders step by step, without any search. */
import type { Operation } from '../history/operation.ts';
import { Rejection, type Model } from '../models/model.ts';

/** Throws when the fact does not hold. A random test asks so often that the matchers of a test library cost too much. */
export function must(fact: boolean, what: () => string): void {
  if (!fact) throw new Error(what());
}

/** The order holds each ok operation once, nothing that surely failed, breaks no real-time order and obeys the model. */
export function mustBeLegalOrder<S>(model: Model<S>, history: readonly Operation[], order: readonly Operation[]): void {
  const placed = new Set(order);
  must(placed.size === order.length, () => 'an operation is in the order twice');
  for (const operation of history) {
    must(operation.type !== 'ok' || placed.has(operation), () => `operation ${operation.id} is missing`);
  }
  let state = model.init;
  let latestCall = -Infinity;
  for (const operation of order) {
    must(operation.type !== 'fail', () => `operation ${operation.id} failed`);
    // Whatever is placed before it must have been called before it returned.
    must(latestCall <= operation.returned, () => `operation ${operation.id} comes too late`);
    latestCall = Math.max(latestCall, operation.called);
    const next = model.step(state, operation);
    if (next instanceof Rejection) throw new Error(`operation ${operation.id}: ${next.reason}`);
    state = next;
  }
}
