/**
 * Stamps say which of two versions of a key is the newer one: first the counter decides, then the id (Lamport, "Time,
 * Clocks, and the Ordering of Events", CACM 21(7), 1978; for registers with many writers, Lynch & Shvartsman, "Robust
 * Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts", FTCS 1997). Two versions with the same
 * stamp would stand on different replicas for ever, and readers would see now one, now the other. So no stamp may be
 * given to two writes: not to two at the same time, and not before and after a restart. The id sees to that.
 */
import type { Json } from '../../src/core/json.ts';
import type { Held } from './dialect.ts';

export interface Stamp {
  /** One more than the highest that was seen; or, where versions go by the clock, nanoseconds. */
  readonly counter: number;
  /** Of the request that asked for the stamp: `n1.2.17`, by node, life and number. */
  readonly id: string;
}

/** Above 0 if the first is newer, below if it is older. Ids are compared as texts: any order will do. */
export function compare(one: Stamp, other: Stamp): number {
  if (one.counter !== other.counter) return one.counter - other.counter;
  return one.id === other.id ? 0 : one.id > other.id ? 1 : -1;
}

/** Whether the first is a newer version than the second; null is older than all. */
export const isNewer = (one: Held | null, other: Held | null): boolean =>
  one !== null && (other === null || compare(one.stamp, other.stamp) > 0);

/** What came over the wire, if it is a stamp. */
export function stampOf(value: Json | undefined): Stamp | null {
  if (typeof value !== 'object' || value === null || !('counter' in value)) return null;
  const { counter, id } = value;
  return typeof id === 'string' && Number.isSafeInteger(counter) ? { counter: counter as number, id } : null;
}
