/**
 * Delta-atomicity (Golab, Li & Shah 2011): the least time by which all reads have to have begun earlier for the history
 * to be linearizable. Beginning earlier only widens what a read may see, so the answer is found by halving. There is
 * none when the violation is not one of staleness: a value that nobody wrote, a lost update, a read from the future.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { producedValue } from '../../models/register-values.ts';
import { withEarlierReads } from './earlier-reads.ts';

/** Whether operations are linearizable; undefined when that is not known. Their positions, not their times, decide. */
export type LinearizabilityDecision = (operations: readonly Operation[], initial: Value) => boolean | undefined;

export type DeltaAtomicity =
  /** Nanoseconds; 0 for a linearizable history. Exact to `precision`: so much less would not do. */
  { readonly kind: 'delta'; readonly delta: number } | { readonly kind: 'none' } | { readonly kind: 'unknown' };

/** `precision` in nanoseconds, at least 1. */
export function deltaAtomicity(
  operations: readonly Operation[],
  isLinearizable: LinearizabilityDecision,
  initial: Value = null,
  precision: number = 1_000,
): DeltaAtomicity {
  const decide = (delta: number): boolean | undefined =>
    isLinearizable(withEarlierReads(operations, delta, isObservation), initial);
  const most = operations.reduce((latest, { invokedAt }) => Math.max(latest, invokedAt), 0) + 1;
  const first = decide(0);
  if (first === undefined) return { kind: 'unknown' };
  if (first) return { kind: 'delta', delta: 0 };
  const last = decide(most);
  if (last !== true) return last === undefined ? { kind: 'unknown' } : { kind: 'none' };
  let low = 0;
  let high = most;
  while (high - low > Math.max(precision, 1)) {
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
