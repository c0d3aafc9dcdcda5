/**
 * Delta-atomicity (Golab, Li & Shah 2011): the least time by which all reads have to have begun earlier for the history
 * to be linearizable. Beginning earlier only widens what a read may see, so the answer is found by halving. There is
 * none when the violation is not one of staleness: a value that nobody wrote, a lost update, a read from the future.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { valueKey, type ValueKey } from '../../history/value.ts';
import { producedValue } from '../../models/register-values.ts';
import { withEarlierReads } from './earlier-reads.ts';

/** Whether operations are linearizable; undefined when that is not known. Their positions, not their times, decide. */
export type LinearizabilityDecision = (operations: readonly Operation[], initial: Value) => boolean | undefined;

export type DeltaAtomicity =
  /** Nanoseconds; 0 for a linearizable history. Exact to `precision`: so much less would not do. */
  { readonly kind: 'delta'; readonly delta: number } | { readonly kind: 'none' } | { readonly kind: 'unknown' };

/**
 * Of keys that are independent, so that it is the largest of any key's (Herlihy & Wing 1990): what is enough for one is
 * mostly enough for the next, too. `precision` in nanoseconds, at least 1.
 */
export function deltaAtomicity(
  operations: readonly Operation[],
  isLinearizable: LinearizabilityDecision,
  initial: Value = null,
  precision: number = 1_000,
): DeltaAtomicity {
  let largest = 0;
  let isUnknown = false;
  for (const ofKey of byKey(operations)) {
    const decide = (delta: number): boolean | undefined =>
      isLinearizable(withEarlierReads(ofKey, delta, isObservation), initial);
    const found = leastAbove(largest, ofKey, decide, Math.max(precision, 1));
    if (found.kind === 'none') return found;
    if (found.kind === 'delta') largest = found.delta;
    else isUnknown = true;
  }
  return isUnknown ? { kind: 'unknown' } : { kind: 'delta', delta: largest };
}

function byKey(operations: readonly Operation[]): Iterable<readonly Operation[]> {
  const groups = new Map<ValueKey, Operation[]>();
  for (const operation of operations) {
    const key = valueKey(operation.key);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [operation]);
    else group.push(operation);
  }
  return groups.values();
}

/** The least delta from `least` on. */
function leastAbove(
  least: number,
  operations: readonly Operation[],
  decide: (delta: number) => boolean | undefined,
  precision: number,
): DeltaAtomicity {
  const first = decide(least);
  if (first !== false) return first === undefined ? { kind: 'unknown' } : { kind: 'delta', delta: least };
  const most = operations.reduce((latest, { invokedAt }) => Math.max(latest, invokedAt), least) + 1;
  const last = decide(most);
  if (last !== true) return { kind: last === undefined ? 'unknown' : 'none' };
  let low = least;
  let high = most;
  while (high - low > precision) {
    const middle = Math.floor((low + high) / 2);
    const answer = decide(middle);
    if (answer === undefined) return { kind: 'unknown' };
    if (answer) high = middle;
    else low = middle;
  }
  return { kind: 'delta', delta: high };
}

/** Reads and refused cas: what they return was so at some instant, and they changed nothing. */
const isObservation = (operation: Operation): boolean =>
  operation.type === 'ok' &&
  (operation.f === 'read' || (operation.f === 'cas' && producedValue(operation) === undefined));
