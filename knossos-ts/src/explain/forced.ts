/** The pairs of operations that have only one order, each with the two instants that force it. */
import type { Operation } from '../history/operation.ts';
import { sameValue, showValue } from '../history/value.ts';
import { observedValue } from '../models/register-values.ts';
import type { Words } from '../models/model.ts';
import type { ForcedOrder } from '../verdict.ts';
import type { Evidence } from './evidence.ts';
import { noun } from './phrases.ts';
import { duration, instant } from './words.ts';

/** More pairs than this tell nobody anything. */
const most = 60;

/** `evidence`: of a register. Other models have no pairs but those that time forces. */
export function forcedOrders(
  evidence: Evidence | undefined,
  operations: readonly Operation[],
  words?: Words,
): ForcedOrder[] {
  if (operations.length > most) return [];
  const forced: ForcedOrder[] = [];
  for (const pairs of [realTime(operations, words), evidence === undefined ? [] : readsFrom(evidence, operations)]) {
    for (const pair of pairs) {
      if (forced.push(pair) === most) return forced;
    }
  }
  return forced;
}

/** Without those that follow from two others. */
function* realTime(operations: readonly Operation[], words: Words | undefined): Generator<ForcedOrder> {
  for (const before of operations) {
    let firstReturn = Infinity;
    for (const { called, returned } of operations) {
      if (before.returned < called) firstReturn = Math.min(firstReturn, returned);
    }
    for (const after of operations) {
      // What is called after the first of those has returned follows from that one.
      if (before.returned >= after.called || firstReturn < after.called) continue;
      const why = `The ${noun(before, words)} finished at ${instant(before.completedAt)}; the ${noun(after, words)} began at ${instant(after.invokedAt)}${later(after.invokedAt - before.completedAt)}.`;
      yield { before: before.id, after: after.id, rule: 'real-time', why };
    }
  }
}

const later = (nanoseconds: number): string => (nanoseconds >= 1_000 ? `, ${duration(nanoseconds)} later` : '');

function* readsFrom(evidence: Evidence, operations: readonly Operation[]): Generator<ForcedOrder> {
  for (const after of operations) {
    const seen = observedValue(after);
    if (seen === undefined || after.type !== 'ok' || evidence.isInitial(seen)) continue;
    const [maker, ...others] = evidence.makers(seen);
    if (maker === undefined || others.length > 0 || maker === after || !operations.includes(maker)) continue;
    const source = observedValue(maker);
    if (source !== undefined && sameValue(source, seen)) continue;
    const why = `Only the ${noun(maker)}, invoked at ${instant(maker.invokedAt)}, puts ${showValue(seen)} there; the ${noun(after)} saw it by ${instant(after.completedAt)}.`;
    yield { before: maker.id, after: after.id, rule: 'reads-from', why };
  }
}
