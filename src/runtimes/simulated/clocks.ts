/**
 * The two clocks of one simulated node. Both run at the node's rate, which a fault may change: that is drift. A change
 * of rate holds from its instant on, so no clock jumps, and timers that were set before it follow it, too. Only the
 * wall clock can be stepped. Both outlive the node's lives; where the monotonic clock begins is new in each life.
 */
import { invariant } from '../../core/errors.ts';
import type { Cancel, Duration, Instant, Now } from '../../core/time.ts';
import { instant } from '../../core/time.ts';
import type { Timeline } from './timeline.ts';

interface Alarm {
  /** What `#passed` must have reached. */
  readonly due: number;
  readonly fire: () => void;
  cancel: Cancel;
}

export class SimulatedClocks {
  readonly #timeline: Timeline;
  /** At `#since` on the timeline, this much time had passed by these clocks, and from then on they ran at `#rate`. */
  #since = 0;
  #passedThen = 0;
  #rate = 1;
  #wallOffset: number;
  #monotonicOffset = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(timeline: Timeline, wallOffset: number) {
    this.#timeline = timeline;
    this.#wallOffset = wallOffset;
  }

  now(): Now {
    const passed = this.#passed();
    return { wall: instant(passed + this.#wallOffset), monotonic: instant(passed + this.#monotonicOffset) };
  }

  /** How far the wall clock is ahead of true time: what a comparison with the control clock shows. */
  ahead(): Duration {
    return (this.#passed() + this.#wallOffset - this.#timeline.now()) as Duration;
  }

  /** A new life begins: its monotonic clock shows `at` now. */
  restart(at: Instant): void {
    this.#monotonicOffset = at - this.#passed();
  }

  /** Fires when the monotonic clock has advanced by `delay`, never before. */
  after(delay: Duration, fire: () => void): Cancel {
    const alarm: Alarm = { due: this.#passed() + Math.max(0, delay), fire, cancel: () => {} };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    return () => {
      this.#alarms.delete(alarm);
      alarm.cancel();
    };
  }

  /** Steps the wall clock. */
  step(by: Duration): void {
    this.#wallOffset += by;
  }

  /** From now on both clocks advance by `rate` in a unit of true time; 1 is a clock that runs true. */
  runAt(rate: number): void {
    invariant(rate > 0, () => `a clock of rate ${rate} does not advance`);
    if (rate === this.#rate) return;
    this.#passedThen = this.#passed();
    this.#since = this.#timeline.now();
    this.#rate = rate;
    for (const alarm of this.#alarms) {
      alarm.cancel();
      this.#arm(alarm);
    }
  }

  #arm(alarm: Alarm): void {
    alarm.cancel = this.#timeline.after(this.#until(alarm.due), () => {
      this.#alarms.delete(alarm);
      alarm.fire();
    });
  }

  #passed(): number {
    const elapsed = this.#timeline.now() - this.#since;
    return this.#passedThen + (this.#rate === 1 ? elapsed : Math.floor(elapsed * this.#rate));
  }

  /** The least whole number of nanoseconds of true time after which `#passed` has reached `due`. */
  #until(due: number): Duration {
    const now = this.#timeline.now();
    const wanted = due - this.#passedThen;
    let at = this.#since + (this.#rate === 1 ? wanted : Math.ceil(wanted / this.#rate));
    // The division may be off by a rounding; a timer must never be early.
    while (Math.floor((at - this.#since) * this.#rate) < wanted) at++;
    return (at - now) as Duration;
  }
}
