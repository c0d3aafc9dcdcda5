/**
 * Causal consistency (CC) and causal convergence (CCv) of registers, by the bad patterns of Bouajjani, Enea, Guerraoui &
 * Hamza 2017 ("On verifying causal consistency", section 5): with CO the transitive closure of session order and
 * reads-from,
 * - CC has no cycle in CO, no read of the initial value behind a write (WriteCOInitRead), and no read of a value that
 *   was overwritten in between (WriteCORead);
 * - CCv has, besides, no cycle in CO and the conflicts: w2 before w1 wherever a read of w1 comes after w2.
 * With clocks it is one binary search per read and chain, as in AWDIT (Møldrup & Pavlogiannis 2025). A cas that swapped
 * is one vertex: a read of what it expected and a write of what it left. What the others' cas expected binds only them.
 */
import { DerivedEdges, successorsOf, topological } from '../index/graph.ts';
import { initially, nothing, type HistoryIndex } from '../index/history-index.ts';
import type { Edge } from '../evidence/edges.ts';
import { shortestCycle } from '../evidence/shortest-cycle.ts';
import { Teller } from '../evidence/tell.ts';
import { holds, type Outcome } from '../outcome.ts';
import { unwatched, type Watch } from '../../check/watch.ts';
import { isBefore, upTo, type ChainWrites, type Clocks } from './clocks.ts';

/** A read that came after a write which its source cannot have come after. */
interface Stale {
  readonly read: number;
  readonly source: number;
  readonly newer: number;
}

/** How many stale reads are told before the shortest story is chosen. */
const tellings = 8;

export interface CausalOutcomes {
  readonly causal: Outcome;
  readonly convergence: Outcome;
  /** The conflicts, for whom they are of further use. */
  readonly conflicts: DerivedEdges;
  /** Where there is convergence: the place of each vertex in an order that all can agree on. */
  readonly rank?: Int32Array;
}

/** For an index whose causal order has no cycle. */
export function checkCausalRegisters(index: HistoryIndex, clocks: Clocks, watch: Watch = unwatched): CausalOutcomes {
  const { conflicts, stale } = scan(index, clocks, watch);
  if (stale.length > 0) {
    const outcome = { valid: false, cycle: staleCycle(index, stale) } as const;
    return { causal: outcome, convergence: outcome, conflicts };
  }
  return { causal: holds, conflicts, ...convergence(index, conflicts) };
}

/**
 * The last write to the read's key in each chain among those before it; neither the read itself nor its source, nor, in
 * most chains, what is before its source.
 */
export function visitSeen(
  { source, key }: HistoryIndex,
  { writesOf, chainsOf, at, stride }: Clocks,
  read: number,
  visit: (write: number) => void,
): void {
  const own = source[read] as number;
  const of = key[read] as number;
  const chains = chainsOf[of] as Int32Array;
  for (let number = 0; number < chains.length; number++) {
    const chain = chains[number] as number;
    const limit = at[read * stride + chain] as number;
    // As much of the chain is before the source.
    if (limit === 0 || (own >= 0 && limit === at[own * stride + chain])) continue;
    const writes = writesOf[of]![number] as ChainWrites;
    let last = upTo(writes, limit) - 1;
    if (last >= 0 && writes.vertices[last] === read) last--;
    const write = last < 0 ? -1 : (writes.vertices[last] as number);
    if (write >= 0 && write !== own) visit(write);
  }
}

function scan(index: HistoryIndex, clocks: Clocks, watch: Watch): { conflicts: DerivedEdges; stale: Stale[] } {
  const { source } = index;
  const conflicts = new DerivedEdges();
  const stale: Stale[] = [];
  let read = 0;
  let own = 0;
  const visit = (write: number): void => {
    if (own === initially || isBefore(clocks, own, write)) {
      if (stale.length < tellings) stale.push({ read, source: own, newer: write });
    } else if (!isBefore(clocks, write, own)) conflicts.add(write, own, read, 'seen-before-source');
  };
  for (read = 0; read < source.length; read++) {
    watch();
    own = source[read] as number;
    if (own !== nothing) visitSeen(index, clocks, read, visit);
  }
  return { conflicts, stale };
}

function staleCycle(index: HistoryIndex, stale: readonly Stale[]): Edge[] {
  const teller = new Teller(index, successorsOf(index), undefined, false);
  let best: Edge[] | undefined;
  let least = Infinity;
  for (const { read, source, newer } of stale) {
    const back = teller.beforeSource(newer, source, read, 0);
    const there = source === initially ? [teller.fromInitial(newer)] : (teller.way(source, newer) ?? []);
    const length = there.length + back.because.length;
    if (length >= least) continue;
    best = [...there, back];
    least = length;
  }
  return best ?? [];
}

function convergence(
  index: HistoryIndex,
  conflicts: DerivedEdges,
): { readonly convergence: Outcome; readonly rank?: Int32Array } {
  const successors = successorsOf(index, conflicts);
  const { order, acyclic } = topological(index.vertices, successors);
  if (acyclic) {
    const rank = new Int32Array(index.vertices);
    order.forEach((vertex, place) => (rank[vertex] = place));
    return { convergence: holds, rank };
  }
  const teller = new Teller(index, successors, conflicts, false);
  return { convergence: { valid: false, cycle: shortestCycle(index, successors, conflicts, teller) } };
}

/** The causal order itself has a cycle: somebody read from the future. */
export function circularCausality(index: HistoryIndex): Outcome {
  const successors = successorsOf(index);
  const teller = new Teller(index, successors, undefined, false);
  return { valid: false, cycle: shortestCycle(index, successors, undefined, teller) };
}
