/**
 * A counterexample where no rule gives one: every order was tried. The history is cut down as far as it stays without an
 * order: by operations
 * whose value nobody observes any more, because what loses such an operation keeps its orders.
 */
import type { Operation } from '../../history/operation.ts';
import { sameValue } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';
import { isSearchedInVain } from './vain.ts';
import type { ModelCounterexample } from '../evidence/edges.ts';
import type { HistoryIndex } from '../index/history-index.ts';

/** Nobody observes what is gone, and of what is unsure somebody still observes that it happened. */
function isClosed(rest: readonly Operation[], gone: Operation): boolean {
  const isObserved = (writer: Operation): boolean => {
    const made = producedValue(writer);
    return rest.some((other) => {
      const seen = observedValue(other);
      return made !== undefined && seen !== undefined && sameValue(writer.key, other.key) && sameValue(made, seen);
    });
  };
  return !isObserved(gone) && rest.every((other) => other.type !== 'info' || isObserved(other));
}

/** Stops cutting when it is late: the counterexample is larger then. */
export function exhausted(
  index: HistoryIndex,
  history: readonly Operation[],
  isLate: () => boolean,
): ModelCounterexample {
  let operations = [...index.operations].toSorted((one, other) => one.called - other.called);
  for (let changed = true; changed && !isLate();) {
    changed = false;
    for (const operation of operations) {
      if (isLate()) break;
      const rest = operations.filter((other) => other !== operation);
      if (!isClosed(rest, operation) || !isSearchedInVain(rest, index.initial, isLate)) continue;
      operations = rest;
      changed = true;
    }
  }
  const many = `${operations.length} operations of ${new Set(operations.map(({ process }) => process)).size} processes`;
  return {
    model: 'sequential',
    sentence: `No order of these ${many} keeps the order of every process and explains what each returned: all were tried.`,
    operations,
    cycle: [],
    verified: isSearchedInVain(operations, index.initial, isLate) && operations.every((one) => history.includes(one)),
  };
}
