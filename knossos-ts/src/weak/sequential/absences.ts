/** Puts refused cas that do not say what they met into an order of everything else: as early as each can be. */
import type { Operation } from '../../history/operation.ts';
import { initially, type Absence, type HistoryIndex } from '../index/history-index.ts';

/** Undefined when one of them fits nowhere in its place between its neighbours: another order might do. */
export function withAbsences(index: HistoryIndex, order: Int32Array): Operation[] | undefined {
  const { operations, absences, key, writes } = index;
  if (absences.length === 0) return Array.from(order, (vertex) => operations[vertex] as Operation);
  const queues = queuesOf(absences);
  const current = new Int32Array(index.keys.length).fill(initially);
  const open = new Set<Absence[]>();
  const result: Operation[] = [];
  const place = (): void => {
    for (const queue of open) {
      for (let next = queue[0]; next !== undefined && current[next.key] !== next.absent; next = queue[0]) {
        result.push(next.operation);
        queue.shift();
      }
      if (queue.length === 0) open.delete(queue);
    }
  };
  for (const queue of queues.get(-1) ?? []) open.add(queue);
  place();
  for (const vertex of order) {
    // What comes next in a session must wait for the absences before it; this order has no room for them.
    for (const queue of open) if (queue[0]?.until === vertex) return undefined;
    result.push(operations[vertex] as Operation);
    if (writes[vertex] === 1) current[key[vertex] as number] = vertex;
    for (const queue of queues.get(vertex) ?? []) open.add(queue);
    place();
  }
  return open.size === 0 ? result : undefined;
}

/** By the vertex that they come after; each queue is of one session, in its order. */
function queuesOf(absences: readonly Absence[]): Map<number, Absence[][]> {
  const bySession = new Map<string, Absence[]>();
  for (const absence of absences) {
    const name = `${absence.operation.process} ${absence.after}`;
    const queue = bySession.get(name);
    if (queue === undefined) bySession.set(name, [absence]);
    else queue.push(absence);
  }
  const queues = new Map<number, Absence[][]>();
  for (const queue of bySession.values()) {
    const after = queue[0]?.after ?? -1;
    queues.set(after, [...(queues.get(after) ?? []), queue]);
  }
  return queues;
}
