/** Asks the checker of linearizability about operations whose positions were changed. */
import { checkSync } from '../check/check.ts';
import type { Budget } from '../check/options.ts';
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import type { LinearizabilityDecision } from './staleness/delta.ts';

/** Each operation as a process of its own: moved ones may overlap others of their session. */
export const linearizability =
  (budget: Partial<Budget> = {}): LinearizabilityDecision =>
  (operations: readonly Operation[], initial: Value) => {
    const isList = operations.some(({ f }) => f === 'append');
    const options = isList ? { model: 'list-append' as const } : { model: 'cas-register' as const, initial };
    const { valid } = checkSync(eventsOf(operations), { ...options, ties: 'ordered', budget }).verdict;
    return valid === 'unknown' ? undefined : valid;
  };

function eventsOf(operations: readonly Operation[]): HistoryEvent[] {
  const events: (Omit<HistoryEvent, 'index'> | undefined)[] = [];
  operations.forEach(({ f, key, input, output, type, called, returned, invokedAt, completedAt }, process) => {
    events[called] = { time: invokedAt, process, type: 'invoke', f, key, value: input };
    if (returned === Infinity) return;
    events[returned] = { time: completedAt, process, type, f, key, value: output };
  });
  return events.flatMap((event) => (event === undefined ? [] : [event])).map((event, index) => ({ index, ...event }));
}
