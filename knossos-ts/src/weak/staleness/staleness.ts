/**
 * How stale reads were, as numbers. A write w' is surely newer than w if it was invoked after w had surely taken effect:
 * after w completed, or after a read of w did. For a read of w, k is the number of surely newer writes to the key that
 * had completed before the read began, and t is how long before the read began the first of those completed. Both are 0
 * for a read that nobody can call stale. What the numbers count is sure; a read may have been staler than that.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { valueKey, type ValueKey } from '../../history/value.ts';
import { summaryOf, type Summary } from './summary.ts';
import { isList } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';

export interface StaleRead {
  readonly operation: Operation;
  readonly k: number;
  /** Nanoseconds. */
  readonly t: number;
}

export interface Staleness {
  /** Over all reads and refused cas, with 0 for those that were not stale. */
  readonly reads: { readonly count: number; readonly stale: number; readonly k: Summary; readonly t: Summary };
  /** The stalest by k, and then by t; undefined when nothing was stale. */
  readonly worst: StaleRead | undefined;
  /** Reads whose source is not known for certain, and which are not counted. */
  readonly undecided: number;
}

interface Write {
  readonly called: number;
  readonly returned: number;
  readonly completedAt: number;
  /** The position at which it had surely taken effect. */
  sure: number;
}

/** The writes of one key, and its observations with their numbers of writes; -1 for the initial value. */
interface Key {
  readonly writes: Write[];
  readonly observations: { readonly operation: Operation; readonly write: number }[];
  readonly producers: Map<ValueKey, number>;
}

const several = -2;

const emptyList: unique symbol = Symbol('the empty list');

export function stalenessOf(operations: readonly Operation[], initial: Value = null): Staleness {
  const keys = keysOf(operations);
  let undecided = 0;
  const all: StaleRead[] = [];
  for (const operation of operations) {
    if (operation.type !== 'ok') continue;
    const seen = seenBy(operation);
    if (seen === undefined) continue;
    const key = keys.get(valueKey(operation.key)) as Key;
    const write = seen === emptyList ? -1 : (key.producers.get(seen) ?? (seen === valueKey(initial) ? -1 : several));
    if (write === several || (write >= 0 && seen === valueKey(initial))) {
      undecided++;
      continue;
    }
    key.observations.push({ operation, write });
    const source = key.writes[write];
    // A read from the future tells nothing of when its source took effect, and no write is newer than itself.
    if (source !== undefined && operation.returned < source.sure)
      source.sure = Math.max(operation.returned, source.called);
  }
  for (const key of keys.values()) judge(key, all);
  const worst = all.reduce<StaleRead | undefined>(
    (most, read) => (most === undefined || read.k > most.k || (read.k === most.k && read.t > most.t) ? read : most),
    undefined,
  );
  const k = summaryOf(all.map((read) => read.k));
  const t = summaryOf(all.map((read) => read.t));
  const stale = all.reduce((count, read) => count + (read.k > 0 ? 1 : 0), 0);
  return {
    reads: { count: all.length, stale, k, t },
    worst: worst === undefined || worst.k === 0 ? undefined : worst,
    undecided,
  };
}

/** What a read or a refused cas saw: the key of the value or of the last element. A cas that swapped cannot be stale. */
function seenBy(operation: Operation): ValueKey | typeof emptyList | undefined {
  if (operation.f === 'read') {
    const { output } = operation;
    if (!isList(output)) return valueKey(output);
    return output.length === 0 ? emptyList : valueKey(output.at(-1) as Value);
  }
  const seen = producedValue(operation) === undefined ? observedValue(operation) : undefined;
  return seen === undefined ? undefined : valueKey(seen);
}

function keysOf(operations: readonly Operation[]): Map<ValueKey, Key> {
  const keys = new Map<ValueKey, Key>();
  for (const operation of operations) {
    const name = valueKey(operation.key);
    let key = keys.get(name);
    if (key === undefined) keys.set(name, (key = { writes: [], observations: [], producers: new Map() }));
    if (operation.type === 'fail') continue;
    const made = operation.f === 'append' ? operation.input : producedValue(operation);
    if (made === undefined) continue;
    const value = valueKey(made);
    key.producers.set(value, key.producers.has(value) ? several : key.writes.length);
    const { called, returned, completedAt } = operation;
    key.writes.push({ called, returned, completedAt, sure: returned });
  }
  return keys;
}

/**
 * Of the writes by their completion, those that completed before a read are the first ones; among them the invocations
 * after the point at which its source was sure are counted by a tree over the order of invocations (Fenwick 1994), and
 * the earliest completion of such a one by another.
 */
function judge({ writes, observations }: Key, all: StaleRead[]): void {
  const byCall = writes.toSorted((one, other) => one.called - other.called);
  const rank = new Map(byCall.map((write, place) => [write, place]));
  const byReturn = writes
    .filter(({ returned }) => returned !== Infinity)
    .toSorted((one, other) => one.returned - other.returned);
  const counts = new Int32Array(writes.length + 1);
  const earliest = new Float64Array(writes.length + 1).fill(Infinity);
  let taken = 0;
  for (const { operation, write } of observations.toSorted(
    (one, other) => one.operation.called - other.operation.called,
  )) {
    for (let next = byReturn[taken]; next !== undefined && next.returned < operation.called; next = byReturn[++taken]) {
      // Counted from the end, so that the later invocations are a prefix.
      for (let at = writes.length - (rank.get(next) as number); at <= writes.length; at += at & -at) {
        counts[at] = (counts[at] as number) + 1;
        earliest[at] = Math.min(earliest[at] as number, next.completedAt);
      }
    }
    const sure = write < 0 ? -Infinity : (writes[write]?.sure ?? Infinity);
    let k = 0;
    let first = Infinity;
    for (let at = writes.length - firstAfter(byCall, sure); at > 0; at -= at & -at) {
      k += counts[at] as number;
      first = Math.min(first, earliest[at] as number);
    }
    all.push({ operation, k, t: k === 0 ? 0 : Math.max(operation.invokedAt - first, 0) });
  }
}

/** The place of the first write that was invoked after a position. */
function firstAfter(byCall: readonly Write[], position: number): number {
  let low = 0;
  let high = byCall.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((byCall[middle] as Write).called > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
