/**
 * A first attempt at an order of a whole history, before anything is derived or refuted: most stores that promise more
 * than causal consistency keep one log, and what they did has an order that is soon found. It costs no clocks, and an
 * order proves every model at once. That there is none found proves nothing.
 */
import type { Operation } from '../../history/operation.ts';
import { DerivedEdges, successorsOf } from '../index/graph.ts';
import { isList, sessionsOf, type HistoryIndex } from '../index/history-index.ts';
import type { Watch } from '../../check/watch.ts';
import { withAbsences } from './absences.ts';
import { checkListOrders } from './lists.ts';
import { explains, orderOf } from './order.ts';
import { schedule } from './schedule.ts';

/** So many conflicts are taken on trust; and one more for each of so many operations that are in order. */
const patience = 32;
const operationsPerConflict = 512;

/**
 * Whether an order that the caller knows, or one that is found without much ado, explains the history. `hint`: the ids of
 * operations in that order. `history`: everything, also what the index left out.
 * @throws TimeUp
 */
export function hasOrder(
  index: HistoryIndex,
  history: readonly Operation[],
  hint: readonly number[] | undefined,
  watch: Watch,
): boolean {
  const hinted = hint === undefined ? undefined : orderOf(hint, history);
  if (hinted !== undefined && explains(hinted, history, index.initial)) return true;
  const order = isList(index) ? checkListOrders(index, watch).order : orderOfRegisters(index, watch);
  const whole = order === undefined ? undefined : withAbsences(index, order);
  // No order is believed before it was replayed.
  return whole !== undefined && explains(whole, history, index.initial);
}

const isHopeless = (conflicts: number, furthest: number): boolean =>
  conflicts > patience + furthest / operationsPerConflict;

function orderOfRegisters(index: HistoryIndex, watch: Watch): Int32Array | undefined {
  const isLate = (): boolean => (watch(), false);
  const scheduled = schedule(index, successorsOf(index, seenInTurn(index)), isLate, isHopeless);
  return scheduled.kind === 'order' ? scheduled.order : undefined;
}

/** What one process has seen or left on a key comes before what it sees there next. */
function seenInTurn(index: HistoryIndex): DerivedEdges {
  const { sessionStart, key, source, writes } = index;
  const edges = new DerivedEdges();
  for (let session = 0; session < sessionsOf(index); session++) {
    const latest = new Map<number, number>();
    for (let vertex = sessionStart[session] as number; vertex < (sessionStart[session + 1] as number); vertex++) {
      const of = key[vertex] as number;
      const seen = source[vertex] as number;
      const before = latest.get(of);
      if (seen >= 0 && before !== undefined && before !== seen) edges.add(before, seen, vertex, 'seen-before-source');
      if (writes[vertex] === 1) latest.set(of, vertex);
      else if (seen >= 0) latest.set(of, seen);
    }
  }
  return edges;
}
