/** Whether a given order explains a whole history sequentially: one pass, no search. */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue, valueKey, type ValueKey } from '../../history/value.ts';
import { casInput, casResult } from '../../models/register-values.ts';
import { isOfLists } from '../index/build-index.ts';

/**
 * True when the order holds every ok operation, each operation once and in the order of its session, and each returned
 * what it did. Operations of unknown outcome may be in it or not. False proves nothing but that this order is wrong.
 */
export function explains(order: readonly Operation[], history: readonly Operation[], initial: Value): boolean {
  const sure = history.reduce((count, { type }) => count + (type === 'ok' ? 1 : 0), 0);
  const last = new Map<number, number>();
  // A register may hold a list, too.
  const areLists = isOfLists(history);
  const values = new Map<ValueKey, Value>();
  const lists = new Map<ValueKey, Value[]>();
  let done = 0;
  for (const operation of order) {
    if (operation.type === 'fail' || operation.called <= (last.get(operation.process) ?? -Infinity)) return false;
    last.set(operation.process, operation.called);
    if (operation.type === 'ok') done++;
    const key = valueKey(operation.key);
    if (operation.f === 'append') {
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [operation.input]);
      else list.push(operation.input);
    } else if (areLists && operation.f === 'read' && operation.type === 'ok') {
      if (!sameValue(lists.get(key) ?? [], operation.output ?? [])) return false;
    } else {
      const state = values.has(key) ? (values.get(key) as Value) : initial;
      const next = stepped(state, operation);
      if (next === undefined) return false;
      values.set(key, next);
    }
  }
  return done === sure;
}

/** Undefined when the operation cannot have happened in this state. */
function stepped(state: Value, operation: Operation): Value | undefined {
  if (operation.f === 'write') return operation.input;
  if (operation.f === 'read')
    return operation.type === 'info' || sameValue(state, operation.output) ? state : undefined;
  const [from, to] = casInput(operation);
  const result = casResult(operation);
  // One of unknown outcome may have been refused.
  if (result === undefined) return sameValue(state, from) ? to : state;
  if (result.swapped) return sameValue(state, from) ? to : undefined;
  if (sameValue(state, from)) return undefined;
  return result.current === undefined || sameValue(state, result.current) ? state : undefined;
}

/** The operations of these ids, in that order; undefined when an id names none. */
export function orderOf(ids: readonly number[], history: readonly Operation[]): Operation[] | undefined {
  const byId = new Map(history.map((operation) => [operation.id, operation]));
  const order = ids.map((id) => byId.get(id));
  return order.every((operation) => operation !== undefined) ? order : undefined;
}
