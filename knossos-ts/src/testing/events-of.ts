/** Turns operations back into the events that they were made of. */
import type { HistoryEvent, Operation } from '../history/operation.ts';

export function eventsOf(operations: readonly Operation[]): HistoryEvent[] {
  const events = operations.flatMap(({ process, f, key, input, output, type, called, invokedAt, completedAt }) => [
    { at: called, time: invokedAt, process, type: 'invoke' as const, f, key, value: input },
    { at: completedAt / 1e6, time: completedAt, process, type, f, key, value: output },
  ]);
  return events
    .toSorted((one, other) => one.at - other.at)
    .map(({ process, type, time, f, key, value }, index) => ({ index, time, process, type, f, key, value }));
}
