/**
 * Orders that every sequential explanation must keep (after Gibbons & Korach 1997 and Biswas & Enea 2019), found until
 * there are no more:
 * - a read r of w1 that comes after another write w2 to the key: w2 before w1;
 * - a write w3 to the key that comes after w1: r before w3;
 * - a read of the initial value before every write to the key.
 * A cas that swapped is one vertex, reader of its source and writer of its target. Histories are not local for this
 * model: the orders of all keys and sessions are one. A cycle refutes; that there is none proves nothing (the problem is
 * NP-complete), but it leaves little to choose.
 *
 * Rounds: clocks for the graph so far, in topological order; then each read looks at the last write of each chain before
 * it, and at the first one after its source. Chains of the causal order remain chains in any larger one.
 */
import { isBefore, joinClocks, upTo, type ChainWrites, type Clocks } from '../causal/clocks.ts';
import { visitSeen } from '../causal/registers.ts';
import { DerivedEdges, successorsOf, topological, type Successors } from '../index/graph.ts';
import { initially, nothing, type HistoryIndex } from '../index/history-index.ts';
import type { Watch } from '../../check/watch.ts';

export interface Saturated {
  readonly edges: DerivedEdges;
  readonly successors: Successors;
  /** `cyclic`: refuted. `closed`: nothing more follows. */
  readonly state: 'cyclic' | 'closed';
  readonly rounds: number;
}

/** For registers whose causal order has no cycle. */
export function saturate(index: HistoryIndex, causal: Clocks, watch: Watch): Saturated {
  return new Saturation(index, causal, watch).run();
}

class Saturation {
  readonly #index: HistoryIndex;
  readonly #clocks: Clocks;
  readonly #watch: Watch;
  readonly #edges = new DerivedEdges();
  /** Pairs that were added already, since a round may find them again. */
  readonly #known = new Set<number>();
  /** By vertex: its clock changed in this round; by key: that of one of its writes did. */
  readonly #changed: Uint8Array;
  readonly #stirred: Uint8Array;
  /** By vertex: the first write behind it in its session, or -1. */
  readonly #nextOwn: Int32Array;
  /** By vertex: who observed it, one after the other. */
  readonly #readers: { readonly start: Int32Array; readonly list: Int32Array };

  constructor(index: HistoryIndex, causal: Clocks, watch: Watch) {
    this.#watch = watch;
    this.#index = index;
    this.#clocks = { ...causal, at: causal.at.slice() };
    this.#changed = new Uint8Array(index.vertices).fill(1);
    this.#stirred = new Uint8Array(index.keys.length).fill(1);
    this.#nextOwn = nextOwnWrite(index);
    this.#readers = readersOf(index);
    const { source, key, writesOf } = index;
    for (let read = 0; read < source.length; read++) {
      if (source[read] !== initially) continue;
      for (const write of firstOfSessions(index, writesOf[key[read] as number] ?? Int32Array.of())) {
        if (write !== read) this.#add(read, write, read, 'read-before-overwrite');
      }
    }
  }

