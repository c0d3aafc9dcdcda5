/**
 * What one process can have seen, for registers: the heart of causal memory (CM, Bouajjani et al. 2017, "HB_o" in
 * section 5) and of PRAM. A process has a legal view iff the least order is acyclic that contains the base order and,
 * for each of its reads of w1 and each write w2 to the same key that comes before the read, w2 before w1; and if no write
 * comes before its reads of the initial value. The two models differ in the base order alone: the causal order, or the
 * sessions' orders with what this one process observed.
 *
 * Clocks are kept for the operations of the process only. The edges are few, since most of what a read saw is before its
 * source anyway; whatever an edge brings before an earlier read is joined into that read's clock, and the read looked at
 * again, until nothing changes. The edges that follow from the causal order alone are the conflicts of causal
 * convergence: where these are known, nothing is left to be looked at but what they bring.
 */
import { DerivedEdges } from '../index/graph.ts';
import { initially, nothing, type HistoryIndex } from '../index/history-index.ts';
import { upTo, type ChainWrites } from './clocks.ts';
import { unwatched, type Watch } from '../../check/watch.ts';
import { goesRound } from './view-cycle.ts';

/** The order that is there before any read is looked at, in columns of writes each of which is before the next. */
export interface BaseOrder {
  /**
   * Rows of the given session's operations, one after the other, each with what comes before it and itself. They may be
   * written to, and last until those of another session are asked for.
   */
  rows(session: number): Int32Array;
  /** All that follows is for the session whose rows were asked for last. How many columns a row has. */
  columns(): number;
  columnOf(write: number): number;
  /** From 1. */
  readonly place: Int32Array;
  writesOf(key: number): readonly ChainWrites[];
  /** The columns of these. */
  columnsOf(key: number): Int32Array;
  /** Puts what is before a write, and the write, into a row. True when that changed it. */
  join(rows: Int32Array, at: number, write: number): boolean;
  /** How much of a column is before a write, or is it: its entry in the write's own row. */
  before(write: number, column: number): number;
  /** False for a write that nothing of other columns is before. */
  learns(write: number): boolean;
  /** One write is before another, or is it. */
  reaches(write: number, other: number): boolean;
}

/** What is known of the causal order already. */
export interface CausalFindings {
  /** For each read in turn, the writes before it that its source does not come after: they are before the source. */
  readonly conflicts: DerivedEdges;
  /** The places of the writes in some order that keeps the base and the conflicts, if there is one. */
  readonly rank?: Int32Array;
}

export class View {
  /** Each edge follows from the base and the edges before it. */
  readonly edges: DerivedEdges = new DerivedEdges();
  /** A read of the initial value and a write before it. */
  initialRead: { readonly read: number; readonly write: number } | undefined;
  readonly #index: HistoryIndex;
  readonly #base: BaseOrder;
  readonly #rows: Int32Array;
  readonly #columns: number;
  readonly #first: number;
  readonly #end: number;
  readonly #watch: Watch;
  readonly #known = new Set<number>();
  #contradicts = false;

  constructor(index: HistoryIndex, base: BaseOrder, session: number, watch: Watch = unwatched) {
    this.#watch = watch;
    this.#index = index;
    this.#base = base;
    this.#rows = base.rows(session);
    this.#columns = base.columns();
    this.#first = index.sessionStart[session] as number;
    this.#end = index.sessionStart[session + 1] as number;
  }

