/**
 * Causal consistency and causal convergence of lists that are appended to and read as a whole. A read of a list names
 * everything that it saw, and in which order, so that the definitions (Perrin, Mostéfaoui & Jard 2016; Bouajjani et al.
 * 2017) can be decided directly: with CO the closure of session order and "its append is in the list that was read",
 * - CC: no cycle in CO; the appends to the key before a read are those in its list; no list shows two appends against CO;
 * - CCv: besides, CO and the orders of all lists together have no cycle.
 * CO is the least causal order that explains what was read, and a larger one only forbids more.
 */
import { DerivedEdges, successorsOf, topological } from '../index/graph.ts';
import type { HistoryIndex } from '../index/history-index.ts';
import type { Edge } from '../evidence/edges.ts';
import { shortestCycle } from '../evidence/shortest-cycle.ts';
import { Teller } from '../evidence/tell.ts';
import { holds, type Outcome } from '../outcome.ts';
import { unwatched, type Watch } from '../../check/watch.ts';
import { isBefore, upTo, type Clocks } from './clocks.ts';
import type { CausalOutcomes } from './registers.ts';

export function checkCausalLists(index: HistoryIndex, clocks: Clocks, watch: Watch = unwatched): CausalOutcomes {
  const orders = listOrders(index);
  const cycle = missing(index, clocks, watch) ?? reversed(index, clocks);
  if (cycle !== undefined) {
    const outcome = { valid: false, cycle } as const;
    return { causal: outcome, convergence: outcome, conflicts: orders };
  }
  return { causal: holds, convergence: convergence(index, orders), conflicts: orders };
}

/** Of every two neighbours in a list, once. */
export function listOrders(index: HistoryIndex): DerivedEdges {
  const { versions, operations } = index;
  const someReader = readerOfVersions(index);
  const orders = new DerivedEdges();
  for (let version = 0; version < versions.count; version++) {
    const parent = (versions.parent[version] as number) - operations.length;
    if (parent < 0) continue;
    const first = versions.element[parent] as number;
    orders.add(first, versions.element[version] as number, someReader[version] as number, 'list-order');
  }
  return orders;
}

/** By version: an operation that read it, or a longer one. */
export function readerOfVersions({ source, versions, operations }: HistoryIndex): Int32Array {
  const reader = new Int32Array(versions.count).fill(-1);
  for (let vertex = 0; vertex < source.length; vertex++) {
    const version = (source[vertex] as number) - operations.length;
    if (version >= 0) reader[version] = vertex;
  }
  // A version is made before those that continue it.
  for (let version = versions.count - 1; version >= 0; version--) {
    const parent = (versions.parent[version] as number) - operations.length;
    if (parent >= 0 && reader[parent] === -1) reader[parent] = reader[version] as number;
  }
  return reader;
}

/** A read that came after an append which its list does not show. */
function missing(index: HistoryIndex, clocks: Clocks, watch: Watch): Edge[] | undefined {
  const { source, key, operations, versions } = index;
  for (let read = 0; read < source.length; read++) {
    if (operations[read]?.f !== 'read') continue;
    watch();
    const version = (source[read] as number) - operations.length;
    const seen = version < 0 ? 0 : (versions.length[version] as number);
    let before = 0;
    for (const writes of clocks.writesOf[key[read] as number] ?? []) {
      before += upTo(writes, clocks.at[read * clocks.stride + writes.chain] as number);
    }
    if (before === seen) continue;
    const shown = elementsIn(index, source[read] as number);
    const teller = new Teller(index, successorsOf(index), undefined, false);
    const ways = (index.writesOf[key[read] as number] ?? Int32Array.of())
      .filter((append) => !shown.has(append) && isBefore(clocks, append, read))
      .subarray(0, 20);
    const cycles = [...ways].map((append) => [...(teller.way(append, read) ?? []), teller.notInList(read, append)]);
    return cycles.toSorted((one, other) => one.length - other.length)[0];
  }
  return undefined;
}

/** The appends that a list shows. */
export function elementsIn({ versions, operations }: HistoryIndex, version: number): Set<number> {
  const elements = new Set<number>();
  for (let at = version; at >= operations.length; at = versions.parent[at - operations.length] as number) {
    elements.add(versions.element[at - operations.length] as number);
  }
  return elements;
}

/** A list that shows an append behind another, although it came before that. */
function reversed(index: HistoryIndex, clocks: Clocks): Edge[] | undefined {
  const { versions, operations } = index;
  for (let version = 0; version < versions.count; version++) {
    const parent = versions.parent[version] as number;
    const element = versions.element[version] as number;
    if (parent < operations.length || !isBefore(clocks, element, parent)) continue;
    const teller = new Teller(index, successorsOf(index), undefined, false);
    const reader = readerOfVersions(index)[version] as number;
    const cycles = [...elementsIn(index, parent)]
      .filter((other) => isBefore(clocks, element, other))
      .map((other) => [teller.listOrder(other, element, reader), ...(teller.way(element, other) ?? [])]);
    return cycles.toSorted((one, other) => one.length - other.length)[0];
  }
  return undefined;
}

function convergence(index: HistoryIndex, orders: DerivedEdges): Outcome {
  const successors = successorsOf(index, orders);
  if (topological(index.vertices, successors).acyclic) return holds;
  const teller = new Teller(index, successors, orders, false);
  return { valid: false, cycle: shortestCycle(index, successors, orders, teller) };
}
