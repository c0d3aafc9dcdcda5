/** The events of operations that have no position in common. */
import type { HistoryEvent, Operation } from '../../history/operation.ts';

export function eventsOf(operations: readonly Operation[]): HistoryEvent[] {
  const events = operations.flatMap(({ process, f, key, input, output, type, called }) => [
    { at: called, process, type: 'invoke' as const, f, key, value: input },
    { at: called + 1, process, type, f, key, value: output },
  ]);
  return events
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, process, type, f, key, value }, index) => ({ index, time: at, process, type, f, key, value }));
}
