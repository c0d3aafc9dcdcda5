/**
 * Sequential consistency of lists is decided in linear time: the lists that were read name the order of the appends of
 * each key, so that one graph says it all: sessions, appends before the reads that show them, appends in the order of the
 * lists, and reads before the appends that they do not show. An order of that graph explains the history; a cycle in it
 * refutes it. Two reads neither of which continues the other are a cycle by themselves.
 */
import { circularCausality } from '../causal/registers.ts';
import { elementsIn, listOrders } from '../causal/lists.ts';
import { shortestCycle } from '../evidence/shortest-cycle.ts';
import type { Edge } from '../evidence/edges.ts';
import { Teller } from '../evidence/tell.ts';
import { successorsOf, topological, type DerivedEdges } from '../index/graph.ts';
import { initially, type HistoryIndex } from '../index/history-index.ts';
import type { Outcome } from '../outcome.ts';
import type { Watch } from '../../check/watch.ts';

/** Either an order of all operations, or the outcome that there is none. */
export type ListDecision = { readonly order: Int32Array } | { readonly order: undefined; readonly outcome: Outcome };

export function checkListOrders(index: HistoryIndex, watch: Watch): ListDecision {
  const { vertices, operations } = index;
  const causal = successorsOf(index);
  if (!topological(vertices, causal).acyclic) return { order: undefined, outcome: circularCausality(index) };
  const forked = incompatible(index);
  if (forked !== undefined) return { order: undefined, outcome: { valid: false, cycle: fork(index, ...forked) } };
  const edges = listOrders(index);
  addOverwrites(index, edges, watch);
  const successors = successorsOf(index, edges);
  const { order, acyclic } = topological(vertices, successors);
  if (acyclic) return { order: order.filter((vertex) => vertex < operations.length) };
  const teller = new Teller(index, successors, edges, true);
  return { order: undefined, outcome: { valid: false, cycle: shortestCycle(index, successors, edges, teller) } };
}

/**
 * Each read before the next append of its list; the readers of a longest list before what nobody read, where the last such
 * reader of a session and the first such append of one say it for all.
 */
function addOverwrites(index: HistoryIndex, edges: DerivedEdges, watch: Watch): void {
  const { source, operations, key, session, versions } = index;
  const next = new Map<number, number>();
  const shown = new Uint8Array(operations.length);
  for (let version = 0; version < versions.count; version++) {
    const parent = versions.parent[version] as number;
    const element = versions.element[version] as number;
    shown[element] = 1;
    next.set(parent === initially ? -1 - (versions.key[version] as number) : parent, element);
  }
  const lastReaders = index.keys.map(() => new Map<number, number>());
  for (let read = 0; read < source.length; read++) {
    if (operations[read]?.f !== 'read') continue;
    watch();
    const of = key[read] as number;
    const from = source[read] as number;
    const after = next.get(from === initially ? -1 - of : from);
    if (after !== undefined) edges.add(read, after, read, 'not-in-list');
    else lastReaders[of]?.set(session[read] as number, read);
  }
  for (const [of, readers] of lastReaders.entries()) {
    const appends = firstOf(index, of, (append) => shown[append] === 0);
    for (const read of readers.values()) {
      watch();
      for (const append of appends) edges.add(read, append, read, 'not-in-list');
    }
  }
}

/** The first of these appends to a key in each session that has one. */
function firstOf({ writesOf, session }: HistoryIndex, key: number, isOne: (append: number) => boolean): number[] {
  const first = new Map<number, number>();
  for (const append of writesOf[key] ?? []) {
    const of = session[append] as number;
    if (isOne(append) && !first.has(of)) first.set(of, append);
  }
  return [...first.values()];
}

/** Two readers whose lists part. */
function incompatible({ versions, source, operations }: HistoryIndex): [number, number] | undefined {
  const child = new Map<number, number>();
  for (let version = 0; version < versions.count; version++) {
    const parent = versions.parent[version] as number;
    const name = parent === initially ? -1 - (versions.key[version] as number) : parent;
    const other = child.get(name);
    if (other === undefined) {
      child.set(name, version);
      continue;
    }
    return [
      readerFrom(versions, source, operations.length, other),
      readerFrom(versions, source, operations.length, version),
    ];
  }
  return undefined;
}

/** The first that read this version or one that continues it. */
function readerFrom(
  { parent, length }: HistoryIndex['versions'],
  source: Int32Array,
  operations: number,
  version: number,
): number {
  return source.findIndex((read) => {
    let at = read - operations;
    while (at >= 0 && (length[at] as number) > (length[version] as number)) at = (parent[at] as number) - operations;
    return at === version;
  });
}

function fork(index: HistoryIndex, one: number, other: number): Edge[] {
  const teller = new Teller(index, successorsOf(index), undefined, false);
  const first = [...elementsIn(index, index.source[one] as number)].toReversed();
  const second = [...elementsIn(index, index.source[other] as number)].toReversed();
  const parts = first.findIndex((element, place) => element !== second[place]);
  const left = first[parts] as number;
  const right = second[parts] as number;
  const shownIn = (append: number, read: number): Edge[] => teller.way(append, read) ?? [];
  const isInFirst = first.includes(right);
  const isInSecond = second.includes(left);
  if (isInFirst && isInSecond) return [teller.listOrder(left, right, one), teller.listOrder(right, left, other)];
  if (isInSecond) {
    return [teller.notInList(one, right), teller.listOrder(right, left, other), ...shownIn(left, one)];
  }
  if (isInFirst) {
    return [teller.notInList(other, left), teller.listOrder(left, right, one), ...shownIn(right, other)];
  }
  return [teller.notInList(one, right), ...shownIn(right, other), teller.notInList(other, left), ...shownIn(left, one)];
}
