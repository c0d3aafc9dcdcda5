/**
 * Notices a storm: nodes that answer messages with ever more messages. On virtual time such a run would never end, since
 * the next instant never comes; real machines would only grow slow. TigerBeetle's VOPR bounds its ticks for the same reason.
 */
import type { Instant } from '../../core/time.ts';
import { seconds } from '../../core/time.ts';
import type { Finding } from '../environment.ts';

/** A hundred times what a busy cluster of seven takes within one virtual second, and some seconds of the clock. */
export const ordinaryStormLimit = 1_000_000;

export class StormWatch {
  readonly #limit: number;
  #begin = 0;
  /** The steps before `#begin`. */
  #before = 0;

  /** @param limit steps within one virtual second that make a storm */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** To be asked after every event, with the steps of machines so far; a finding when the limit is reached. */
  notice(now: Instant, events: number): Finding | null {
    if (now - this.#begin >= seconds(1)) {
      this.#begin = now;
      this.#before = events;
    }
    if (events - this.#before < this.#limit) return null;
    const text =
      `the machines took ${this.#limit.toLocaleString('en')} steps within one second of virtual time: ` +
      'they answer messages with more messages without end, and the run was ended';
    return { kind: 'storm', node: '', at: now, text };
  }
}
