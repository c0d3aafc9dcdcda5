/**
 * Looks for an order of a whole history, one operation at a time. A write may be taken only while no read of its key's
 * present value is left; so what has been taken from each session says everything about a state (Biswas & Enea 2019),
 * and states that failed are remembered by that alone. Without a choice are taken: reads that are ready; the cas that is
 * the last reader of the present value, because nothing else may replace that; and writes that nobody reads, because
 * whatever follows them could follow them as well elsewhere. What is left to choose is which observed write comes next:
 * first the one that had taken effect at the earliest time by the clock of the test, which real stores seldom refute.
 */
import { initially, type HistoryIndex } from '../index/history-index.ts';
import type { Successors } from '../index/graph.ts';
import { WriteHeap } from './write-heap.ts';

export type Scheduled =
  | { readonly kind: 'order'; readonly order: Int32Array }
  /** Every choice was tried. */
  | { readonly kind: 'none' }
  | { readonly kind: 'stopped'; readonly taken: number };

/** A point at which an observed write had to be chosen: how much had been taken, and which have been tried. */
interface Choice {
  readonly taken: number;
  readonly tried: Set<number>;
}

/** States that failed are remembered up to this many. */
const memories = 200_000;

export class Schedule {
  readonly #index: HistoryIndex;
  readonly #successors: Successors;
  readonly #waiting: Int32Array;
  readonly #taken: Uint8Array;
  readonly #trail: Int32Array;
  /** What each step replaced, to undo it. */
  readonly #replaced: Int32Array;
  #count = 0;
  readonly #current: Int32Array;
  /** Unread readers by write, and behind the vertices by key for the initial value. */
  readonly #readers: Int32Array;
  readonly #observed: Uint8Array;
  readonly #heap: WriteHeap;
  /** Ready writes whose key had a value that was still to be read. */
  readonly #parked: number[][];
  readonly #rank: Float64Array;
  readonly #failed = new Set<string>();
  readonly #ready: number[] = [];

  constructor(index: HistoryIndex, successors: Successors) {
    const { operations, keys, source, key } = index;
    this.#index = index;
    this.#successors = successors;
    this.#waiting = new Int32Array(operations.length);
    for (const target of successors.to) this.#waiting[target] = (this.#waiting[target] as number) + 1;
    this.#taken = new Uint8Array(operations.length);
    this.#trail = new Int32Array(operations.length);
    this.#replaced = new Int32Array(operations.length);
    this.#current = new Int32Array(keys.length).fill(initially);
    this.#readers = new Int32Array(operations.length + keys.length);
    for (let vertex = 0; vertex < operations.length; vertex++) {
      const from = source[vertex] as number;
      if (from >= initially) this.#changeReaders(from, key[vertex] as number, 1);
    }
    this.#observed = Uint8Array.from(operations, (_, vertex) => ((this.#readers[vertex] as number) > 0 ? 1 : 0));
    this.#rank = ranks(index);
    this.#heap = new WriteHeap(this.#rank);
    this.#parked = keys.map(() => []);
  }