  run(): Saturated {
    let told = 0;
    for (let rounds = 1; ; rounds++) {
      const successors = successorsOf(this.#index, this.#edges);
      const { order, acyclic } = topological(this.#index.vertices, successors);
      const found = { edges: this.#edges, successors, rounds };
      if (!acyclic) return { ...found, state: 'cyclic' };
      const before = this.#edges.count;
      this.#propagate(order, successors, told);
      this.#putBehindNewer();
      this.#putBeforeOverwrites();
      this.#changed.fill(0);
      this.#stirred.fill(0);
      told = before;
      if (this.#edges.count === before) return { ...found, state: 'closed' };
    }
  }

  /** Into whatever is behind a clock that changed, and along the edges from `told` on. */
  #propagate(order: Int32Array, { start, to, edge }: Successors, told: number): void {
    const { at, stride, chains } = this.#clocks;
    const { key, writes } = this.#index;
    const isFirst = told === 0;
    for (const vertex of order) {
      this.#watch();
      const end = start[vertex + 1] as number;
      const isNew = isFirst || this.#changed[vertex] === 1;
      for (let place = start[vertex] as number; place < end; place++) {
        if (!isNew && (edge[place] as number) < told) continue;
        const target = to[place] as number;
        if (!joinClocks(at, stride, chains, target, vertex)) continue;
        this.#changed[target] = 1;
        if (writes[target] === 1) this.#stirred[key[target] as number] = 1;
      }
    }
  }

  /** Whatever write came before a read is before its source. */
  #putBehindNewer(): void {
    const { source } = this.#index;
    let read = 0;
    let own = 0;
    const visit = (write: number): void => {
      // A write before a read of the initial value has an edge from the read already, and so there is a cycle.
      if (!isBefore(this.#clocks, write, own)) this.#add(write, own, read, 'seen-before-source');
    };
    for (read = 0; read < source.length; read++) {
      this.#watch();
      own = source[read] as number;
      if (own === nothing || own === initially) continue;
      if (this.#changed[read] === 1 || this.#changed[own] === 1) visitSeen(this.#index, this.#clocks, read, visit);
    }
  }

  /** Of the writes behind a source only the first ones count: what is behind them follows. */
  #putBeforeOverwrites(): void {
    const { key, writesOf } = this.#index;
    const { start, list } = this.#readers;
    const first: number[] = [];
    for (const [of, writes] of writesOf.entries()) {
      if (this.#stirred[of] === 0) continue;
      for (const own of writes) {
        if (start[own] === start[own + 1]) continue;
        this.#watch();
        first.length = 0;
        for (const column of this.#clocks.writesOf[key[own] as number] ?? []) {
          const write = column.vertices[this.#firstAfter(column, own)];
          if (write !== undefined) this.#keepFirst(first, write);
        }
        for (let place = start[own] as number; place < (start[own + 1] as number); place++) {
          for (const write of first) this.#putBefore(list[place] as number, write, own);
        }
      }
    }
  }

  #keepFirst(first: number[], write: number): void {
    for (let place = 0; place < first.length; place++) {
      const other = first[place] as number;
      if (isBefore(this.#clocks, other, write)) return;
      if (!isBefore(this.#clocks, write, other)) continue;
      first[place] = first.at(-1) as number;
      first.pop();
      place--;
    }
    first.push(write);
  }

  #putBefore(read: number, write: number, own: number): void {
    if (read !== write) {
      const next = this.#nextOwn[read] as number;
      const isTold = next >= 0 && next !== write && isBefore(this.#clocks, next, write);
      if (!isTold) this.#add(read, write, read, 'read-before-overwrite');
      return;
    }
    // A cas is the first write behind its own source: so it is before the next ones, too.
    for (const column of this.#clocks.writesOf[this.#index.key[own] as number] ?? []) {
      const place = this.#firstAfter(column, own);
      const later = column.vertices[column.vertices[place] === read ? place + 1 : place];
      if (later !== undefined && !isBefore(this.#clocks, read, later)) {
        this.#add(read, later, read, 'read-before-overwrite');
      }
    }
  }

  /** The place in the list of the first write of a chain that comes after the given one. */
  #firstAfter(writes: ChainWrites, own: number): number {
    const { chain, place, at, stride } = this.#clocks;
    const column = chain[own] as number;
    const least = place[own] as number;
    if (column === writes.chain) return upTo(writes, least);
    let low = 0;
    let high = writes.vertices.length - 1;
    // Mostly there is none.
    if ((at[(writes.vertices[high] as number) * stride + column] as number) < least) return high + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((at[(writes.vertices[middle] as number) * stride + column] as number) >= least) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #add(from: number, to: number, read: number, rule: 'seen-before-source' | 'read-before-overwrite'): void {
    const name = from * this.#index.vertices + to;
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#edges.add(from, to, read, rule);
  }
}

function nextOwnWrite({ session, writes }: HistoryIndex): Int32Array {
  const next = new Int32Array(session.length).fill(-1);
  for (let vertex = session.length - 2; vertex >= 0; vertex--) {
    if (session[vertex + 1] !== session[vertex]) continue;
    next[vertex] = writes[vertex + 1] === 1 ? vertex + 1 : (next[vertex + 1] as number);
  }
  return next;
}

function readersOf({ source }: HistoryIndex): { start: Int32Array; list: Int32Array } {
  const start = new Int32Array(source.length + 2);
  for (const from of source) if (from >= 0) start[from + 2] = (start[from + 2] as number) + 1;
  for (let vertex = 2; vertex < start.length; vertex++) start[vertex] = (start[vertex] as number) + start[vertex - 1]!;
  const list = new Int32Array(start.at(-1) as number);
  for (let vertex = 0; vertex < source.length; vertex++) {
    const from = source[vertex] as number;
    if (from < 0) continue;
    list[start[from + 1] as number] = vertex;
    start[from + 1] = (start[from + 1] as number) + 1;
  }
  return { start, list };
}

/** Of the writes to one key, the first of each session; they are grouped by session. */
function* firstOfSessions({ session }: HistoryIndex, writes: Int32Array): Generator<number> {
  let last = -1;
  for (const write of writes) {
    if (session[write] === last) continue;
    last = session[write] as number;
    yield write;
  }
}
