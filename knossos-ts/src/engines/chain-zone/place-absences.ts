/**
 * Operations that saw only that one value was absent, put into a witness order without them: each at the first gap that
 * its call and what it follows allow, and where another value is there. If that works for all, the history is legal; if
 * not, another order might still have room for them, and nothing is decided.
 */
import type { ChainZone } from './chain-zone.ts';
import type { Grouped } from './grouped.ts';
import { absent } from './register-log.ts';

export interface Placed {
  readonly place: number;
  /** How many operations of the witness come before it. */
  readonly gap: number;
}

/** In the order in which they happen; undefined when one of them does not fit. */
export function placeAbsences(
  zone: ChainZone,
  witness: Int32Array,
  operations: Grouped,
): readonly Placed[] | undefined {
  const { log } = zone;
  const { called, returned, observed } = operations;
  const lastReturned = rankedBy(witness, (operation) => log.returned[operation] as number);
  const states = statesOf(zone, witness);
  const upper = earliestGapByCall(zone, witness);
  const byCall = log.absences.toSorted((one, other) => (called[one] as number) - (called[other] as number));
  const byReturn = log.absences.toSorted((one, other) => (returned[one] as number) - (returned[other] as number));
  const gaps = new Map<number, number>();
  let [over, gapOfOver, following, gapOfFollowed] = [0, 0, 0, 0];
  const placed: Placed[] = [];
  for (const place of byCall) {
    const call = called[place] as number;
    for (
      ;
      over < lastReturned.length && (log.returned[lastReturned[over]?.operation as number] as number) < call;
      over++
    ) {
      gapOfOver = Math.max(gapOfOver, (lastReturned[over]?.rank as number) + 1);
    }
    for (; following < byReturn.length && (returned[byReturn[following] as number] as number) < call; following++) {
      gapOfFollowed = Math.max(gapOfFollowed, gaps.get(byReturn[following] as number) as number);
    }
    let gap = Math.max(gapOfOver, gapOfFollowed);
    while (gap <= witness.length && states.codeAt(gap) === observed[place]) gap = states.endOf(gap);
    if (gap > upper(returned[place] as number)) return undefined;
    gaps.set(place, gap);
    placed.push({ place, gap });
  }
  return placed.toSorted((one, other) => one.gap - other.gap);
}

interface Ranked {
  readonly operation: number;
  /** Its place in the witness. */
  readonly rank: number;
}

const rankedBy = (witness: Int32Array, position: (operation: number) => number): Ranked[] =>
  Array.from(witness, (operation, rank) => ({ operation, rank })).toSorted(
    (one, other) => position(one.operation) - position(other.operation),
  );

/** What is there in each gap, and where that ends. */
function statesOf(
  { log }: ChainZone,
  witness: Int32Array,
): { readonly codeAt: (gap: number) => number; readonly endOf: (gap: number) => number } {
  const codes = new Int32Array(witness.length + 1);
  const ends = new Int32Array(witness.length + 1).fill(witness.length + 1);
  codes[0] = log.codes[log.initial] as number;
  for (const [rank, operation] of witness.entries()) {
    const made = log.produced[operation] as number;
    codes[rank + 1] = made === absent ? (codes[rank] as number) : (log.codes[made] as number);
  }
  for (let gap = witness.length - 1; gap >= 0; gap--) {
    const isSame = (log.produced[witness[gap] as number] as number) === absent;
    ends[gap] = isSame ? (ends[gap + 1] as number) : gap + 1;
  }
  return { codeAt: (gap) => codes[gap] as number, endOf: (gap) => ends[gap] as number };
}

/** The last gap that is before everything which was called after a position. */
function earliestGapByCall({ log }: ChainZone, witness: Int32Array): (position: number) => number {
  const byCall = rankedBy(witness, (operation) => log.called[operation] as number);
  const first = new Int32Array(byCall.length + 1).fill(witness.length);
  for (let place = byCall.length - 1; place >= 0; place--) {
    first[place] = Math.min(first[place + 1] as number, byCall[place]?.rank as number);
  }
  return (position) => {
    let [low, high] = [0, byCall.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((log.called[byCall[middle]?.operation as number] as number) > position) high = middle;
      else low = middle + 1;
    }
    return first[low] as number;
  };
}