  /** `isLate` is asked now and then. */
  run(isLate: () => boolean): Scheduled {
    const { length } = this.#index.operations;
    const choices: Choice[] = [];
    this.#gather();
    for (let steps = 1; ; steps++) {
      this.#takeForced();
      if (this.#count === length) return { kind: 'order', order: this.#trail };
      if (steps % 256 === 0 && isLate()) return { kind: 'stopped', taken: this.#count };
      const write = this.#hasFailed() ? undefined : this.#next();
      if (write !== undefined) {
        choices.push({ taken: this.#count, tried: new Set([write]) });
        this.#take(write);
      } else if (!this.#goBack(choices, isLate)) {
        return isLate() ? { kind: 'stopped', taken: this.#count } : { kind: 'none' };
      }
    }
  }

  /** The write of the least rank that may be taken; those that may not any more are put aside. */
  #next(): number | undefined {
    for (let write = this.#heap.pop(); write !== undefined; write = this.#heap.pop()) {
      if (!this.#isReady(write)) continue;
      if (this.#isAllowed(write)) return write;
      this.#parked[this.#index.key[write] as number]?.push(write);
    }
    return undefined;
  }

  /** To the last choice that has something left to try. */
  #goBack(choices: Choice[], isLate: () => boolean): boolean {
    for (let choice = choices.at(-1); choice !== undefined && !isLate(); choice = choices.at(-1)) {
      this.#undoTo(choice.taken);
      const { tried } = choice;
      const next = this.#candidates().find((write) => !tried.has(write));
      if (next !== undefined) {
        tried.add(next);
        this.#gather(next);
        this.#take(next);
        return true;
      }
      if (this.#failed.size < memories) this.#failed.add(this.#state());
      choices.pop();
    }
    return false;
  }

  #state(): string {
    const next = new Int32Array(this.#index.sessionStart.length);
    const { session } = this.#index;
    for (let at = 0; at < this.#count; at++) {
      const of = session[this.#trail[at] as number] as number;
      next[of] = (next[of] as number) + 1;
    }
    return next.join();
  }

  #hasFailed(): boolean {
    return this.#failed.size > 0 && this.#failed.has(this.#state());
  }

  /** Observed writes that may be taken now, by rank. */
  #candidates(): number[] {
    const found: number[] = [];
    for (const writes of this.#index.writesOf) {
      for (const write of writes) if (this.#isReady(write) && this.#isAllowed(write)) found.push(write);
    }
    return found.toSorted((one, other) => (this.#rank[one] as number) - (this.#rank[other] as number) || one - other);
  }

  /** After an undo: what is ready, anew. */
  #gather(except: number = -1): void {
    this.#heap.clear();
    this.#ready.length = 0;
    for (const parked of this.#parked) parked.length = 0;
    for (let vertex = 0; vertex < this.#taken.length; vertex++) {
      if (vertex !== except && this.#isReady(vertex)) this.#ready.push(vertex);
    }
  }

  #isReady(vertex: number): boolean {
    return this.#taken[vertex] === 0 && this.#waiting[vertex] === 0;
  }

  #takeForced(): void {
    const { writes, source } = this.#index;
    for (let vertex = this.#ready.pop(); vertex !== undefined; vertex = this.#ready.pop()) {
      if (!this.#isReady(vertex)) continue;
      if (writes[vertex] === 0) this.#take(vertex);
      else if (!this.#isAllowed(vertex)) this.#parked[this.#index.key[vertex] as number]?.push(vertex);
      else if (this.#observed[vertex] === 0 || (source[vertex] as number) >= initially) this.#take(vertex);
      else this.#heap.push(vertex);
    }
  }

  /** A cas replaces the value that it observed, as the last of its readers; a write replaces one that has none left. */
  #isAllowed(write: number): boolean {
    const { source, key } = this.#index;
    const of = key[write] as number;
    const current = this.#current[of] as number;
    const left = this.#readers[current < 0 ? this.#taken.length + of : current] as number;
    const own = source[write] as number;
    return own >= initially ? own === current && left === 1 : left === 0;
  }

  #take(vertex: number): void {
    const { source, key, writes } = this.#index;
    const of = key[vertex] as number;
    const from = source[vertex] as number;
    this.#taken[vertex] = 1;
    this.#trail[this.#count] = vertex;
    this.#replaced[this.#count] = this.#current[of] as number;
    this.#count++;
    if (from >= initially) this.#changeReaders(from, of, -1);
    if (writes[vertex] === 1) {
      this.#current[of] = vertex;
      // What waited in the heap for this key is found there not to be allowed.
      if (this.#observed[vertex] === 0) this.#unpark(of);
    } else if (from >= initially) this.#unpark(of);
    const { start, to } = this.#successors;
    for (let place = start[vertex] as number; place < (start[vertex + 1] as number); place++) {
      const target = to[place] as number;
      const left = (this.#waiting[target] as number) - 1;
      this.#waiting[target] = left;
      if (left === 0) this.#ready.push(target);
    }
  }

  /** When the last but one reader of a value is gone, a cas from it may be taken; when the last is, any write. */
  #unpark(of: number): void {
    const current = this.#current[of] as number;
    if ((this.#readers[current < 0 ? this.#taken.length + of : current] as number) > 1) return;
    const parked = this.#parked[of] ?? [];
    for (let write = parked.pop(); write !== undefined; write = parked.pop()) this.#ready.push(write);
  }

  #changeReaders(from: number, of: number, change: number): void {
    const at = from < 0 ? this.#index.operations.length + of : from;
    this.#readers[at] = (this.#readers[at] as number) + change;
  }

  #undoTo(count: number): void {
    const { source, key, writes } = this.#index;
    const { start, to } = this.#successors;
    while (this.#count > count) {
      const vertex = this.#trail[--this.#count] as number;
      const of = key[vertex] as number;
      this.#taken[vertex] = 0;
      if (writes[vertex] === 1) this.#current[of] = this.#replaced[this.#count] as number;
      const from = source[vertex] as number;
      if (from >= initially) this.#changeReaders(from, of, 1);
      for (let place = start[vertex] as number; place < (start[vertex + 1] as number); place++) {
        const target = to[place] as number;
        this.#waiting[target] = (this.#waiting[target] as number) + 1;
      }
    }
  }
}

/** By when each write must have taken effect, if the store was not ahead of its clients: it or a reader had returned. */
function ranks({ operations, source }: HistoryIndex): Float64Array {
  const rank = Float64Array.from(operations, ({ returned }) => returned);
  for (let read = 0; read < operations.length; read++) {
    const from = source[read] as number;
    if (from >= 0) rank[from] = Math.min(rank[from] as number, operations[read]!.returned);
  }
  return rank;
}
