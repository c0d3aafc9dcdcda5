/**
 * The clocks of a real machine. Both count from the run's epoch: the wall clock as the operating system tells it, in
 * steps of a millisecond, and a monotonic one that starts where the wall clock stood when this process began, so that
 * the log lines of all nodes can be read side by side.
 */
import { performance } from 'node:perf_hooks';
import type { Cancel, Duration, Instant, Now } from '../../core/time.ts';
import { instant } from '../../core/time.ts';

export interface Clock {
  now(): Now;
  monotonic(): Instant;
  /** Fires once, never early on the monotonic clock, and at the earliest in the next turn of the event loop. */
  after(delay: Duration, fire: () => void): Cancel;
}

/** A longer setTimeout would fire at once; the rest is waited for afterwards. */
const longestTimeout = 2 ** 31 - 1;

/** `epoch`: the begin of the run in milliseconds since 1970. */
export function realClock(epoch: number): Clock {
  const offset = (Date.now() - epoch - performance.now()) * 1e6;
  const monotonic = (): Instant => instant(Math.round(performance.now() * 1e6 + offset));
  return {
    monotonic,
    now: () => ({ wall: instant(Math.round((Date.now() - epoch) * 1e6)), monotonic: monotonic() }),
    after: (delay, fire) => {
      const due = monotonic() + delay;
      let timeout: NodeJS.Timeout;
      const wait = (): void => {
        const left = Math.max(0, due - monotonic());
        timeout = setTimeout(
          () => (monotonic() >= due ? fire() : wait()),
          Math.min(longestTimeout, Math.ceil(left / 1e6)),
        );
      };
      wait();
      return () => clearTimeout(timeout);
    },
  };
}
