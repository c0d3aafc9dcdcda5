/** Graphs over the vertices of an index: the causal order's own edges, and those that a model derives. */
import type { HistoryIndex } from './history-index.ts';

/** Why a derived edge is there. What the words stand for is told in `evidence/edges.ts`. */
export type DerivedRule = 'seen-before-source' | 'read-before-overwrite' | 'list-order' | 'not-in-list';

/** Derived edges in the order in which they were found; each rests on edges before it only. */
export class DerivedEdges {
  from: Int32Array = new Int32Array(64);
  to: Int32Array = new Int32Array(64);
  /** The read that each edge was derived from. */
  read: Int32Array = new Int32Array(64);
  readonly rules: DerivedRule[] = [];
  count = 0;

  add(from: number, to: number, read: number, rule: DerivedRule): void {
    if (this.count === this.from.length) {
      this.from = grown(this.from);
      this.to = grown(this.to);
      this.read = grown(this.read);
    }
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.read[this.count] = read;
    this.rules.push(rule);
    this.count++;
  }
}

export function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Edges from some vertices to others, as two columns. */
export interface EdgeColumns {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly count: number;
}

/** The successors of each vertex, one after the other. `edge` is the number of a derived edge, or -1. */
export interface Successors {
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly edge: Int32Array;
}

/**
 * Of the causal order's edges together with the given ones. With `observer`, only that session learns from what it
 * observes: the others' observations are left out.
 */
export function successorsOf(index: HistoryIndex, derived?: EdgeColumns, observer?: number): Successors {
  const { vertices, before, session, operations } = index;
  const alsoBefore =
    observer === undefined
      ? index.alsoBefore
      : index.alsoBefore.map((source, vertex) =>
          vertex >= operations.length || session[vertex] === observer ? source : -1,
        );
  const start = new Int32Array(vertices + 1);
  const count = (from: number): void => {
    if (from >= 0) start[from + 1] = (start[from + 1] as number) + 1;
  };
  for (let vertex = 0; vertex < vertices; vertex++) {
    count(before[vertex] as number);
    count(alsoBefore[vertex] as number);
  }
  for (let edge = 0; edge < (derived?.count ?? 0); edge++) count(derived?.from[edge] as number);
  for (let vertex = 0; vertex < vertices; vertex++) start[vertex + 1] = (start[vertex + 1] as number) + start[vertex]!;
  const next = start.slice();
  const to = new Int32Array(start[vertices] as number);
  const edge = new Int32Array(start[vertices] as number).fill(-1);
  const put = (from: number, target: number, number: number): void => {
    if (from < 0) return;
    const place = next[from] as number;
    next[from] = place + 1;
    to[place] = target;
    edge[place] = number;
  };
  for (let vertex = 0; vertex < vertices; vertex++) {
    put(before[vertex] as number, vertex, -1);
    put(alsoBefore[vertex] as number, vertex, -1);
  }
  for (let number = 0; number < (derived?.count ?? 0); number++) {
    put(derived?.from[number] as number, derived?.to[number] as number, number);
  }
  return { start, to, edge };
}

export interface Topological {
  /** As many vertices as could be ordered; those on or behind a cycle are missing. */
  readonly order: Int32Array;
  readonly acyclic: boolean;
}

/** Kahn 1962. Vertices without predecessors left are taken first in, first out. */
export function topological(vertices: number, successors: Successors): Topological {
  const { start, to } = successors;
  const waiting = new Int32Array(vertices);
  for (const target of to) waiting[target] = (waiting[target] as number) + 1;
  const order = new Int32Array(vertices);
  let tail = 0;
  for (let vertex = 0; vertex < vertices; vertex++) if (waiting[vertex] === 0) order[tail++] = vertex;
  for (let head = 0; head < tail; head++) {
    const vertex = order[head] as number;
    const end = start[vertex + 1] as number;
    for (let place = start[vertex] as number; place < end; place++) {
      const target = to[place] as number;
      const left = (waiting[target] as number) - 1;
      waiting[target] = left;
      if (left === 0) order[tail++] = target;
    }
  }
  return { order: order.subarray(0, tail), acyclic: tail === vertices };
}
