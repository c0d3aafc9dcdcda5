/**
 * Vector clocks over the causal order (session order and reads-from), which answer "is this write before that
 * operation?" in one comparison. One entry per session would be the textbook's choice, but a session ends with every
 * operation of unknown outcome, so that a long run has thousands. The entries stand for *chains* instead: writes each of
 * which is before the next in the causal order. A session is a chain; one that begins behind the end of another
 * continues it (a greedy path cover). A write that nobody read and that ends its session is before nothing: it needs no
 * chain.
 */
import { nothing, sessionsOf, type HistoryIndex } from '../index/history-index.ts';
import { successorsOf, topological } from '../index/graph.ts';
import { unwatched, type Watch } from '../../check/watch.ts';

export interface Clocks {
  /** A topological order of the causal order. */
  readonly order: Int32Array;
  readonly chains: number;
  /** Entries per vertex, at least `chains`. */
  readonly stride: number;
  /** `at[v * stride + c]`: how many writes of chain c are before v, or are v. */
  readonly at: Uint16Array;
  /** By vertex: the chain of a write and its place there, from 1; -1 and 0 where it has none. */
  readonly chain: Int32Array;
  readonly place: Int32Array;
  /** By key: its writes in each chain that has any, in the order of the chain. */
  readonly writesOf: readonly (readonly ChainWrites[])[];
  /** By key: the chains of these. */
  readonly chainsOf: readonly Int32Array[];
}

/** How many writes a chain may have, since the table of clocks counts them in 16 bits; behind it another one begins. */
const longest = 2 ** 16 - 1;

export interface ChainWrites {
  readonly chain: number;
  readonly vertices: Int32Array;
  /** The places of the vertices in the chain, ascending. */
  readonly places: Int32Array;
}

export type Clocked =
  | { readonly kind: 'clocks'; readonly clocks: Clocks }
  /** The causal order has a cycle: the vertices that could not be ordered. */
  | { readonly kind: 'cycle' }
  | { readonly kind: 'memory' };

/** True when the write is before the other vertex in the order that the clocks tell, or is it. */
export const isBefore = ({ at, stride, chain, place }: Clocks, write: number, other: number): boolean => {
  const column = chain[write] as number;
  return column >= 0 && (at[other * stride + column] as number) >= (place[write] as number);
};

