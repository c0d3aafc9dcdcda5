/** Takes events from a file without blocking the event loop for long, until there are no more or the time is up. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { HistoryEvent } from '../history/operation.ts';
import type { UnknownReason } from '../verdict.ts';

const eventsPerLook = 2_000;
/** Milliseconds. */
const breath = 10;

export interface Pace {
  /** Milliseconds on the clock of `performance.now`. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Taken {
  readonly events: number;
  readonly operations: number;
  /** Why it ended before the end of the file. */
  readonly stopped?: UnknownReason;
}

/** @throws HistoryError with the line of what is malformed. */
export async function take(
  reading: Iterable<HistoryEvent>,
  pace: Pace,
  keep: (event: HistoryEvent) => void,
): Promise<Taken> {
  let [events, operations, rested] = [0, 0, performance.now()];
  for (const event of reading) {
    events++;
    if (event.type === 'invoke' && event.process !== 'nemesis') operations++;
    keep(event);
    if (events % eventsPerLook !== 0) continue;
    const now = performance.now();
    if (pace.signal?.aborted === true) return { events, operations, stopped: 'aborted' };
    if (now >= pace.deadline) return { events, operations, stopped: 'time' };
    if (now - rested < breath) continue;
    await breathe();
    rested = performance.now();
  }
  return { events, operations };
}
