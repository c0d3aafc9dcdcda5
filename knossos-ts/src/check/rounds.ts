/**
 * Shares one budget between keys. Every key gets a short first slice, so that one hard key does not cost the easy
 * ones behind it their verdict; the hard ones then take turns with longer slices until the time is up.
 */
import type { UnknownReason, Verdict } from '../verdict.ts';
import type { Clock, KeyTask } from './key-task.ts';
import { unknown } from './key-task.ts';

export interface Limits {
  /** Milliseconds on the clock. */
  readonly deadline: number;
  readonly bytes: number;
  readonly clock: Clock;
}

export interface NumberedTask {
  readonly number: number;
  readonly task: KeyTask;
}

const firstSlice = 100;
/** How often, in milliseconds, whoever runs this gets a chance to do something else. */
export const breath = 10;

export class Rounds {
  readonly #limits: Limits;
  readonly #decided: (number: number, verdict: Verdict) => void;
  readonly #open: NumberedTask[] = [];
  /** Bytes of those that wait for their turn. */
  #held = 0;
  #slice = firstSlice;

  constructor(limits: Limits, decided: (number: number, verdict: Verdict) => void) {
    this.#limits = limits;
    this.#decided = decided;
  }

  /** The first slice of each. */
  *begin(tasks: Iterable<NumberedTask>): Generator<void> {
    for (const task of tasks) {
      yield* this.#turn(task);
      yield;
    }
  }

  /** Further slices, until all are decided. */
  *finish(): Generator<void> {
    while (this.#open.length > 0) {
      this.#slice *= 4;
      for (let left = this.#open.length; left > 0; left--) {
        const next = this.#open.shift();
        if (next === undefined) continue;
        this.#held -= next.task.bytes;
        yield* this.#turn(next);
      }
    }
  }

  /** Decides all that are begun and not finished. */
  giveUp(reason: UnknownReason): void {
    for (const { number, task } of this.#open.splice(0)) this.#decided(number, task.giveUp(reason));
  }

  *#turn(numbered: NumberedTask): Generator<void> {
    const { clock, deadline, bytes } = this.#limits;
    const { number, task } = numbered;
    const until = Math.min(clock() + this.#slice, deadline);
    // While it has its turn it is open, too: whoever runs this may give up between two breaths.
    this.#open.push(numbered);
    for (;;) {
      const verdict =
        clock() >= deadline ? task.giveUp('time') : task.advance(Math.min(clock() + breath, until), clock);
      const full = verdict === undefined && this.#held + task.bytes > bytes;
      if (verdict !== undefined || full) {
        this.#open.pop();
        this.#decided(number, verdict ?? task.giveUp('memory'));
        return;
      }
      yield;
      if (clock() < until) continue;
      this.#held += task.bytes;
      return;
    }
  }
}

export const notBegun = (reason: UnknownReason): Verdict => unknown(reason, 'not begun');
