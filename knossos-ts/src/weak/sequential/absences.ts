/** Puts refused cas that do not say what they met into an order of everything else: as early as each can be. */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue } from '../../history/value.ts';
import { producedValue } from '../../models/register-values.ts';
import type { Absence, HistoryIndex } from '../index/history-index.ts';

/** Undefined when one of them fits nowhere in its place between its neighbours: another order might do. */
export function withAbsences(index: HistoryIndex, order: Int32Array): Operation[] | undefined {
  const { operations, absences, key } = index;
  if (absences.length === 0) return Array.from(order, (vertex) => operations[vertex] as Operation);
  const queues = queuesOf(absences);
  const current: Value[] = index.keys.map(() => index.initial);
  const open = new Set<Absence[]>();
  const result: Operation[] = [];
  const isAbsent = ({ key: of, absent }: Absence): boolean => !sameValue(current[of] as Value, absent);
  const place = (): void => {
    for (const queue of open) {
      for (let next = queue[0]; next !== undefined && isAbsent(next); next = queue[0]) {
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
    const operation = operations[vertex] as Operation;
    result.push(operation);
    const left = producedValue(operation);
    if (left !== undefined) current[key[vertex] as number] = left;
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
