/** A model may guess an order. It is tried step by step: one that is legal saves the search, and any other costs little. */
import type { Operation } from '../history/operation.ts';
import { Rejection, type Model } from '../models/model.ts';

/** Beyond so many operations a guess would take longer than one piece of work may. */
const most = 200_000;

/** The guess, where it is a legal order of the operations, none of which is a `fail`. */
export function guessedOrder(
  model: Model<unknown>,
  operations: readonly Operation[],
): readonly Operation[] | undefined {
  if (operations.length > most) return undefined;
  const order = model.guess?.(operations);
  return order !== undefined && isLegal(model, operations, order) ? order : undefined;
}

function isLegal(model: Model<unknown>, operations: readonly Operation[], order: readonly Operation[]): boolean {
  const placed = new Set(order);
  const isOf = new Set(operations);
  if (placed.size !== order.length || order.some((operation) => !isOf.has(operation))) return false;
  if (operations.some((operation) => operation.type === 'ok' && !placed.has(operation))) return false;
  let state = model.init;
  let latestCall = -Infinity;
  for (const operation of order) {
    // Whatever is before it must have been called before it returned.
    if (latestCall > operation.returned) return false;
    latestCall = Math.max(latestCall, operation.called);
    const next = model.step(state, operation);
    if (next instanceof Rejection) return false;
    state = next;
  }
  return true;
}
