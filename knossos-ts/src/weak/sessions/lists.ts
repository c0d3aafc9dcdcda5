/**
 * The four session guarantees (Terry et al. 1994) of lists that are appended to and read as a whole. A list shows what
 * a read had seen, and what it had not, so each guarantee can be judged at each read:
 * - read your writes: it shows the process's own earlier appends, in their order, and behind what the process had read
 *   before it appended;
 * - monotonic reads: it shows all that the process had read before, in the same order;
 * - monotonic writes: of each session it shows the first appends, in their order, and none without those before;
 * - writes follow reads: with an append it shows, before that, whatever its session had read when it appended, and what
 *   those whose appends it had read had read in turn, by way of any keys.
 */
import { successorsOf } from '../index/graph.ts';
import type { HistoryIndex } from '../index/history-index.ts';
import { elementsIn, readerOfVersions } from '../causal/lists.ts';
import type { Edge } from '../evidence/edges.ts';
import { Teller } from '../evidence/tell.ts';
import { holds, type Outcome } from '../outcome.ts';
import { unwatched, type Watch } from '../../check/watch.ts';

const broken = (cycle: readonly Edge[]): Outcome => ({ valid: false, cycle });

const tellerFor = (index: HistoryIndex, observer?: number): Teller =>
  new Teller(index, successorsOf(index, undefined, observer), undefined, false);

/** The elements of a version in their order. */
const listed = (index: HistoryIndex, version: number): number[] => [...elementsIn(index, version)].toReversed();

/** True for a version that continues the other, or is it. */
function continues({ versions, operations }: HistoryIndex, version: number, older: number): boolean {
  if (older < operations.length) return true;
  const depth = versions.length[older - operations.length] as number;
  let at = version;
  while (at >= operations.length && (versions.length[at - operations.length] as number) > depth) {
    at = versions.parent[at - operations.length] as number;
  }
  return at === older;
}

export function checkMonotonicReadsOfLists(index: HistoryIndex, watch: Watch = unwatched): Outcome {
  const { sessionStart, source, key, operations } = index;
  for (let of = 0; of + 1 < sessionStart.length; of++) {
    const last = new Map<number, number>();
    for (let read = sessionStart[of] as number; read < (sessionStart[of + 1] as number); read++) {
      if (operations[read]?.f !== 'read') continue;
      watch();
      const previous = last.get(key[read] as number);
      last.set(key[read] as number, read);
      if (previous === undefined || continues(index, source[read] as number, source[previous] as number)) continue;
      const cycle = notContained(index, of, previous, read);
      if (cycle !== undefined) return broken(cycle);
    }
  }
  return holds;
}

function notContained(index: HistoryIndex, observer: number, previous: number, read: number): Edge[] | undefined {
  const older = listed(index, index.source[previous] as number);
  const places = new Map(listed(index, index.source[read] as number).map((element, place) => [element, place]));
  let last = -1;
  let before = -1;
  for (const element of older) {
    const place = places.get(element);
    if (place === undefined) {
      const teller = tellerFor(index, observer);
      return [teller.notInList(read, element), ...teller.byReading(element, previous, read)];
    }
    if (place < last) {
      const teller = tellerFor(index, observer);
      return [teller.listOrder(before, element, previous), teller.listOrder(element, before, read)];
    }
    last = place;
    before = element;
  }
  return undefined;
}

/** An own append that is missing, or stands in the wrong place. */
export function checkReadYourWritesOfLists(index: HistoryIndex, watch: Watch = unwatched): Outcome {
  const { sessionStart, key, operations, writes, source: from } = index;
  for (let of = 0; of + 1 < sessionStart.length; of++) {
    const early = fromOwnFuture(index, of);
    if (early !== undefined) return broken(early);
    const appends = new Map<number, number[]>();
    /** By own append: the own reads of its key before it, but for those that later ones of them continue. */
    const readBefore = new Map<number, readonly number[]>();
    const reads = new Map<number, readonly number[]>();
    for (let vertex = sessionStart[of] as number; vertex < (sessionStart[of + 1] as number); vertex++) {
      watch();
      const at = key[vertex] as number;
      if (writes[vertex] === 1) {
        readBefore.set(vertex, reads.get(at) ?? []);
        appends.set(at, [...(appends.get(at) ?? []), vertex]);
      } else if (operations[vertex]?.f === 'read') {
        const kept = (reads.get(at) ?? []).filter(
          (read) => !continues(index, from[vertex] as number, from[read] as number),
        );
        reads.set(at, [...kept, vertex]);
        const cycle = ownWrong(index, of, vertex, appends.get(at) ?? [], readBefore);
        if (cycle !== undefined) return broken(cycle);
      }
    }
  }
  return holds;
}

