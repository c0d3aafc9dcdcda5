/**
 * Read your writes and monotonic reads (Terry et al. 1994) of registers, as cycles among the writes to one key. A
 * history does not say which writes a replica had, only which one a read returned, so a guarantee is broken where no
 * order of a key's writes explains what one process saw. That order keeps each session's writes as they were issued.
 * - Read your writes: what a process observed comes before what it writes later, and its own earlier writes come before
 *   whatever it observes. Broken by a read of something that was overwritten by an own write in between.
 * - Monotonic reads: what a process observed comes before what it observes later. Broken by a read of something that
 *   it had already seen overwritten.
 * Monotonic writes and writes follow reads say nothing about registers beyond that: a read shows one write, and never
 * that another is missing. What is left of them is that nobody reads from the future.
 */
import { successorsOf } from '../index/graph.ts';
import { initially, nothing, type HistoryIndex } from '../index/history-index.ts';
import { Teller } from '../evidence/tell.ts';
import { holds, type Outcome } from '../outcome.ts';

interface Stale {
  readonly read: number;
  /** A write that came before the read, and after what the read saw. */
  readonly newer: number;
  /** Where another process wrote what the read saw: the newest write of it that was observed before `newer`. */
  readonly observed: number | undefined;
}

export function checkReadYourWrites(index: HistoryIndex): Outcome {
  const { sessionStart, key, source, session, writes } = index;
  for (let of = 0; of + 1 < sessionStart.length; of++) {
    /** By key: the last own write, and by key and session the newest write that was seen before it. */
    const ownWrite = new Map<number, number>();
    const seen = new Map<number, Map<number, number>>();
    const covered = new Map<number, Map<number, number>>();
    for (let vertex = sessionStart[of] as number; vertex < (sessionStart[of + 1] as number); vertex++) {
      const at = key[vertex] as number;
      const from = source[vertex] as number;
      const own = ownWrite.get(at);
      if (from > vertex && session[from] === of) return fromOwnFuture(index, vertex);
      if (own !== undefined && from !== nothing) {
        const isForeign = from !== initially && session[from] !== of;
        const observed = isForeign ? covered.get(at)?.get(session[from] as number) : undefined;
        const isOverwritten = isForeign ? from <= (observed ?? -1) : from < own;
        if (isOverwritten) return stale(index, of, { read: vertex, newer: own, observed });
      }
      if (from >= 0 && session[from] !== of) raise(seen, at, session[from] as number, from);
      if (writes[vertex] === 1) {
        ownWrite.set(at, vertex);
        const known = seen.get(at);
        if (known !== undefined) covered.set(at, new Map(known));
      }
    }
  }
  return holds;
}

export function checkMonotonicReads(index: HistoryIndex): Outcome {
  const { sessionStart, key, source, session } = index;
  for (let of = 0; of + 1 < sessionStart.length; of++) {
    /** By key: the read that first saw what was observed last; by key and session: the newest that was observed. */
    const last = new Map<number, number>();
    const seen = new Map<number, Map<number, number>>();
    for (let vertex = sessionStart[of] as number; vertex < (sessionStart[of + 1] as number); vertex++) {
      const at = key[vertex] as number;
      const from = source[vertex] as number;
      const before = last.get(at);
      const previous = before === undefined ? initially : (source[before] as number);
      if (from === nothing || from === previous) continue;
      const newest = from === initially ? -1 : (seen.get(at)?.get(session[from] as number) ?? -1);
      if (from === initially || from <= newest) return backward(index, from === newest ? previous : newest, vertex);
      last.set(at, vertex);
      raise(seen, at, session[from] as number, from);
    }
  }
  return holds;
}

/** Something newer had been observed by the process before; -1: whatever it was that is newer than the initial value. */
function backward(index: HistoryIndex, newest: number, read: number): Outcome {
  const { source, key } = index;
  const from = source[read] as number;
  const observerOf = (write: number): number =>
    source.findLastIndex(
      (seen, vertex) =>
        vertex < read &&
        key[vertex] === key[read] &&
        (write === -1 ? seen >= 0 : seen === write) &&
        isSameSession(index, vertex, read),
    );
  const observer = observerOf(newest);
  const newer = source[observer] as number;
  const teller = new Teller(index, successorsOf(index, undefined, index.session[read]), undefined, false);
  const back = teller.beforeSource(newer, from, read, 0, teller.byReading(newer, observer, read));
  if (from === initially) return { valid: false, cycle: [teller.fromInitial(newer), back] };
  if (isSameSession(index, from, newer) && from < newer) {
    return { valid: false, cycle: [...(teller.way(from, newer) ?? []), back] };
  }
  const first = source.findIndex((seen, vertex) => seen === from && isSameSession(index, vertex, read));
  return {
    valid: false,
    cycle: [teller.beforeSource(from, newer, observer, 0, teller.byReading(from, first, observer)), back],
  };
}

const isSameSession = ({ session }: HistoryIndex, one: number, other: number): boolean =>
  session[one] === session[other];

function raise(table: Map<number, Map<number, number>>, key: number, session: number, vertex: number): void {
  let row = table.get(key);
  if (row === undefined) table.set(key, (row = new Map()));
  if (vertex > (row.get(session) ?? -1)) row.set(session, vertex);
}

function stale(index: HistoryIndex, process: number, { read, newer, observed }: Stale): Outcome {
  const teller = new Teller(index, successorsOf(index, undefined, process), undefined, false);
  const source = index.source[read] as number;
  const back = teller.beforeSource(newer, source, read, 0);
  if (source === initially) return { valid: false, cycle: [teller.fromInitial(newer), back] };
  if (observed === undefined) return { valid: false, cycle: [...(teller.way(source, newer) ?? []), back] };
  // By way of this key alone: the guarantee says nothing about others, which might be nearer.
  const observer = index.source.findIndex(
    (seen, vertex) => seen === observed && vertex <= newer && index.session[vertex] === process,
  );
  const known = source === observed ? [] : (teller.way(source, observed) ?? []);
  return { valid: false, cycle: [...known, ...teller.byReading(observed, observer, newer), back] };
}

/** A process observed what it wrote only later. */
export function fromOwnFuture(index: HistoryIndex, read: number): Outcome {
  const write = index.source[read] as number;
  const teller = new Teller(index, successorsOf(index, undefined, index.session[read]), undefined, false);
  return { valid: false, cycle: [...(teller.way(write, read) ?? []), ...(teller.way(read, write) ?? [])] };
}
