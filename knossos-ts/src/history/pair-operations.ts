/** A history as a list of operations, for whoever wants to look at them; checkers keep them in columns. */
import { EventColumns } from '../intake/event-columns.ts';
import type { HistoryEvent, Operation } from './operation.ts';

/**
 * By invocation. Events of the nemesis are skipped; an operation that never completed is `info`. Positions are those of
 * the events, also where two have the same time.
 * @throws HistoryError when an index does not grow, or a process invokes twice, completes what it did not invoke, or
 * acts after its info.
 */
export function pairOperations(events: Iterable<HistoryEvent>): Operation[] {
  const columns = new EventColumns(Array.isArray(events) ? (events as HistoryEvent[]) : [...events]);
  columns.advance(Infinity);
  return Array.from({ length: columns.size }, (_, number) => columns.operation(number));
}