/** A read that shows what its process appended only later. */
export function fromOwnFuture(index: HistoryIndex, of: number): Edge[] | undefined {
  const { sessionStart, source, operations, versions, session } = index;
  const told = new Set<number>();
  for (let read = sessionStart[of] as number; read < (sessionStart[of + 1] as number); read++) {
    for (let at = source[read] as number; at >= operations.length && !told.has(at);) {
      told.add(at);
      const element = versions.element[at - operations.length] as number;
      if (session[element] === of && element > read) {
        const teller = tellerFor(index, of);
        return [...(teller.way(element, read) ?? []), ...(teller.way(read, element) ?? [])];
      }
      at = versions.parent[at - operations.length] as number;
    }
  }
  return undefined;
}

function ownWrong(
  index: HistoryIndex,
  observer: number,
  read: number,
  own: readonly number[],
  readBefore: ReadonlyMap<number, readonly number[]>,
): Edge[] | undefined {
  if (own.length === 0) return undefined;
  const places = placesIn(index, index.source[read] as number);
  for (const [number, append] of own.entries()) {
    const place = places.get(append);
    const previous = own[number - 1];
    const teller = (): Teller => tellerFor(index, observer);
    if (place === undefined) return [teller().notInList(read, append), ...(teller().way(append, read) ?? [])];
    if (previous !== undefined && place < (places.get(previous) ?? -1)) {
      return [teller().listOrder(append, previous, read), ...(teller().way(previous, append) ?? [])];
    }
    const shown = (readBefore.get(append) ?? []).flatMap((earlier) => [
      ...elementsIn(index, index.source[earlier] as number),
    ]);
    for (const element of shown) {
      if ((places.get(element) ?? -1) <= place) continue;
      return [teller().listOrder(append, element, read), ...(teller().way(element, append) ?? [])];
    }
  }
  return undefined;
}

function placesIn(index: HistoryIndex, version: number): Map<number, number> {
  const { operations, versions } = index;
  const places = new Map<number, number>();
  for (let at = version; at >= operations.length; at = versions.parent[at - operations.length] as number) {
    places.set(versions.element[at - operations.length] as number, versions.length[at - operations.length] as number);
  }
  return places;
}

/** Version by version: each new element must be its session's next on this key. */
export function checkMonotonicWritesOfLists(index: HistoryIndex, watch: Watch = unwatched): Outcome {
  const { versions, session, operations } = index;
  const reader = readerOfVersions(index);
  const previousOnKey = previousOwn(index);
  for (let version = 0; version < versions.count; version++) {
    const element = versions.element[version] as number;
    const previous = previousOnKey[element] as number;
    if (previous < 0) continue;
    watch();
    const parent = versions.parent[version] as number;
    // Looked for from the end of the list: the session's previous append is seldom far away.
    let at = parent;
    while (at >= operations.length && versions.element[at - operations.length] !== previous) {
      at = versions.parent[at - operations.length] as number;
    }
    if (at >= operations.length) continue;
    const read = reader[version] as number;
    const teller = tellerFor(index, session[read]);
    if (elementsIn(index, index.source[read] as number).has(previous)) {
      return broken([teller.listOrder(element, previous, read), ...(teller.way(previous, element) ?? [])]);
    }
    const there = teller.way(previous, element) ?? [];
    return broken([teller.notInList(read, previous), ...there, ...(teller.way(element, read) ?? [])]);
  }
  return holds;
}

/** By vertex of an append: the one before it on the same key in its session, or -1. */
function previousOwn({ sessionStart, writes, key }: HistoryIndex): Int32Array {
  const previous = new Int32Array(key.length).fill(-1);
  for (let of = 0; of + 1 < sessionStart.length; of++) {
    const last = new Map<number, number>();
    for (let vertex = sessionStart[of] as number; vertex < (sessionStart[of + 1] as number); vertex++) {
      if (writes[vertex] !== 1) continue;
      previous[vertex] = last.get(key[vertex] as number) ?? -1;
      last.set(key[vertex] as number, vertex);
    }
  }
  return previous;
}