  /**
   * True when there is an order; otherwise `edges` contain a cycle, or `initialRead` is there. `known`: where the base is
   * the causal order. No cycle has to be looked for where the edges keep to its rank.
   */
  isLegal(known?: CausalFindings): boolean {
    if (known === undefined) this.#scanAll();
    else this.#adopt(known.conflicts);
    const rank = known?.rank;
    while (!this.#isBroken && this.#propagate());
    if (this.#isBroken) return false;
    const { count, from, to } = this.edges;
    const isAgainst = (edge: number): boolean =>
      rank === undefined || (rank[from[edge] as number] as number) > (rank[to[edge] as number] as number);
    for (let edge = 0; edge < count; edge++)
      if (isAgainst(edge)) return !goesRound(this.edges, this.#base, this.#watch);
    return true;
  }

  get #isBroken(): boolean {
    return this.#contradicts || this.initialRead !== undefined;
  }

  /** The conflicts of this session's reads are in a row. */
  #adopt({ read, count, from, to }: DerivedEdges): void {
    let edge = firstAtLeast(read, count, this.#first);
    for (; edge < count && (read[edge] as number) < this.#end; edge++) {
      const name = (from[edge] as number) * this.#index.vertices + (to[edge] as number);
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      this.edges.add(from[edge] as number, to[edge] as number, read[edge] as number, 'seen-before-source');
    }
  }

  /** What an earlier read of the key came after is before that read's source, which now comes before this one's. */
  #scanAll(): void {
    const { source, key } = this.#index;
    const earlier = new Map<number, number>();
    for (let read = this.#first; read < this.#end && !this.#isBroken; read++) {
      this.#watch();
      const own = source[read] as number;
      if (own === nothing) continue;
      const of = key[read] as number;
      const before = earlier.get(of);
      earlier.set(of, read);
      this.#scan(read, before ?? nothing);
      const seen = before === undefined ? nothing : (source[before] as number);
      if (seen >= 0 && seen !== own) this.#add(seen, read);
    }
  }

  /** `before`: the read of the key before this one. What it had seen in a column is not looked at again. */
  #scan(read: number, before: number): void {
    const rows = this.#rows;
    const own = this.#index.source[read] as number;
    const of = this.#index.key[read] as number;
    const columns = this.#base.columnsOf(of);
    const row = (read - this.#first) * this.#columns;
    const rowBefore = (before - this.#first) * this.#columns;
    // A cas is not before itself; it is before the next read.
    const columnBefore = before < 0 ? nothing : this.#base.columnOf(before);
    for (let number = 0; number < columns.length; number++) {
      const column = columns[number] as number;
      const limit = rows[row + column] as number;
      if (limit === 0) continue;
      if (before >= 0 && column !== columnBefore && limit === rows[rowBefore + column]) continue;
      if (own >= 0 && limit <= this.#base.before(own, column)) continue;
      this.#see(read, this.#base.writesOf(of)[number] as ChainWrites, limit);
    }
  }

  #see(read: number, writes: ChainWrites, limit: number): void {
    let last = upTo(writes, limit) - 1;
    if (last >= 0 && writes.vertices[last] === read) last--;
    if (last >= 0) this.#add(writes.vertices[last] as number, read);
  }

  /** The write comes before the read. */
  #add(write: number, read: number): void {
    const own = this.#index.source[read] as number;
    if (write === own) return;
    if (own === initially) {
      this.initialRead ??= { read, write };
      return;
    }
    const contradicts = this.#base.reaches(own, write);
    if (!contradicts && this.#base.reaches(write, own)) return;
    const name = write * this.#index.vertices + own;
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.edges.add(write, own, read, 'seen-before-source');
    if (contradicts) this.#contradicts = true;
  }

  /** Whoever has the end of an edge before him has its beginning before him. False when nothing changed. */
  #propagate(): boolean {
    const columns = this.#columns;
    const { place } = this.#base;
    const changed = new Set<number>();
    for (let edge = 0; edge < this.edges.count; edge++) {
      this.#watch();
      const from = this.edges.from[edge] as number;
      const end = this.#firstWith(this.#base.columnOf(from), place[from] as number);
      const to = this.edges.to[edge] as number;
      for (let at = this.#firstWith(this.#base.columnOf(to), place[to] as number); at < end; at++) {
        // Rows only grow along a session: what is nothing new to one is nothing new to those behind it.
        if (!this.#base.join(this.#rows, at * columns, from)) break;
        changed.add(at);
      }
    }
    for (const at of changed) {
      this.#watch();
      if (this.#index.source[this.#first + at] !== nothing) this.#scan(this.#first + at, nothing);
    }
    return changed.size > 0;
  }

  /** The first operation of the session that has this write before it: rows only grow along a session. */
  #firstWith(column: number, place: number): number {
    let low = 0;
    let high = this.#end - this.#first;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle * this.#columns + column] as number) >= place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The place of the first of so many ascending numbers that is no less. */
function firstAtLeast(numbers: Int32Array, count: number, least: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) >= least) high = middle;
    else low = middle + 1;
  }
  return low;
}
