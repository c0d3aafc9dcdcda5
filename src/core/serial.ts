/**
 * Lets a synchronous machine be stepped from within its own effects, as happens when an effect is answered at once:
 * the inner input waits until the outer step has ended, so that a step never sees itself half done.
 */
import type { Instant } from './time.ts';

export class Serial<Input, Effects> {
  readonly #take: (now: Instant, input: Input, effects: Effects) => void;
  readonly #waiting: (readonly [Instant, Input, Effects])[] = [];
  #inside = false;

  constructor(take: (now: Instant, input: Input, effects: Effects) => void) {
    this.#take = take;
  }

  step(now: Instant, input: Input, effects: Effects): void {
    if (this.#inside) {
      this.#waiting.push([now, input, effects]);
      return;
    }
    this.#inside = true;
    try {
      this.#take(now, input, effects);
      // As many wait as operations can be in flight, so shifting is cheap.
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#take(...next);
    } finally {
      this.#waiting.length = 0;
      this.#inside = false;
    }
  }
}
