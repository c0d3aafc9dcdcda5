/**
 * Writes follow reads (Terry et al. 1994): whoever sees a write has seen, before it, what its session had read when it
 * wrote; and so on, by way of any keys. Of registers, where a read shows one write only, what remains is that this order
 * has no cycle: nobody reads from the future. That is so iff the causal order has none, since each cycle of session
 * order and reads-from goes from a write to its observer and along that session to a write. A list shows what is missing.
 */
import { successorsOf } from '../index/graph.ts';
import type { HistoryIndex } from '../index/history-index.ts';
import { elementsIn, readerOfVersions } from '../causal/lists.ts';
import type { Edge } from '../evidence/edges.ts';
import { Teller } from '../evidence/tell.ts';
import { holds, type Outcome } from '../outcome.ts';
import { unwatched, type Watch } from '../../check/watch.ts';

/** What must stand before an append: of each key, appends by vertex. Shared where nothing was added. */
type Required = ReadonlyMap<number, ReadonlySet<number>>;

const noneRequired: Required = new Map();

/** How many members of sets are copied before it is given up. */
const copies = 20_000_000;

/** For an index whose causal order has no cycle, in that order. */
export function checkWritesFollowReadsOfLists(
  index: HistoryIndex,
  order: Int32Array,
  watch: Watch = unwatched,
): Outcome {
  const walk = new Walk(index);
  for (const vertex of order) {
    watch();
    const cycle = walk.step(vertex);
    if (cycle !== undefined) return { valid: false, cycle };
    if (walk.copied > copies) {
      const detail = 'too much was read before it was appended to for what stands before what to be followed';
      return { valid: 'unknown', reason: 'memory', detail };
    }
  }
  return holds;
}

class Walk {
  copied = 0;
  readonly #index: HistoryIndex;
  /** By session, by vertex of an append, and by vertex of a version: what its readers have seen. */
  readonly #ofSession: Required[] = [];
  readonly #ofVertex = new Map<number, Required>();

  constructor(index: HistoryIndex) {
    this.#index = index;
  }

  step(vertex: number): Edge[] | undefined {
    const { operations, versions, session, source, writes, before } = this.#index;
    if (vertex >= operations.length) {
      const version = vertex - operations.length;
      const element = versions.element[version] as number;
      const required = this.#ofVertex.get(element) ?? noneRequired;
      const cycle = this.#lacking(version, required.get(versions.key[version] as number));
      const parent = this.#ofVertex.get(before[vertex] as number) ?? noneRequired;
      this.#ofVertex.set(vertex, this.#joined(parent, required));
      return cycle;
    }
    const of = session[vertex] as number;
    const seen = this.#ofSession[of] ?? noneRequired;
    if (writes[vertex] === 1) this.#ofVertex.set(vertex, seen);
    const version = source[vertex] as number;
    if (version < operations.length) return undefined;
    const shown: Required = new Map([[this.#index.key[vertex] as number, elementsIn(this.#index, version)]]);
    const passed = this.#joined(seen, this.#ofVertex.get(version) ?? noneRequired);
    this.#ofSession[of] = this.#joined(passed, shown);
    return undefined;
  }

  #joined(one: Required, other: Required): Required {
    let joined: Map<number, ReadonlySet<number>> | undefined;
    for (const [key, appends] of other) {
      const had = (joined ?? one).get(key);
      if (had === appends || (had !== undefined && isWithin(appends, had))) continue;
      joined ??= new Map(one);
      const isLarger = had === undefined || isWithin(had, appends);
      joined.set(key, isLarger ? appends : new Set([...had, ...appends]));
      this.copied += isLarger ? joined.size : joined.size + had.size + appends.size;
    }
    return joined ?? one;
  }

  #lacking(version: number, required: ReadonlySet<number> | undefined): Edge[] | undefined {
    if (required === undefined) return undefined;
    const index = this.#index;
    const shown = elementsIn(index, index.versions.parent[version] as number);
    if (isWithin(required, shown)) return undefined;
    const missing = [...required].find((append) => !shown.has(append)) as number;
    const element = index.versions.element[version] as number;
    const read = readerOfVersions(index)[version] as number;
    const teller = new Teller(index, successorsOf(index), undefined, false);
    const way = wayByReading(index, teller, missing, element);
    if (elementsIn(index, index.source[read] as number).has(missing)) {
      return [teller.listOrder(element, missing, read), ...way];
    }
    return [teller.notInList(read, missing), ...way, ...(teller.way(element, read) ?? [])];
  }
}

/** From an append to a reader of it, along his session to an append of his, and so on: the shortest such way. */
function wayByReading(index: HistoryIndex, teller: Teller, from: number, to: number): Edge[] {
  const { session, writes, operations } = index;
  const came = new Map<number, { from: number; reader: number }>();
  const queue = [from];
  for (const append of queue) {
    for (const reader of firstReaders(index, append)) {
      for (let next = reader + 1; next < operations.length && session[next] === session[reader]; next++) {
        if (writes[next] !== 1 || came.has(next)) continue;
        came.set(next, { from: append, reader });
        if (next === to) return told(came, teller, from, to);
        queue.push(next);
      }
    }
  }
  return [];
}

function told(
  came: ReadonlyMap<number, { from: number; reader: number }>,
  teller: Teller,
  from: number,
  to: number,
): Edge[] {
  const way: Edge[] = [];
  for (let at = to; at !== from || way.length === 0;) {
    const step = came.get(at)!;
    way.unshift(...teller.byReading(step.from, step.reader, at));
    at = step.from;
  }
  return way;
}

/** Of each session, the first read that shows the append. */
function firstReaders({ source, session, versions, operations }: HistoryIndex, append: number): number[] {
  const shows = new Uint8Array(versions.count);
  for (let version = 0; version < versions.count; version++) {
    const parent = (versions.parent[version] as number) - operations.length;
    if (versions.element[version] === append || (parent >= 0 && shows[parent] === 1)) shows[version] = 1;
  }
  const readers: number[] = [];
  for (let read = 0; read < source.length; read++) {
    const version = (source[read] as number) - operations.length;
    if (version < 0 || shows[version] === 0 || session[readers.at(-1) ?? -1] === session[read]) continue;
    readers.push(read);
  }
  return readers;
}

function isWithin(small: ReadonlySet<number>, large: ReadonlySet<number>): boolean {
  if (small.size > large.size) return false;
  for (const member of small) if (!large.has(member)) return false;
  return true;
}
