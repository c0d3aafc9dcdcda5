/** The levels of a block, from its head upwards, and the pair of operations in it that says most with the fewest levels. */
import type { ChainZone } from './chain-zone.ts';
import { absent, before, never } from './register-log.ts';

/** Two operations of one block. `early` is `absent` for the virtual write of the initial value. */
export interface Pair {
  readonly early: number;
  readonly late: number;
  /** The values of their levels: the lower one, and the higher one. */
  readonly low: number;
  readonly high: number;
  /** `late` is on the higher level, so that `early` does not tell that it took effect. */
  readonly endsLate: boolean;
}

interface Candidate {
  readonly value: number;
  readonly level: number;
  readonly isRead: boolean;
}

/**
 * An operation of the block that returned before `call`, and one that was called after `ret`, as few levels apart as
 * possible. Both must exist; makers are preferred to reads, since they are needed anyway.
 */
export function closestPair(zone: ChainZone, head: number, call: number, ret: number): Pair {
  const { log, producer, nextCas, readsCalled, readsReturned } = zone;
  let early: Candidate | undefined;
  let late: Candidate | undefined;
  let best: readonly [Candidate, Candidate] | undefined;
  const consider = (): void => {
    if (early === undefined || late === undefined) return;
    const distance = Math.abs(early.level - late.level);
    if (best === undefined || distance < Math.abs(best[0].level - best[1].level)) best = [early, late];
  };
  for (let [value, level] = [head, 0]; ; level++) {
    const maker = value === log.initial ? absent : (producer[value] as number);
    const [called, returned] = maker === absent ? [before, before] : [log.called[maker], log.returned[maker]];
    if ((readsReturned[value] as number) < call) early = { value, level, isRead: true };
    if ((readsCalled[value] as number) > ret) late = { value, level, isRead: true };
    if ((returned as number) < call) early = { value, level, isRead: false };
    if ((called as number) > ret) late = { value, level, isRead: false };
    consider();
    const next = nextCas[value] as number;
    if (next === absent) break;
    value = log.produced[next] as number;
  }
  if (best === undefined) throw new Error(`No operations of block ${head} are on both sides of ${call} and ${ret}`);
  const [one, other] = best;
  const isAbove = other.level > one.level || (other.level === one.level && other.isRead && !one.isRead);
  return {
    early: one.isRead
      ? firstRead(zone, one.value)
      : one.value === log.initial
        ? absent
        : (producer[one.value] as number),
    late: other.isRead ? lastRead(zone, other.value) : (producer[other.value] as number),
    low: one.level < other.level ? one.value : other.value,
    high: one.level < other.level ? other.value : one.value,
    endsLate: isAbove,
  };
}

/** The read of the value that returned first. */
export const firstRead = (zone: ChainZone, value: number): number =>
  readOf(zone, value, (read) => zone.log.returned[read] === zone.readsReturned[value]);

/** The read of the value that was called last. */
export const lastRead = (zone: ChainZone, value: number): number =>
  readOf(zone, value, (read) => zone.log.called[read] === zone.readsCalled[value]);

function readOf({ log, effective }: ChainZone, value: number, fits: (read: number) => boolean): number {
  for (let operation = 0; operation < log.size; operation++) {
    if (log.observed[operation] !== value || log.produced[operation] !== absent) continue;
    if (effective[operation] === 1 && fits(operation)) return operation;
  }
  throw new Error(`No such read of value ${value} among ${log.size} operations`);
}

/** Somebody who returned, by the value that it met; `absent` where nobody did. */
export function okObservers({ log, ambiguity }: ChainZone): Int32Array {
  const observers = new Int32Array(log.values).fill(absent);
  for (let operation = log.size - 1; operation >= 0; operation--) {
    const value = log.observed[operation] as number;
    if (value >= 0 && log.returned[operation] !== never && ambiguity?.operations[operation] !== 1) {
      observers[value] = operation;
    }
  }
  return observers;
}
