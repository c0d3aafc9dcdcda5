/**
 * An order of a whole history in the making, an operation at a time, which can be taken back. A write may be taken only
 * while no read of its key's present value is left; so what has been taken from each session says everything about a
 * state (Biswas & Enea 2019). Without a choice are taken: reads that are ready; the cas that is the last reader of the
 * present value, because nothing else may replace that; and writes that nobody reads, because whatever follows them could
 * follow as well elsewhere. What is left to choose is which observed write comes next: the one that had taken effect at
 * the earliest time by the clock of the test, which real stores seldom refute.
 */
import type { Operation } from '../../history/operation.ts';
import { initially, type HistoryIndex } from '../index/history-index.ts';
import type { Successors } from '../index/graph.ts';
import { WriteHeap } from './write-heap.ts';

/** One operation comes before another, by assumption. */
export interface Precedence {
  readonly from: number;
  readonly to: number;
}

export class Progress {
  readonly index: HistoryIndex;
  /** By when each write must have taken effect, if the store was not ahead of its clients. */
  readonly rank: Float64Array;
  /** The order so far; behind `count` it means nothing. */
  readonly trail: Int32Array;
  count = 0;
  /** By key: the write that left its present value, or `initially`. */
  readonly current: Int32Array;
  /** In the order in which they were made. */
  readonly assumed: Precedence[] = [];
  readonly #successors: Successors;
  /** By vertex: how many that must come before it are not taken; and its place in the order, or -1. */
  readonly #waiting: Int32Array;
  readonly #place: Int32Array;
  /** What each step replaced, to undo it. */
  readonly #replaced: Int32Array;
  /** Readers that are left, by write, and behind the vertices by key for the initial value. */
  readonly #readers: Int32Array;
  readonly #observed: Uint8Array;
  readonly #heap: WriteHeap;
  /** Ready writes whose key had a value that was still to be read. */
  readonly #parked: number[][];
  readonly #ready: number[] = [];

  constructor(index: HistoryIndex, successors: Successors) {
    const { operations, keys, source, key } = index;
    this.index = index;
    this.#successors = successors;
    this.#waiting = new Int32Array(operations.length);
    for (const target of successors.to) this.#waiting[target] = (this.#waiting[target] as number) + 1;
    this.#place = new Int32Array(operations.length).fill(-1);
    this.trail = new Int32Array(operations.length);
    this.#replaced = new Int32Array(operations.length);
    this.current = new Int32Array(keys.length).fill(initially);
    this.#readers = new Int32Array(operations.length + keys.length);
    this.#observed = new Uint8Array(operations.length);
    for (let vertex = 0; vertex < operations.length; vertex++) {
      const from = source[vertex] as number;
      if (from >= initially) this.#changeReaders(from, key[vertex] as number, 1);
      if (from >= 0) this.#observed[from] = 1;
    }
    this.rank = ranks(index);
    this.#heap = new WriteHeap(this.rank);
    this.#parked = keys.map(() => []);
    this.#gather();
  }

