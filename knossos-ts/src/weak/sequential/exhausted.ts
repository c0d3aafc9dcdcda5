/**
 * A counterexample where no rule gives one: every order was tried. The history is cut down as far as it stays without an
 * order: by keys, many at a time, and then by operations whose value nobody observes any more; what loses such operations
 * keeps its orders.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue, valueKey } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';
import { clocksOf } from '../causal/clocks.ts';
import type { ModelCounterexample } from '../evidence/edges.ts';
import { buildIndex } from '../index/build-index.ts';
import type { HistoryIndex } from '../index/history-index.ts';
import { TimeUp, watchOf } from '../../check/watch.ts';
import { saturate } from './saturation.ts';
import { schedule } from './schedule.ts';
import { isSearchedInVain } from './vain.ts';

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
  const { initial } = index;
  const all = index.operations.toSorted((one, other) => one.called - other.called);
  const operations = withoutSingles(withoutKeys(all, initial, isLate), initial, isLate);
  const many = `${operations.length} operations of ${new Set(operations.map(({ process }) => process)).size} processes`;
  return {
    model: 'sequential',
    sentence: `No order of these ${many} keeps the order of every process and explains what each returned: all were tried.`,
    operations,
    cycle: [],
    verified: isSearchedInVain(operations, initial, isLate) && operations.every((one) => history.includes(one)),
  };
}

/** Nobody observes one key on another: whole keys may go. Half of them at a time, then a quarter, and so on. */
function withoutKeys(all: readonly Operation[], initial: Value, isLate: () => boolean): readonly Operation[] {
  let operations = all;
  let keys = [...new Set(all.map(({ key }) => valueKey(key)))];
  for (let size = keys.length >> 1; size > 0; size >>= 1) {
    for (let from = 0; from < keys.length && !isLate();) {
      const gone = new Set(keys.slice(from, from + size));
      const rest = operations.filter(({ key }) => !gone.has(valueKey(key)));
      if (isWithoutOrder(rest, initial, isLate)) {
        operations = rest;
        keys = keys.filter((key) => !gone.has(key));
      } else from += size;
    }
  }
  return operations;
}

function withoutSingles(all: readonly Operation[], initial: Value, isLate: () => boolean): readonly Operation[] {
  let operations = all;
  for (let changed = true; changed && !isLate();) {
    changed = false;
    for (const operation of operations) {
      if (isLate()) break;
      const rest = operations.filter((other) => other !== operation);
      if (!isClosed(rest, operation) || !isWithoutOrder(rest, initial, isLate)) continue;
      operations = rest;
      changed = true;
    }
  }
  return operations;
}

/** False also when there was no time to find out. */
function isWithoutOrder(operations: readonly Operation[], initial: Value, isLate: () => boolean): boolean {
  const built = buildIndex(operations, initial);
  if (built.kind !== 'indexed') return false;
  try {
    const watch = watchOf(isLate);
    const clocked = clocksOf(built.index, undefined, watch);
    if (clocked.kind !== 'clocks') return false;
    const { successors, state } = saturate(built.index, clocked.clocks, watch);
    return state === 'cyclic' || schedule(built.index, successors, isLate).kind === 'none';
  } catch (error) {
    if (error instanceof TimeUp) return false;
    throw error;
  }
}
