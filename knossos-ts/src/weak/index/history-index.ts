/**
 * A whole history as numbers, built once and shared by every weak model. Vertices 0 to `operations.length - 1` are the
 * operations that bear on a verdict, numbered session by session, so that the predecessor of a vertex in its session is
 * the number before it. After them come the versions: one for each distinct prefix of a list that somebody read, so
 * that "this read saw these forty appends" is one edge and not forty.
 *
 * What is left out: `fail` operations (they never happened), info reads (they say nothing), and info mutators that
 * nobody observed (Bouajjani et al. 2017 assume that values are written once; so whoever observes a value names its
 * writer, and a writer whom nobody observes may as well not have happened).
 */
import type { Operation, Value } from '../../history/operation.ts';

/** The source of an observation of the initial value, or of the empty list. */
export const initially = -1;
/** The source of an operation that observes nothing. */
export const nothing = -2;

export interface HistoryIndex {
  readonly kind: 'register' | 'list';
  /** By vertex. */
  readonly operations: readonly Operation[];
  /** Operations and versions together. */
  readonly vertices: number;
  /** By vertex of an operation; sessions are numbered by first appearance. */
  readonly session: Int32Array;
  /** The first vertex of each session, and behind the last one the number of operations. */
  readonly sessionStart: Int32Array;
  readonly key: Int32Array;
  readonly keys: readonly Value[];
  /** What an operation observed: the vertex of a writer (registers) or of a version (lists), `initially` or `nothing`. */
  readonly source: Int32Array;
  /** 1 for an operation that left a value behind. */
  readonly writes: Uint8Array;
  /** The at most two immediate predecessors of each vertex in the causal order, -1 where there is none. */
  readonly before: Int32Array;
  readonly alsoBefore: Int32Array;
  /** The mutators of each key, by vertex. */
  readonly writesOf: readonly Int32Array[];
  /** Versions of lists; empty for registers. `length` and `element` by vertex minus the number of operations. */
  readonly versions: Versions;
  /** Observations of an absence, which no order between writes can express. They are not vertices. */
  readonly absences: readonly Absence[];
  readonly initial: Value;
}

export interface Versions {
  readonly count: number;
  /** The vertex of the version before, or `initially`. */
  readonly parent: Int32Array;
  /** The vertex of the last append. */
  readonly element: Int32Array;
  readonly length: Int32Array;
  readonly key: Int32Array;
}

export interface Absence {
  readonly operation: Operation;
  /** The vertex in whose session and behind which it happened, or -1 for one that opens a session. */
  readonly after: number;
  /** The vertex that follows it in its session, or -1. */
  readonly until: number;
  readonly key: number;
  /** The value that was not there. Several may have written it. */
  readonly absent: Value;
}

/** What no model allows, whatever the order: found while the index is built. */
export interface Impossible {
  readonly rule: 'thin-air' | 'contradiction' | 'duplicate';
  readonly operation: Operation;
  /** Operations that the sentence speaks of. */
  readonly others: readonly Operation[];
  readonly sentence: string;
}

export type Indexed =
  | { readonly kind: 'indexed'; readonly index: HistoryIndex }
  | { readonly kind: 'impossible'; readonly impossible: Impossible }
  /** An observed value has more than one possible writer, so that nobody knows who read from whom. */
  | { readonly kind: 'ambiguous'; readonly detail: string };

export const isList = (index: HistoryIndex): boolean => index.kind === 'list';

/** How many there are. */
export function sessionsOf(index: HistoryIndex): number {
  return index.sessionStart.length - 1;
}
