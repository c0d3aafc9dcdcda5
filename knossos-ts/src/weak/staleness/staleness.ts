/**
 * How stale reads were, as numbers. A write w' is surely newer than w if it was invoked after w had surely taken effect:
 * after w completed, or after a read of w did. For a read of w, k is the number of surely newer writes to the key that
 * had completed before the read began, and t is how long before the read began the first of those completed. Both are 0
 * for a read that nobody can call stale. What the numbers count is sure; a read may have been staler than that.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, valueKey, type ValueKey } from '../../history/value.ts';
import { summaryOf, type Summary } from './summary.ts';
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
  /** Its place among the writes of its key by invocation. */
  rank: number;
}

/** The writes of one key, and its observations. */
interface Key {
  readonly writes: Write[];
  /** Whether values are written as a whole, and whether elements are appended. Where both, nobody knows what is read. */
  isWritten: boolean;
  isAppendedTo: boolean;
  readonly observations: Operation[];
  /** By observation: the number of the write that it saw; -1 for the initial value. */
  readonly seen: number[];
  readonly producers: Map<ValueKey, number>;
}

const unknownKey = (): Key => ({
  writes: [],
  isWritten: false,
  isAppendedTo: false,
  observations: [],
  seen: [],
  producers: new Map(),
});

const several = -2;

const emptyList: unique symbol = Symbol('the empty list');

/** Of operations by invocation, as `pairOperations` gives them. */
export function stalenessOf(operations: readonly Operation[], initial: Value = null): Staleness {
  const keys = keysOf(operations);
  let undecided = 0;
  for (const operation of operations) {
    if (operation.type !== 'ok') continue;
    const key = keys.get(valueKey(operation.key)) as Key;
    const seen = seenBy(operation, key);
    if (seen === undefined) continue;
    const write = seen === emptyList ? -1 : (key.producers.get(seen) ?? (seen === valueKey(initial) ? -1 : several));
    const isMixed = key.isWritten && key.isAppendedTo;
    if (isMixed || write === several || (write >= 0 && seen === valueKey(initial))) {
      undecided++;
      continue;
    }
    key.observations.push(operation);
    key.seen.push(write);
    const source = key.writes[write];
    // A read from the future tells nothing of when its source took effect, and no write is newer than itself.
    if (source !== undefined && operation.returned < source.sure)
      source.sure = Math.max(operation.returned, source.called);
  }
  const tally = new Tally();
  for (const key of keys.values()) judge(key, tally);
  const { k, t, stale, worst } = tally;
  return { reads: { count: k.length, stale, k: summaryOf(k), t: summaryOf(t) }, worst, undecided };
}

/** The numbers of all reads so far. */
class Tally {
  readonly k: number[] = [];
  readonly t: number[] = [];
  stale = 0;
  worst: StaleRead | undefined;

  add(operation: Operation, k: number, t: number): void {
    this.k.push(k);
    this.t.push(t);
    if (k === 0) return;
    this.stale++;
    const { worst } = this;
    if (worst === undefined || k > worst.k || (k === worst.k && t > worst.t)) this.worst = { operation, k, t };
  }
}

/**
 * What a read or a refused cas saw: the key of the value, or of the last element where elements are appended; the value of a
 * register may be a list, too. A cas that swapped cannot be stale.
 */
function seenBy(operation: Operation, { isWritten }: Key): ValueKey | typeof emptyList | undefined {
  if (operation.f === 'read') {
    const { output } = operation;
    if (isWritten || !isList(output)) return valueKey(output);
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
    if (key === undefined) keys.set(name, (key = unknownKey()));
    if (operation.type === 'fail') continue;
    const made = operation.f === 'append' ? operation.input : producedValue(operation);
    if (made === undefined) continue;
    if (operation.f === 'append') key.isAppendedTo = true;
    else key.isWritten = true;
    const value = valueKey(made);
    key.producers.set(value, key.producers.has(value) ? several : key.writes.length);
    const { called, returned, completedAt } = operation;
    key.writes.push({ called, returned, completedAt, sure: returned, rank: 0 });
  }
  return keys;
}

/**
 * Of the writes by their completion, those that completed before a read are the first ones; among them the invocations
 * after the point at which its source was sure are counted by a tree over the order of invocations (Fenwick 1994), and
 * the earliest completion of such a one by another.
 */
function judge({ writes, observations, seen }: Key, tally: Tally): void {
  const byCall = writes.toSorted((one, other) => one.called - other.called);
  for (const [rank, write] of byCall.entries()) write.rank = rank;
  const byReturn = writes
    .filter(({ returned }) => returned !== Infinity)
    .toSorted((one, other) => one.returned - other.returned);
  const counts = new Int32Array(writes.length + 1);
  const earliest = new Float64Array(writes.length + 1).fill(Infinity);
  let taken = 0;
  // Observations are in the order of their invocations, as the operations are.
  for (const [place, operation] of observations.entries()) {
    const write = seen[place] as number;
    for (let next = byReturn[taken]; next !== undefined && next.returned < operation.called; next = byReturn[++taken]) {
      // Counted from the end, so that the later invocations are a prefix.
      for (let at = writes.length - next.rank; at <= writes.length; at += at & -at) {
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
    tally.add(operation, k, k === 0 ? 0 : Math.max(operation.invokedAt - first, 0));
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
