/**
 * Shortest ways through the order of a history. However many operations of a session are walked along in one go count
 * as one step, since to a reader they are: "process 3 did this before that". A vertex is therefore visited at most
 * twice: across, and along its session; from along, only steps across lead on.
 */
import type { HistoryIndex } from '../index/history-index.ts';
import type { Successors } from '../index/graph.ts';

export interface Step {
  readonly from: number;
  readonly to: number;
  /** The number of a derived edge; -1 for the causal order's own. */
  readonly edge: number;
}

/** From a vertex to another, or around to itself. Only derived edges below `limit` are used. Undefined: no way. */
export function shortestPath(
  index: HistoryIndex,
  successors: Successors,
  from: number,
  to: number,
  limit: number = Infinity,
): Step[] | undefined {
  return new Search(index, successors, limit).run(from, to);
}

class Search {
  readonly #index: HistoryIndex;
  readonly #successors: Successors;
  readonly #limit: number;
  /** By state, which is twice the vertex, plus one along a session: the state before it, and the length of the way. */
  readonly #came: Int32Array;
  readonly #length: Int32Array;
  readonly #edge: Int32Array;
  #layer: number[] = [];
  #nextLayer: number[] = [];

  constructor(index: HistoryIndex, successors: Successors, limit: number) {
    this.#index = index;
    this.#successors = successors;
    this.#limit = limit;
    this.#came = new Int32Array(index.vertices * 2).fill(-1);
    this.#length = new Int32Array(index.vertices * 2).fill(2 ** 30);
    this.#edge = new Int32Array(index.vertices * 2).fill(-1);
  }

  run(from: number, to: number): Step[] | undefined {
    this.#layer = [from * 2];
    for (let length = 0; this.#layer.length > 0; length++) {
      for (let head = 0; head < this.#layer.length; head++) {
        const state = this.#layer[head] as number;
        const vertex = state >> 1;
        if (this.#came[state] !== -1) {
          if (vertex === to) return this.#wayTo(state, from);
          if ((this.#length[state] as number) < length) continue;
        }
        if ((state & 1) === 0) this.#along(vertex, state, length + 1);
        this.#across(vertex, state, length);
      }
      this.#layer = this.#nextLayer;
      this.#nextLayer = [];
    }
    return undefined;
  }

  #along(vertex: number, state: number, length: number): void {
    const { session, operations } = this.#index;
    if (vertex >= operations.length) return;
    for (let next = vertex + 1; next < operations.length && session[next] === session[vertex]; next++) {
      if ((this.#length[next * 2 + 1] as number) <= length) return;
      this.#visit(next * 2 + 1, state, -1, length, this.#nextLayer);
    }
  }

  /** From one version of a list to the next, and on to its readers, is part of the step that led to the version. */
  #across(vertex: number, state: number, length: number): void {
    const { start, to, edge } = this.#successors;
    const { before, operations } = this.#index;
    const isVersion = vertex >= operations.length;
    const layer = isVersion ? this.#layer : this.#nextLayer;
    for (let place = start[vertex] as number; place < (start[vertex + 1] as number); place++) {
      const next = to[place] as number;
      const number = edge[place] as number;
      if (number >= this.#limit) continue;
      if (number < 0 && next < operations.length && next === vertex + 1 && before[next] === vertex) continue;
      this.#visit(next * 2, state, number, isVersion ? length : length + 1, layer);
    }
  }

  #visit(state: number, from: number, edge: number, length: number, layer: number[]): void {
    if ((this.#length[state] as number) <= length) return;
    this.#length[state] = length;
    this.#came[state] = from;
    this.#edge[state] = edge;
    layer.push(state);
  }

  #wayTo(end: number, from: number): Step[] {
    const steps: Step[] = [];
    let state = end;
    do {
      const previous = this.#came[state] as number;
      steps.push({ from: previous >> 1, to: state >> 1, edge: this.#edge[state] as number });
      state = previous;
    } while (state !== from * 2);
    return steps.toReversed();
  }
}
