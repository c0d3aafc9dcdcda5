/** Builds the index of a history: who happened, who observed whom, and in which session. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList } from '../../history/value.ts';
import { draftOf, Finding, KeyNumbers, type Draft } from './draft.ts';
import { nothing, type Absence, type HistoryIndex, type Indexed, type Versions } from './history-index.ts';
import { VersionTree } from './list-versions.ts';
import { Producers } from './producers.ts';
import { unwatched, type Watch } from '../../check/watch.ts';

/** Operations by invocation, as `pairOperations` gives them. @throws TimeUp */
export function buildIndex(operations: readonly Operation[], initial: Value = null, watch: Watch = unwatched): Indexed {
  try {
    return { kind: 'indexed', index: new Building(operations, initial, watch).index() };
  } catch (error) {
    if (error instanceof Finding) return error.found;
    throw error;
  }
}

class Building {
  readonly #initial: Value;
  readonly #watch: Watch;
  readonly #keys = new KeyNumbers();
  readonly #drafts: Draft[] = [];
  readonly #isList: boolean;
  readonly #producers: Producers;
  readonly #versions: VersionTree;
  /** By draft: the draft or the version that it observed. */
  readonly #observed: Int32Array;
  readonly #effective: Uint8Array;

  constructor(operations: readonly Operation[], initial: Value, watch: Watch) {
    this.#initial = initial;
    this.#watch = watch;
    this.#isList = isOfLists(operations);
    const failed: Operation[] = [];
    for (const operation of operations) {
      watch();
      if (operation.type === 'fail') failed.push(operation);
      const draft = draftOf(operation, this.#keys, this.#isList);
      if (draft !== undefined) this.#drafts.push(draft);
    }
    this.#producers = new Producers(this.#drafts, this.#isList ? undefined : initial, failed);
    this.#versions = new VersionTree(this.#producers);
    this.#observed = new Int32Array(this.#drafts.length).fill(nothing);
    this.#effective = new Uint8Array(this.#drafts.length);
  }

  index(): HistoryIndex {
    this.#follow();
    const { vertexOf, order, sessionStart, session } = this.#number();
    const { operations, source, key, writes } = this.#columns(order, vertexOf);
    const versions = this.#versions.finish(vertexOf, order.length);
    return {
      kind: this.#isList ? 'list' : 'register',
      operations,
      vertices: order.length + versions.count,
      session,
      sessionStart,
      key,
      keys: this.#keys.values,
      source,
      writes,
      ...predecessors(source, session, versions),
      writesOf: writesByKey(key, writes, this.#keys.values.length),
      versions,
      absences: this.#absences(vertexOf),
      initial: this.#isList ? [] : this.#initial,
    };
  }

  /** What is ok happened; whatever is observed by what happened has happened, too. */
  #follow(): void {
    const reached: number[] = [];
    const reach = (number: number): void => {
      if (number < 0 || this.#effective[number] === 1) return;
      this.#effective[number] = 1;
      reached.push(number);
    };
    this.#drafts.forEach(({ operation, absent }, number) => {
      if (operation.type === 'ok' && absent === undefined) reach(number);
    });
    for (let number = reached.pop(); number !== undefined; number = reached.pop()) {
      this.#watch();
      const draft = this.#drafts[number] as Draft;
      if (draft.observed === undefined) continue;
      if (this.#isList) {
        this.#observed[number] = this.#versions.read(draft, reach);
        continue;
      }
      const producer = this.#producers.of(draft, draft.observed);
      this.#observed[number] = producer;
      reach(producer);
    }
  }

  /** Session by session, in the order of invocations. */
  #number(): { vertexOf: Int32Array; order: number[]; sessionStart: Int32Array; session: Int32Array } {
    const members = new Map<number, number[]>();
    this.#drafts.forEach(({ operation }, number) => {
      if (this.#effective[number] === 0) return;
      const session = members.get(operation.process);
      if (session === undefined) members.set(operation.process, [number]);
      else session.push(number);
    });
    const order = [...members.values()].flat();
    const vertexOf = new Int32Array(this.#drafts.length).fill(nothing);
    order.forEach((number, vertex) => (vertexOf[number] = vertex));
    const sessionStart = new Int32Array(members.size + 1);
    const session = new Int32Array(order.length);
    let vertex = 0;
    let count = 0;
    for (const { length } of members.values()) {
      sessionStart[count] = vertex;
      session.fill(count, vertex, vertex + length);
      vertex += length;
      count++;
    }
    sessionStart[count] = vertex;
    return { vertexOf, order, sessionStart, session };
  }

  /** By vertex. In one pass, because most of what each draft costs is to fetch it. */
  #columns(
    order: readonly number[],
    vertexOf: Int32Array,
  ): Pick<HistoryIndex, 'source' | 'key' | 'writes'> & { readonly operations: Operation[] } {
    const source = new Int32Array(order.length);
    const key = new Int32Array(order.length);
    const writes = new Uint8Array(order.length);
    const operations = order.map((number, vertex) => {
      const draft = this.#drafts[number] as Draft;
      const observed = this.#observed[number] as number;
      source[vertex] =
        observed < 0 ? observed : this.#isList ? observed + order.length : (vertexOf[observed] as number);
      key[vertex] = draft.key;
      writes[vertex] = draft.produced === undefined ? 0 : 1;
      return draft.operation;
    });
    return { operations, source, key, writes };
  }

  #absences(vertexOf: Int32Array): Absence[] {
    const last = new Map<number, number>();
    const open = new Map<number, { -readonly [field in keyof Absence]: Absence[field] }[]>();
    const all: Absence[] = [];
    this.#drafts.forEach(({ operation, key, absent }, number) => {
      this.#watch();
      const { process } = operation;
      if (absent !== undefined) {
        const found = { operation, after: last.get(process) ?? -1, until: -1, key, absent };
        open.set(process, [...(open.get(process) ?? []), found]);
        all.push(found);
      } else if (this.#effective[number] === 1) {
        const vertex = vertexOf[number] as number;
        last.set(process, vertex);
        for (const waiting of open.get(process) ?? []) waiting.until = vertex;
        open.delete(process);
      }
    });
    return all;
  }
}

/** Somebody appended; or nobody wrote anything, and lists were read. */
export function isOfLists(operations: readonly Operation[]): boolean {
  if (operations.some(({ f }) => f === 'append')) return true;
  return operations.every(({ f }) => f === 'read') && operations.some(({ output }) => isList(output));
}

function predecessors(
  source: Int32Array,
  session: Int32Array,
  versions: Versions,
): Pick<HistoryIndex, 'before' | 'alsoBefore'> {
  const operations = source.length;
  const before = new Int32Array(operations + versions.count).fill(-1);
  const alsoBefore = new Int32Array(operations + versions.count).fill(-1);
  for (let vertex = 0; vertex < operations; vertex++) {
    if (vertex > 0 && session[vertex - 1] === session[vertex]) before[vertex] = vertex - 1;
    alsoBefore[vertex] = Math.max(source[vertex] as number, -1);
  }
  before.set(versions.parent, operations);
  alsoBefore.set(versions.element, operations);
  return { before, alsoBefore };
}

function writesByKey(key: Int32Array, writes: Uint8Array, keys: number): Int32Array[] {
  const byKey: number[][] = Array.from({ length: keys }, () => []);
  for (let vertex = 0; vertex < key.length; vertex++) {
    if (writes[vertex] === 1) byKey[key[vertex] as number]?.push(vertex);
  }
  return byKey.map((vertices) => Int32Array.from(vertices));
}
