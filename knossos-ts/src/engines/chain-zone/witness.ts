/**
 * A legal order of a history in which nothing broke: block after block, and level by level inside each. Of two blocks at
 * one point a backward one goes first; the initial one stands before all.
 */
import type { ChainZone } from './chain-zone.ts';
import { absent } from './register-log.ts';

/** Operations of the log. Those of unknown outcome that nobody saw are not among them. */
export function witnessOf(zone: ChainZone): Int32Array {
  const { log, zones, producer, nextCas } = zone;
  const { starts, reads } = readsByValue(zone);
  const order = new Int32Array(log.size);
  let length = 0;
  for (const block of blocksInOrder(zone)) {
    for (let value = zones.heads[block] as number; ;) {
      const maker = producer[value] as number;
      if (maker !== absent) order[length++] = maker;
      for (let read = starts[value] as number; read < (starts[value + 1] as number); read++) {
        order[length++] = reads[read] as number;
      }
      const next = nextCas[value] as number;
      if (next === absent) break;
      value = log.produced[next] as number;
    }
  }
  return order.subarray(0, length);
}

/**
 * A forward block stands at its earliest return, a backward one at its latest call: a block that must precede another has
 * a return before a call of that, and no backward zone is inside a forward one. Points are packed with the numbers of
 * their blocks, as plain numbers sort fastest.
 */
function blocksInOrder({ zones }: ChainZone): Float64Array {
  const { size, first, last } = zones;
  const keys = new Float64Array(size);
  for (let block = 0; block < size; block++) {
    const isForward = zones.isForward(block);
    const point = (isForward ? first[block] : last[block]) as number;
    keys[block] = ((point + 1) * 2 + Number(isForward)) * size + block;
  }
  return keys.toSorted().map((key) => key % size);
}

/** The reads of value v are `reads` from `starts[v]` to `starts[v + 1]`. */
function readsByValue({ log, effective }: ChainZone): { readonly starts: Int32Array; readonly reads: Int32Array } {
  const isRead = (operation: number): boolean =>
    effective[operation] === 1 && log.produced[operation] === absent && log.observed[operation] !== absent;
  const starts = new Int32Array(log.values + 1);
  for (let operation = 0; operation < log.size; operation++) {
    if (!isRead(operation)) continue;
    const after = (log.observed[operation] as number) + 1;
    starts[after] = (starts[after] as number) + 1;
  }
  for (let value = 0; value < log.values; value++) {
    starts[value + 1] = (starts[value + 1] as number) + (starts[value] as number);
  }
  const next = starts.slice();
  const reads = new Int32Array(starts[log.values] as number);
  for (let operation = 0; operation < log.size; operation++) {
    if (!isRead(operation)) continue;
    const value = log.observed[operation] as number;
    reads[next[value] as number] = operation;
    next[value] = (next[value] as number) + 1;
  }
  return { starts, reads };
}
