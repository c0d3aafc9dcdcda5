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
import { joinClocks, upTo, type ChainWrites, type Clocks } from '../causal/clocks.ts';
import { visitSeen } from '../causal/registers.ts';
import { DerivedEdges, successorsOf, topological, type Successors } from '../index/graph.ts';
import { initially, nothing, type HistoryIndex } from '../index/history-index.ts';

export interface Saturated {
  readonly edges: DerivedEdges;
  readonly successors: Successors;
  /** `cyclic`: refuted. `closed`: nothing more follows. `stopped`: out of time. */
  readonly state: 'cyclic' | 'closed' | 'stopped';
  readonly rounds: number;
}

/** For registers whose causal order has no cycle. `isLate` is asked between rounds. */
export function saturate(index: HistoryIndex, causal: Clocks, isLate: () => boolean): Saturated {
  return new Saturation(index, causal).run(isLate);
}

class Saturation {
  readonly #index: HistoryIndex;
  readonly #clocks: Clocks & { readonly at: Int32Array };
  readonly #edges = new DerivedEdges();
  /** Pairs that were added already, since a round may find them again. */
  readonly #known = new Set<number>();

  constructor(index: HistoryIndex, causal: Clocks) {
    this.#index = index;
    this.#clocks = { ...causal, at: causal.at.slice() };
    const { source, key, writesOf } = index;
    for (let read = 0; read < source.length; read++) {
      if (source[read] !== initially) continue;
      for (const write of firstOfSessions(index, writesOf[key[read] as number] ?? Int32Array.of())) {
        if (write !== read) this.#add(read, write, read, 'read-before-overwrite');
      }
    }
  }

  run(isLate: () => boolean): Saturated {
    for (let rounds = 1; ; rounds++) {
      const successors = successorsOf(this.#index, this.#edges);
      const { order, acyclic } = topological(this.#index.vertices, successors);
      const found = { edges: this.#edges, successors, rounds };
      if (!acyclic) return { ...found, state: 'cyclic' };
      this.#propagate(order, successors);
      const before = this.#edges.count;
      this.#derive();
      if (this.#edges.count === before) return { ...found, state: 'closed' };
      if (isLate()) return { ...found, state: 'stopped' };
    }
  }

  #propagate(order: Int32Array, { start, to }: Successors): void {
    const { at, stride, chains } = this.#clocks;
    for (const vertex of order) {
      const end = start[vertex + 1] as number;
      for (let place = start[vertex] as number; place < end; place++) {
        joinClocks(at, stride, chains, to[place] as number, vertex);
      }
    }
  }

  #derive(): void {
    const { source, key } = this.#index;
    const { chain, place, at, stride, writesOf } = this.#clocks;
    let read = 0;
    let own = 0;
    const visit = (write: number): void => {
      // A write before a read of the initial value has an edge from the read already, and so there is a cycle.
      if (own >= 0 && (at[own * stride + (chain[write] as number)] as number) < (place[write] as number)) {
        this.#add(write, own, read, 'seen-before-source');
      }
    };
    for (read = 0; read < source.length; read++) {
      own = source[read] as number;
      if (own === nothing || own === initially) continue;
      visitSeen(this.#index, this.#clocks, read, visit);
      for (const writes of writesOf[key[read] as number] ?? []) {
        const next = this.#firstAfter(writes, own);
        const later = writes.vertices[next] === read ? next + 1 : next;
        const write = writes.vertices[later];
        if (write !== undefined && !this.#isWithin(read, write)) this.#add(read, write, read, 'read-before-overwrite');
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
    let high = writes.vertices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((at[(writes.vertices[middle] as number) * stride + column] as number) >= least) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** All that is before the one is before the other: an edge between them would tell nothing new. */
  #isWithin(one: number, other: number): boolean {
    const { at, stride, chains } = this.#clocks;
    const first = one * stride;
    const second = other * stride;
    for (let chain = 0; chain < chains; chain++) {
      if ((at[first + chain] as number) > (at[second + chain] as number)) return false;
    }
    return true;
  }

  #add(from: number, to: number, read: number, rule: 'seen-before-source' | 'read-before-overwrite'): void {
    const name = from * this.#index.vertices + to;
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#edges.add(from, to, read, rule);
  }
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
