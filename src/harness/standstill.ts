/** How long harness itself stood still: what happened meanwhile nobody saw, and nobody can be late for it. */
import { type Duration, type Instant, milliseconds, nanoseconds, since } from '../core/time.ts';

/** A tick that comes so much too late shows it; less is the noise of a machine. */
const least = milliseconds(500);

export class Standstill {
  readonly #every: Duration;
  #tickedAt: Instant;

  /** `every`: how far apart the ticks are meant to be. */
  constructor(now: Instant, every: Duration) {
    this.#tickedAt = now;
    this.#every = every;
  }

  /** To be asked at every tick: how long it lasted before this one; 0 when the tick is in time. */
  before(now: Instant): Duration {
    const lost = nanoseconds(since(this.#tickedAt, now) - this.#every);
    this.#tickedAt = now;
    return lost < least ? nanoseconds(0) : lost;
  }
}
