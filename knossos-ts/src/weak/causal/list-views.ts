/**
 * What one process can have seen of lists, for causal memory and PRAM: an order of the appends and its own reads in
 * which each read comes behind what it shows and before what it does not show, and the appends of a list are in its
 * order. Lists leave nothing to be derived: the order exists iff these edges and the base order have no cycle.
 */
import { DerivedEdges, successorsOf, topological } from '../index/graph.ts';
import { sessionsOf, type HistoryIndex } from '../index/history-index.ts';
import { shortestCycle } from '../evidence/shortest-cycle.ts';
import { Teller } from '../evidence/tell.ts';
import { holds, type Outcome } from '../outcome.ts';
import { fromOwnFuture } from '../sessions/lists.ts';
import { unwatched, type Watch } from '../../check/watch.ts';
import { elementsIn } from './lists.ts';

/** With `alone`, a process learns nothing from what the others have read: PRAM. Otherwise causal memory. */
export function checkViewsOfLists(index: HistoryIndex, alone: boolean, watch: Watch = unwatched): Outcome {
  for (let session = 0; session < sessionsOf(index); session++) {
    watch();
    const early = fromOwnFuture(index, session);
    if (early !== undefined) return { valid: false, cycle: early };
    const edges = edgesOf(index, session, watch);
    if (edges.count === 0) continue;
    const successors = successorsOf(index, edges, alone ? session : undefined);
    if (topological(index.vertices, successors).acyclic) continue;
    const teller = new Teller(index, successors, edges, true);
    return { valid: false, cycle: shortestCycle(index, successors, edges, teller) };
  }
  return holds;
}

/** From the reads of one session. */
function edgesOf(index: HistoryIndex, session: number, watch: Watch): DerivedEdges {
  const { sessionStart, operations, key, versions, source } = index;
  const edges = new DerivedEdges();
  const last = new Map<number, number>();
  const shown = new Set<number>();
  const told = new Set<number>();
  for (let read = sessionStart[session] as number; read < (sessionStart[session + 1] as number); read++) {
    if (operations[read]?.f !== 'read') continue;
    watch();
    for (let at = source[read] as number; at >= operations.length && !told.has(at);) {
      told.add(at);
      const element = versions.element[at - operations.length] as number;
      shown.add(element);
      const parent = versions.parent[at - operations.length] as number;
      if (parent >= operations.length) {
        edges.add(versions.element[parent - operations.length] as number, element, read, 'list-order');
      }
      at = parent;
    }
    const previous = last.get(key[read] as number);
    if (previous !== undefined) between(index, previous, read, edges);
    last.set(key[read] as number, read);
  }
  for (const [of, read] of last) {
    for (const append of index.writesOf[of] ?? []) {
      if (!shown.has(append)) edges.add(read, append, read, 'not-in-list');
    }
  }
  return edges;
}

/** What one of two reads in a row shows and the other does not; of a continuation its beginning says it all. */
function between(index: HistoryIndex, first: number, second: number, edges: DerivedEdges): void {
  const { source, versions, operations } = index;
  const older = source[first] as number;
  let next = -1;
  let at = source[second] as number;
  while (at >= operations.length && at !== older) {
    next = at;
    at = versions.parent[at - operations.length] as number;
  }
  if (at === older) {
    if (next >= 0) edges.add(first, versions.element[next - operations.length] as number, first, 'not-in-list');
    return;
  }
  const before = elementsIn(index, older);
  const after = elementsIn(index, source[second] as number);
  for (const append of after) if (!before.has(append)) edges.add(first, append, first, 'not-in-list');
  for (const append of before) if (!after.has(append)) edges.add(second, append, second, 'not-in-list');
}
