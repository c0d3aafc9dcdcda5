/**
 * PRAM (Lipton & Sandberg 1988) of registers: for every process there is an order of all writes and its own reads that
 * keeps the order of each session and is legal for its reads. Different processes may see the writes of different
 * sessions in different orders, and nobody learns from what others have read.
 */
import { cycleOf } from '../causal/memory.ts';
import { View, type BaseOrder } from '../causal/view.ts';
import { chainsIn, type ChainWrites } from '../causal/clocks.ts';
import { sessionsOf, type HistoryIndex } from '../index/history-index.ts';
import { holds, type Outcome } from '../outcome.ts';
import { unwatched, type Watch } from '../../check/watch.ts';
import { fromOwnFuture } from './registers.ts';

/** `bytes` bounds the table of what one process has seen. */
export function checkPramOfRegisters(index: HistoryIndex, bytes: number = 2 ** 30, watch: Watch = unwatched): Outcome {
  const early = index.source.findIndex((from, read) => from > read && index.session[from] === index.session[read]);
  if (early >= 0) return fromOwnFuture(index, early);
  const base = new SessionBase(index);
  for (let session = 0; session < sessionsOf(index); session++) {
    watch();
    const length = (index.sessionStart[session + 1] as number) - (index.sessionStart[session] as number);
    if (length * base.sessionsSeenBy(session) * 8 > bytes) {
      const detail = `one process saw ${length} operations of too many sessions for the memory budget`;
      return { valid: 'unknown', reason: 'memory', detail };
    }
    const view = new View(index, base, session, watch);
    if (!view.isLegal()) return { valid: false, cycle: cycleOf(index, view, session) };
  }
  return holds;
}

/** The columns are the sessions whose writes the process has observed, and its own. */
class SessionBase implements BaseOrder {
  readonly place: Int32Array;
  readonly #index: HistoryIndex;
  readonly #bySession: ChainWrites[][];
  readonly #column: Int32Array;
  #seen: number[] = [];
  #writesOf = new Map<number, { readonly writes: readonly ChainWrites[]; readonly columns: Int32Array }>();
  #observer = 0;
  #first = 0;
  #known = new Int32Array(0);

  constructor(index: HistoryIndex) {
    this.#index = index;
    this.place = placesOf(index);
    this.#bySession = writesBySession(index, this.place);
    this.#column = new Int32Array(sessionsOf(index)).fill(-1);
  }

  sessionsSeenBy(observer: number): number {
    const { session, sessionStart, source } = this.#index;
    for (const seen of this.#seen) this.#column[seen] = -1;
    this.#seen = [observer];
    this.#column[observer] = 0;
    for (let vertex = sessionStart[observer] as number; vertex < (sessionStart[observer + 1] as number); vertex++) {
      const from = source[vertex] as number;
      if (from < 0 || this.#column[session[from] as number] !== -1) continue;
      this.#column[session[from] as number] = this.#seen.push(session[from] as number) - 1;
    }
    return this.#seen.length;
  }

  rows(observer: number): Int32Array {
    const { session, sessionStart, source, writes } = this.#index;
    const columns = this.sessionsSeenBy(observer);
    this.#writesOf.clear();
    this.#observer = observer;
    this.#first = sessionStart[observer] as number;
    const length = (sessionStart[observer + 1] as number) - this.#first;
    const known = new Int32Array(length * columns);
    for (let at = 0; at < length; at++) {
      if (at > 0) known.copyWithin(at * columns, (at - 1) * columns, at * columns);
      const vertex = this.#first + at;
      const from = source[vertex] as number;
      if (from >= 0) raise(known, at * columns + this.#column[session[from] as number]!, this.place[from] as number);
      if (writes[vertex] === 1) known[at * columns] = this.place[vertex] as number;
    }
    this.#known = known;
    return known.slice();
  }

  columns(): number {
    return this.#seen.length;
  }

  columnOf(write: number): number {
    return this.#column[this.#index.session[write] as number] as number;
  }

  writesOf(key: number): readonly ChainWrites[] {
    return this.#of(key).writes;
  }

  columnsOf(key: number): Int32Array {
    return this.#of(key).columns;
  }

  #of(key: number): { readonly writes: readonly ChainWrites[]; readonly columns: Int32Array } {
    let found = this.#writesOf.get(key);
    if (found === undefined) {
      const writes = (this.#bySession[key] ?? []).flatMap((those) => {
        const chain = this.#column[those.chain] as number;
        return chain < 0 ? [] : [{ ...those, chain }];
      });
      found = { writes, columns: chainsIn(writes) };
      this.#writesOf.set(key, found);
    }
    return found;
  }

  join(rows: Int32Array, row: number, write: number): boolean {
    return raise(rows, row + this.columnOf(write), this.place[write] as number);
  }

  before(write: number, column: number): number {
    return this.columnOf(write) === column ? (this.place[write] as number) : 0;
  }

  learns(write: number): boolean {
    return this.#index.session[write] === this.#observer;
  }

  reaches(write: number, other: number): boolean {
    const { session } = this.#index;
    if (session[write] === session[other]) return write <= other;
    if (session[other] !== this.#observer) return false;
    const known = this.#known[(other - this.#first) * this.#seen.length + this.columnOf(write)] as number;
    return known >= (this.place[write] as number);
  }
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
