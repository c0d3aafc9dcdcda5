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

/** So many events or operations take well below a millisecond. */
const perPiece = 1_000;

const goOn = (): void => {};

/**
 * As `pairOperations`, with `ties` as a check has them. `tied`: how many events share their time with another. `pause` is
 * called between pieces, and may throw.
 */
export function joined(
  history: Iterable<HistoryEvent>,
  ties: TieRule,
  pause: () => void = goOn,
): { readonly events: readonly HistoryEvent[]; readonly operations: Operation[]; readonly tied: number } {
  const events = gathered(history, pause);
  const columns = new EventColumns(events, { ties });
  while (columns.hasMore) {
    columns.advance(perPiece);
    pause();
  }
  const operations: Operation[] = [];
  for (let number = 0; number < columns.size; number++) {
    if (number % perPiece === 0) pause();
    operations.push(columns.operation(number));
  }
  return { events, operations, tied: columns.tied };
}

function gathered(history: Iterable<HistoryEvent>, pause: () => void): readonly HistoryEvent[] {
  if (Array.isArray(history)) return history as readonly HistoryEvent[];
  const events: HistoryEvent[] = [];
  for (const event of history) if (events.push(event) % perPiece === 0) pause();
  return events;
}
