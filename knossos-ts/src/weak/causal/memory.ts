/** Causal memory (CM; Ahamad et al. 1995) of registers: every process has a legal view over the causal order. */
import { successorsOf } from '../index/graph.ts';
import { initially, sessionsOf, type HistoryIndex } from '../index/history-index.ts';
import { shortestCycle } from '../evidence/shortest-cycle.ts';
import { Teller } from '../evidence/tell.ts';
import type { Edge } from '../evidence/edges.ts';
import { holds, type Outcome } from '../outcome.ts';
import { unwatched, type Watch } from '../../check/watch.ts';
import { isBefore, type Clocks } from './clocks.ts';
import { View, type BaseOrder, type CausalFindings } from './view.ts';

/** For an index whose causal order has no cycle, and that is causal. */
export function checkMemoryOfRegisters(
  index: HistoryIndex,
  clocks: Clocks,
  known: CausalFindings,
  watch: Watch = unwatched,
): Outcome {
  const base = causalBase(index, clocks);
  for (let session = 0; session < sessionsOf(index); session++) {
    watch();
    const view = new View(index, base, session, watch);
    if (!view.isLegal(known)) return { valid: false, cycle: cycleOf(index, view) };
  }
  return holds;
}

/** `observer`: the session, where the others' observations do not count. */
export function cycleOf(index: HistoryIndex, view: View, observer?: number): Edge[] {
  const successors = successorsOf(index, view.edges, observer);
  const teller = new Teller(index, successors, view.edges, true);
  const { initialRead } = view;
  if (initialRead === undefined) return shortestCycle(index, successors, view.edges, teller);
  const { read, write } = initialRead;
  return [teller.fromInitial(write), teller.beforeSource(write, initially, read, Infinity)];
}

const noColumns = new Int32Array(0);

function causalBase(index: HistoryIndex, clocks: Clocks): BaseOrder {
  const { chains, stride, at, chain, place, writesOf, chainsOf } = clocks;
  let longest = 0;
  for (let session = 0; session < sessionsOf(index); session++)
    longest = Math.max(longest, index.sessionStart[session + 1]! - index.sessionStart[session]!);
  // One for all sessions: memory that nobody has touched yet is slow to touch.
  const scratch = new Int32Array(longest * chains);
  return {
    columns: () => chains,
    columnOf: (write) => chain[write] as number,
    place,
    writesOf: (key) => writesOf[key] ?? [],
    columnsOf: (key) => chainsOf[key] ?? noColumns,
    rows: (session) => {
      const first = index.sessionStart[session] as number;
      const end = index.sessionStart[session + 1] as number;
      const rows = scratch.subarray(0, (end - first) * chains);
      for (let vertex = first; vertex < end; vertex++) {
        rows.set(at.subarray(vertex * stride, vertex * stride + chains), (vertex - first) * chains);
      }
      return rows;
    },
    join: (rows, row, write) => joinRow(rows, row, at, write * stride, chains),
    before: (write, column) => at[write * stride + column] as number,
    learns: () => true,
    reaches: (write, other) => write === other || isBefore(clocks, write, other),
  };
}

function joinRow(rows: Int32Array, row: number, at: Uint16Array, from: number, chains: number): boolean {
  let changed = false;
  for (let chain = 0; chain < chains; chain++) {
    const value = at[from + chain] as number;
    if (value <= (rows[row + chain] as number)) continue;
    rows[row + chain] = value;
    changed = true;
  }
  return changed;
}
