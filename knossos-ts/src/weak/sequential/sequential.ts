/**
 * Sequential consistency (Lamport 1979) of a whole history: one order of all operations on all keys that keeps every
 * session's order. Deciding it is NP-complete, and checking key by key is only necessary, so the stages are, each of
 * them sound: an order that the caller knows (a log, versions) or that is soon found (`attempt.ts`); and where there is
 * none, saturation, which refutes nearly everything that is wrong; a search for an order; else `unknown`.
 */
import type { Operation } from '../../history/operation.ts';
import type { Clocked } from '../causal/clocks.ts';
import { circularCausality } from '../causal/registers.ts';
import type { Edge } from '../evidence/edges.ts';
import { shortestCycle } from '../evidence/shortest-cycle.ts';
import { Teller } from '../evidence/tell.ts';
import type { DerivedEdges, Successors } from '../index/graph.ts';
import type { HistoryIndex } from '../index/history-index.ts';
import { holds, type Outcome } from '../outcome.ts';
import { withAbsences } from './absences.ts';
import { checkListOrders } from './lists.ts';
import { explains } from './order.ts';
import { saturate } from './saturation.ts';
import { schedule } from './schedule.ts';
import { watchOf } from '../../check/watch.ts';

/**
 * What is behind the first attempt. `history`: everything, also what the index left out. `clocks` are asked for only when
 * they are needed.
 * @throws TimeUp
 */
export function checkSequential(
  index: HistoryIndex,
  history: readonly Operation[],
  isLate: () => boolean,
  clocks: () => Clocked,
): Outcome {
  if (index.kind === 'list') {
    const decided = checkListOrders(index, watchOf(isLate));
    return decided.order === undefined ? decided.outcome : verified(index, history, decided.order);
  }
  const clocked = clocks();
  if (clocked.kind === 'cycle') return circularCausality(index);
  if (clocked.kind === 'memory') {
    return unknown('memory', 'the clocks of this many sessions need more than the memory budget');
  }
  const { edges, successors, state } = saturate(index, clocked.clocks, watchOf(isLate));
  if (state === 'cyclic') return { valid: false, cycle: cycleIn(index, successors, edges) };
  if (isLate()) return unknown('time', 'no contradiction was found before the time was up');
  const scheduled = schedule(index, successors, isLate);
  if (scheduled.kind === 'order') return verified(index, history, scheduled.order);
  if (scheduled.kind === 'none') return { valid: false, cycle: [] };
  const detail = `no contradiction was found, and the longest order tried last has ${scheduled.taken} of ${index.operations.length} operations`;
  return unknown('time', detail);
}

const unknown = (reason: 'time' | 'memory' | 'absence' | 'error', detail: string): Outcome => ({
  valid: 'unknown',
  reason,
  detail,
});

function cycleIn(index: HistoryIndex, successors: Successors, edges: DerivedEdges): Edge[] {
  return shortestCycle(index, successors, edges, new Teller(index, successors, edges, true));
}

/** No order is believed before it was replayed. */
function verified(index: HistoryIndex, history: readonly Operation[], order: Int32Array): Outcome {
  const whole = withAbsences(index, order);
  if (whole === undefined) {
    return unknown('absence', 'a refused cas that does not say what it met fits nowhere in the order that was found');
  }
  if (explains(whole, history, index.initial)) return holds;
  return unknown('error', 'the order that was found does not explain the history; please report this');
}