/** How many of these writes have a place of at most `limit`. */
export function upTo({ places }: ChainWrites, limit: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `bytes` bounds the table of clocks. */
export function clocksOf(index: HistoryIndex, bytes: number = 2 ** 30, watch: Watch = unwatched): Clocked {
  const { order, acyclic } = topological(index.vertices, successorsOf(index));
  return acyclic ? new Assignment(index, order, bytes).run(watch) : { kind: 'cycle' };
}

class Assignment {
  readonly #index: HistoryIndex;
  readonly #order: Int32Array;
  readonly #bytes: number;
  readonly #chain: Int32Array;
  readonly #place: Int32Array;
  /** By chain: its length. By session: the chain of its latest write. */
  readonly #lengths: number[] = [];
  readonly #latest: Int32Array;
  #stride: number;
  readonly #fits: boolean;
  #at: Uint16Array = new Uint16Array(0);

  constructor(index: HistoryIndex, order: Int32Array, bytes: number) {
    this.#index = index;
    this.#order = order;
    this.#bytes = bytes;
    this.#chain = new Int32Array(index.vertices).fill(-1);
    this.#place = new Int32Array(index.vertices);
    this.#latest = new Int32Array(index.sessionStart.length).fill(-1);
    // Each session that begins with a write begins a chain.
    const begun = index.sessionStart.reduce(
      (count, first) => count + (index.writes[first] === 1 && index.source[first] === nothing ? 1 : 0),
      0,
    );
    this.#stride = Math.max(Math.min(sessionsOf(index), begun + 32), 16);
    const entries = index.vertices * this.#stride;
    this.#fits = entries * this.#at.BYTES_PER_ELEMENT <= bytes;
    if (this.#fits) this.#at = new Uint16Array(entries);
  }

  run(watch: Watch): Clocked {
    if (!this.#fits) return { kind: 'memory' };
    const needed = neededWrites(this.#index);
    for (const vertex of this.#order) {
      watch();
      this.#copy(vertex, this.#index.before[vertex] as number);
      this.#join(vertex, this.#index.alsoBefore[vertex] as number);
      if (needed[vertex] === 1 && !this.#append(vertex)) return { kind: 'memory' };
    }
    const clocks = {
      order: this.#order,
      chains: this.#lengths.length,
      stride: this.#stride,
      at: this.#at,
      chain: this.#chain,
      place: this.#place,
    };
    const writesOf = this.#writesOf();
    return { kind: 'clocks', clocks: { ...clocks, writesOf, chainsOf: writesOf.map(chainsIn) } };
  }

  /** Into a row that is empty yet. */
  #copy(vertex: number, predecessor: number): void {
    if (predecessor < 0) return;
    const from = predecessor * this.#stride;
    this.#at.copyWithin(vertex * this.#stride, from, from + this.#lengths.length);
  }

  /** What the vertex knows already brings nothing new: most reads are of what their session has come past. */
  #join(vertex: number, predecessor: number): void {
    if (predecessor < 0) return;
    const column = this.#chain[predecessor] as number;
    if (column >= 0 && (this.#at[vertex * this.#stride + column] as number) >= (this.#place[predecessor] as number))
      return;
    joinClocks(this.#at, this.#stride, this.#lengths.length, vertex, predecessor);
  }

  /** False when the table of clocks would outgrow its bound. */
  #append(vertex: number): boolean {
    let chain = this.#chainFor(vertex);
    if (chain < 0) {
      chain = this.#lengths.push(0) - 1;
      if (chain === this.#stride && !this.#widen()) return false;
    }
    const place = (this.#lengths[chain] as number) + 1;
    this.#lengths[chain] = place;
    this.#chain[vertex] = chain;
    this.#place[vertex] = place;
    this.#latest[this.#index.session[vertex] as number] = chain;
    this.#at[vertex * this.#stride + chain] = place;
    return true;
  }

  /** A chain whose end is before the vertex; the one that its session is on, where that is one. */
  #chainFor(vertex: number): number {
    const row = vertex * this.#stride;
    const own = this.#latest[this.#index.session[vertex] as number] as number;
    const isOpen = (chain: number): boolean =>
      this.#at[row + chain] === this.#lengths[chain] && (this.#lengths[chain] as number) < longest;
    if (own >= 0 && isOpen(own)) return own;
    for (let chain = 0; chain < this.#lengths.length; chain++) if (isOpen(chain)) return chain;
    return -1;
  }

  #widen(): boolean {
    const stride = Math.ceil(this.#stride * 1.5);
    const { vertices } = this.#index;
    if (vertices * stride * this.#at.BYTES_PER_ELEMENT > this.#bytes) return false;
    const at = new Uint16Array(vertices * stride);
    for (let vertex = 0; vertex < vertices; vertex++) {
      at.set(this.#at.subarray(vertex * this.#stride, (vertex + 1) * this.#stride), vertex * stride);
    }
    this.#at = at;
    this.#stride = stride;
    return true;
  }

  #writesOf(): ChainWrites[][] {
    return this.#index.writesOf.map((writes) => {
      const byChain = new Map<number, number[]>();
      for (const vertex of writes) {
        const chain = this.#chain[vertex] as number;
        if (chain < 0) continue;
        const members = byChain.get(chain);
        if (members === undefined) byChain.set(chain, [vertex]);
        else members.push(vertex);
      }
      return [...byChain].map(([chain, members]) => {
        const vertices = Int32Array.from(members.toSorted((one, other) => this.#place[one]! - this.#place[other]!));
        return { chain, vertices, places: vertices.map((vertex) => this.#place[vertex] as number) };
      });
    });
  }
}

export const chainsIn = (columns: readonly ChainWrites[]): Int32Array => Int32Array.from(columns, ({ chain }) => chain);

/** `at[vertex]` becomes the greater of itself and `at[predecessor]`, entry by entry. True when that changed it. */
export function joinClocks(
  at: Uint16Array,
  stride: number,
  chains: number,
  vertex: number,
  predecessor: number,
): boolean {
  const to = vertex * stride;
  const from = predecessor * stride;
  let changed = false;
  for (let chain = 0; chain < chains; chain++) {
    const value = at[from + chain] as number;
    if (value > (at[to + chain] as number)) {
      at[to + chain] = value;
      changed = true;
    }
  }
  return changed;
}

/** 1 for the writes that something comes after: read by somebody, followed in their session, or a cas. */
function neededWrites({ writes, source, session, operations, versions }: HistoryIndex): Uint8Array {
  const needed = new Uint8Array(source.length + versions.count);
  for (let vertex = 0; vertex < source.length; vertex++) {
    const observed = source[vertex] as number;
    if (observed >= 0 && observed < source.length) needed[observed] = 1;
    const ends = vertex + 1 === source.length || session[vertex + 1] !== session[vertex];
    if (writes[vertex] === 1 && (!ends || operations[vertex]?.f === 'cas')) needed[vertex] = 1;
  }
  for (const element of versions.element) needed[element] = 1;
  return needed;
}
