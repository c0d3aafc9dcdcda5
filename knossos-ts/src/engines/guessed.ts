/** A model may guess an order. It is tried step by step: one that is legal saves the search, and any other costs little. */
import type { Operation } from '../history/operation.ts';
import { Rejection, type Model, type Outlook } from '../models/model.ts';

/** Beyond so many operations a guess would take longer than one piece of work may. */
const most = 200_000;

/** What a step is charged, by the count of a search: some of them copy a state that is large. */
const workOfStep = 10;

/**
 * The guess, where it is a legal order of the operations, none of which is a `fail`. `outlook`: that of these operations.
 * Yields the work of each piece.
 */
export function* guessedOrder(
  model: Model<unknown>,
  operations: readonly Operation[],
  outlook?: Outlook<unknown>,
): Generator<number, readonly Operation[] | undefined> {
  if (operations.length > most) return undefined;
  const order = model.guess?.(operations);
  if (order === undefined || !keepsTime(operations, order)) return undefined;
  let state = model.init;
  for (const operation of order) {
    const next = outlook?.after?.(state, operation) ?? model.step(state, operation);
    if (next instanceof Rejection) return undefined;
    // Only what nobody saw leaves more than one state that may be.
    state = operation.type === 'info' ? (outlook?.simplest?.(next) ?? next) : next;
    yield workOfStep;
  }
  return order;
}

/** All that happened for sure is in it, nothing twice, and nothing before what was over when it was called. */
function keepsTime(operations: readonly Operation[], order: readonly Operation[]): boolean {
  const placed = new Set(order);
  const isOf = new Set(operations);
  if (placed.size !== order.length || order.some((operation) => !isOf.has(operation))) return false;
  if (operations.some((operation) => operation.type === 'ok' && !placed.has(operation))) return false;
  let latestCall = -Infinity;
  for (const { called, returned } of order) {
    // Whatever is before it must have been called before it returned.
    if (latestCall > returned) return false;
    latestCall = Math.max(latestCall, called);
  }
  return true;
}
