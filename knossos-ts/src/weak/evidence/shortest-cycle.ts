/** A cycle to show: the shortest of those around a bounded number of vertices that are on one. */
import type { HistoryIndex } from '../index/history-index.ts';
import type { DerivedEdges, Successors } from '../index/graph.ts';
import type { Edge } from './edges.ts';
import { shortestPath, type Step } from './shortest-path.ts';
import type { Teller } from './tell.ts';

/** Each try walks the whole graph in the worst case. */
const tries = 24;

/** Throws when there is none: it is asked for only where an order could not be made. */
export function shortestCycle(
  index: HistoryIndex,
  successors: Successors,
  derived: DerivedEdges | undefined,
  teller: Teller,
): Edge[] {
  const core = coreOf(index.vertices, successors);
  let best: Step[] | undefined;
  let found = 0;
  for (const vertex of candidates(core, derived)) {
    const steps = shortestPath(index, successors, vertex, vertex);
    if (steps === undefined) continue;
    if (best === undefined || steps.length < best.length) best = steps;
    if (++found === tries || best.length === 2) break;
  }
  if (best === undefined) throw new Error('There is no cycle in an order that could not be made');
  // Begun at an operation, since versions of lists are passed through.
  const start = best.findIndex(({ from }) => from < index.operations.length);
  return teller.tell([...best.slice(start), ...best.slice(0, start)]);
}

/** Those that a derived edge leaves, first: every cycle of a model that is stronger than the causal order has one. */
function* candidates(core: Uint8Array, derived: DerivedEdges | undefined): Generator<number> {
  const tried = new Set<number>();
  for (let edge = 0; edge < (derived?.count ?? 0); edge++) {
    const from = derived?.from[edge] as number;
    if (core[from] === 0 || core[derived?.to[edge] as number] === 0 || tried.has(from)) continue;
    tried.add(from);
    yield from;
  }
  for (let vertex = 0; vertex < core.length; vertex++) if (core[vertex] === 1 && !tried.has(vertex)) yield vertex;
}

/** 1 for what is left after everything without a predecessor, and then without a successor, is taken away. */
export function coreOf(vertices: number, { start, to }: Successors): Uint8Array {
  const incoming = new Int32Array(vertices);
  for (const target of to) incoming[target] = (incoming[target] as number) + 1;
  const core = new Uint8Array(vertices).fill(1);
  const free: number[] = [];
  for (let vertex = 0; vertex < vertices; vertex++) if (incoming[vertex] === 0) free.push(vertex);
  for (let vertex = free.pop(); vertex !== undefined; vertex = free.pop()) {
    core[vertex] = 0;
    for (let place = start[vertex] as number; place < (start[vertex + 1] as number); place++) {
      const target = to[place] as number;
      const left = (incoming[target] as number) - 1;
      incoming[target] = left;
      if (left === 0) free.push(target);
    }
  }
  trimBehind(core, start, to);
  return core;
}

/** Takes away what leads nowhere. */
function trimBehind(core: Uint8Array, start: Int32Array, to: Int32Array): void {
  const sources: number[][] = [];
  const outgoing = new Int32Array(core.length);
  const free: number[] = [];
  for (let vertex = 0; vertex < core.length; vertex++) {
    if (core[vertex] === 0) continue;
    for (let place = start[vertex] as number; place < (start[vertex + 1] as number); place++) {
      const target = to[place] as number;
      if (core[target] === 0) continue;
      outgoing[vertex] = (outgoing[vertex] as number) + 1;
      (sources[target] ??= []).push(vertex);
    }
    if (outgoing[vertex] === 0) free.push(vertex);
  }
  for (let vertex = free.pop(); vertex !== undefined; vertex = free.pop()) {
    core[vertex] = 0;
    for (const source of sources[vertex] ?? []) {
      const left = (outgoing[source] as number) - 1;
      outgoing[source] = left;
      if (left === 0) free.push(source);
    }
  }
}
