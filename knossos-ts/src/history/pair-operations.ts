/** A history as a list of operations, for whoever wants to look at them; checkers keep them in columns. */
import { EventColumns } from '../intake/event-columns.ts';
import type { TieRule } from '../intake/time-ties.ts';
import type { HistoryEvent, Operation } from './operation.ts';

/**
 * By invocation. Events of the nemesis are skipped; an operation that never completed is `info`. Positions are those of
 * the events, also where two have the same time.
 * @throws HistoryError when an index does not grow, or a process invokes twice, completes what it did not invoke, or
 * acts after its info.
 */
export const pairOperations = (events: Iterable<HistoryEvent>): Operation[] => joined(events, 'ordered').operations;

/** As `pairOperations`, with `ties` as a check has them. `tied`: how many events share their time with another. */
export function joined(
  events: Iterable<HistoryEvent>,
  ties: TieRule,
): { readonly operations: Operation[]; readonly tied: number } {
  const columns = new EventColumns(Array.isArray(events) ? (events as HistoryEvent[]) : [...events], { ties });
  columns.advance(Infinity);
  const operations = Array.from({ length: columns.size }, (_, number) => columns.operation(number));
  return { operations, tied: columns.tied };
}
