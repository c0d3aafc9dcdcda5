/**
 * PRAM (Lipton & Sandberg 1988) of registers: for every process there is an order of all writes and its own reads that
 * keeps the order of each session and is legal for its reads. Different processes may see the writes of different
 * sessions in different orders, and nobody learns from what others have read.
 */
import { cycleOf } from '../causal/memory.ts';
import { View, type BaseOrder } from '../causal/view.ts';
import type { ChainWrites } from '../causal/clocks.ts';
import { sessionsOf, type HistoryIndex } from '../index/history-index.ts';
import { holds, type Outcome } from '../outcome.ts';
import { fromOwnFuture } from './registers.ts';

/** `bytes` bounds the table of what one process has seen. */
export function checkPramOfRegisters(index: HistoryIndex, bytes: number = 2 ** 30): Outcome {
  const base = sessionBase(index);
  const early = index.source.findIndex((from, read) => from > read && index.session[from] === index.session[read]);
  if (early >= 0) return fromOwnFuture(index, early);
  for (let session = 0; session < sessionsOf(index); session++) {
    const length = (index.sessionStart[session + 1] as number) - (index.sessionStart[session] as number);
    if (length * base.columns * 4 > bytes) {
      const detail = `one process did ${length} operations among ${base.columns} sessions; a larger memory budget would decide it`;
      return { valid: 'unknown', reason: 'memory', detail };
    }
    const view = new View(index, base, session);
    if (!view.isLegal()) return { valid: false, cycle: cycleOf(index, view, session) };
  }
  return holds;
}

/** The columns are the sessions. */
function sessionBase(index: HistoryIndex): BaseOrder {
  const { session, sessionStart, source, writes } = index;
  const columns = sessionsOf(index);
  const place = placesOf(index);
  let observer = 0;
  let first = 0;
  let known = new Int32Array(0);
  return {
    columns,
    column: session,
    place,
    writesOf: writesBySession(index, place),
    rows: (of) => {
      observer = of;
      first = sessionStart[of] as number;
      const length = (sessionStart[of + 1] as number) - first;
      known = new Int32Array(length * columns);
      for (let at = 0; at < length; at++) {
        if (at > 0) known.copyWithin(at * columns, (at - 1) * columns, at * columns);
        const vertex = first + at;
        const from = source[vertex] as number;
        if (from >= 0) raise(known, at * columns + (session[from] as number), place[from] as number);
        if (writes[vertex] === 1) known[at * columns + of] = place[vertex] as number;
      }
      return known.slice();
    },
    join: (rows, row, write) => raise(rows, row + (session[write] as number), place[write] as number),
    reaches: (write, other) => {
      if (session[write] === session[other]) return write <= other;
      if (session[other] !== observer) return false;
      return (known[(other - first) * columns + (session[write] as number)] as number) >= (place[write] as number);
    },
  };
}

function raise(rows: Int32Array, at: number, value: number): boolean {
  if ((rows[at] as number) >= value) return false;
  rows[at] = value;
  return true;
}

/** Counted from 1 in each session; 0 for what is no write. */
function placesOf({ session, writes }: HistoryIndex): Int32Array {
  const place = new Int32Array(session.length);
  let count = 0;
  for (let vertex = 0; vertex < session.length; vertex++) {
    if (session[vertex] !== session[vertex - 1]) count = 0;
    if (writes[vertex] === 1) place[vertex] = ++count;
  }
  return place;
}

/** A write that ends its session unread is seen by nobody, and left out. */
function writesBySession({ session, source, writesOf }: HistoryIndex, place: Int32Array): ChainWrites[][] {
  const read = new Uint8Array(session.length);
  for (const from of source) if (from >= 0) read[from] = 1;
  return writesOf.map((writes) => {
    const columns: ChainWrites[] = [];
    for (let start = 0; start < writes.length;) {
      let end = start + 1;
      while (end < writes.length && session[writes[end] as number] === session[writes[start] as number]) end++;
      const vertices = writes.subarray(start, end);
      const last = vertices.at(-1) as number;
      const ends = last + 1 === session.length || session[last + 1] !== session[last];
      if (vertices.length > 1 || !ends || read[last] === 1) {
        const places = vertices.map((vertex) => place[vertex] as number);
        columns.push({ chain: session[vertices[0] as number] as number, vertices, places });
      }
      start = end;
    }
    return columns;
  });
}