  isTaken(vertex: number): boolean {
    return (this.#place[vertex] as number) >= 0;
  }

  /** Goes on as far as there is a way. `late`: `isLate`, which is asked now and then, said so. */
  advance(isLate: () => boolean): 'done' | 'stuck' | 'late' {
    for (let steps = 1; ; steps++) {
      if (steps % 256 === 0 && isLate()) return 'late';
      const vertex = this.#forced() ?? this.#chosen();
      if (vertex === undefined) return this.count === this.trail.length ? 'done' : 'stuck';
      this.#take(vertex);
    }
  }

  /** Takes back as much of the order as is against it. */
  assume(precedence: Precedence): void {
    const { from, to } = precedence;
    if (this.isTaken(to) && (!this.isTaken(from) || this.#place[from]! > this.#place[to]!))
      this.#undoTo(this.#place[to]!);
    this.assumed.push(precedence);
    if (!this.isTaken(from)) this.#waiting[to] = (this.#waiting[to] as number) + 1;
    this.#gather();
  }

  /** Forgets the last assumptions, but for the first ones. The order remains; it keeps what is left. */
  retract(kept: number): void {
    while (this.assumed.length > kept) {
      const { from, to } = this.assumed.pop() as Precedence;
      if (!this.isTaken(from)) this.#waiting[to] = (this.#waiting[to] as number) - 1;
    }
  }

  /** The write of the least rank that may be taken; those that may not any more are put aside. */
  #chosen(): number | undefined {
    for (let write = this.#heap.pop(); write !== undefined; write = this.#heap.pop()) {
      if (!this.#isReady(write)) continue;
      if (this.#isAllowed(write)) return write;
      this.#parked[this.index.key[write] as number]?.push(write);
    }
    return undefined;
  }

  /** What is ready, anew. */
  #gather(): void {
    this.#heap.clear();
    this.#ready.length = 0;
    for (const parked of this.#parked) parked.length = 0;
    for (let vertex = 0; vertex < this.#place.length; vertex++) if (this.#isReady(vertex)) this.#ready.push(vertex);
  }

  #isReady(vertex: number): boolean {
    return this.#waiting[vertex] === 0 && !this.isTaken(vertex);
  }

  /** The next one that is taken without a choice. The choices that are met on the way to it go into the heap. */
  #forced(): number | undefined {
    const { writes, source } = this.index;
    for (let vertex = this.#ready.pop(); vertex !== undefined; vertex = this.#ready.pop()) {
      if (!this.#isReady(vertex)) continue;
      if (writes[vertex] === 0) return vertex;
      if (!this.#isAllowed(vertex)) this.#parked[this.index.key[vertex] as number]?.push(vertex);
      else if (this.#observed[vertex] === 0 || (source[vertex] as number) >= initially) return vertex;
      else this.#heap.push(vertex);
    }
    return undefined;
  }

  /** A cas replaces the value that it observed, as the last of its readers; a write replaces one that has none left. */
  #isAllowed(write: number): boolean {
    const { source, key } = this.index;
    const of = key[write] as number;
    const current = this.current[of] as number;
    const left = this.#readers[current < 0 ? this.#place.length + of : current] as number;
    const own = source[write] as number;
    return own >= initially ? own === current && left === 1 : left === 0;
  }

  #take(vertex: number): void {
    const { source, key, writes } = this.index;
    const of = key[vertex] as number;
    const from = source[vertex] as number;
    this.#place[vertex] = this.count;
    this.trail[this.count] = vertex;
    this.#replaced[this.count] = this.current[of] as number;
    this.count++;
    if (from >= initially) this.#changeReaders(from, of, -1);
    if (writes[vertex] === 1) {
      this.current[of] = vertex;
      // What waited in the heap for this key is found there not to be allowed.
      if (this.#observed[vertex] === 0) this.#unpark(of);
    } else if (from >= initially) this.#unpark(of);
    const { start, to } = this.#successors;
    for (let place = start[vertex] as number; place < (start[vertex + 1] as number); place++) {
      this.#changeWaiting(to[place] as number, -1);
    }
    for (const assumed of this.assumed) if (assumed.from === vertex) this.#changeWaiting(assumed.to, -1);
  }

  #changeWaiting(vertex: number, change: number): void {
    const left = (this.#waiting[vertex] as number) + change;
    this.#waiting[vertex] = left;
    if (left === 0) this.#ready.push(vertex);
  }

  /** When the last but one reader of a value is gone, a cas from it may be taken; when the last is, any write. */
  #unpark(of: number): void {
    const current = this.current[of] as number;
    if ((this.#readers[current < 0 ? this.#place.length + of : current] as number) > 1) return;
    const parked = this.#parked[of] ?? [];
    for (let write = parked.pop(); write !== undefined; write = parked.pop()) this.#ready.push(write);
  }

  #changeReaders(from: number, of: number, change: number): void {
    const at = from < 0 ? this.#place.length + of : from;
    this.#readers[at] = (this.#readers[at] as number) + change;
  }

  #undoTo(count: number): void {
    const { source, key, writes } = this.index;
    const { start, to } = this.#successors;
    while (this.count > count) {
      const vertex = this.trail[--this.count] as number;
      const of = key[vertex] as number;
      this.#place[vertex] = -1;
      if (writes[vertex] === 1) this.current[of] = this.#replaced[this.count] as number;
      const from = source[vertex] as number;
      if (from >= initially) this.#changeReaders(from, of, 1);
      for (let place = start[vertex] as number; place < (start[vertex + 1] as number); place++) {
        this.#changeWaiting(to[place] as number, 1);
      }
      for (const assumed of this.assumed) if (assumed.from === vertex) this.#changeWaiting(assumed.to, 1);
    }
  }
}

/** The earliest end of the write or of one of its readers. */
function ranks({ operations, source }: HistoryIndex): Float64Array {
  const rank = new Float64Array(operations.length).fill(Infinity);
  for (let vertex = 0; vertex < operations.length; vertex++) {
    const from = source[vertex] as number;
    const { returned } = operations[vertex] as Operation;
    if (returned < (rank[vertex] as number)) rank[vertex] = returned;
    if (from >= 0 && returned < (rank[from] as number)) rank[from] = returned;
  }
  return rank;
}
