/**
 * A history as the search walks through it: which operations are pending at the return event where the search stands.
 * Going a step forward or back costs as much as the calls between two returns; nothing is copied per event.
 */
import type { Operation } from '../history/operation.ts';
import type { Plan } from './plan.ts';

export class Timeline {
  readonly operations: readonly Operation[];
  readonly readOnly: Uint8Array;
  readonly returns: Int32Array;
  readonly slotOf: Int32Array;
  readonly classes: Plan['classes'];
  /** The pending operation in each slot at the present event, of those that only read; -1 where there is none. */
  readonly readers: Int32Array;
  /** The same of those that may change the state. */
  readonly mutators: Int32Array;
  /** How many members of each class have been called. */
  readonly available: Int32Array;

  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
    ({
      operations: this.operations,
      readOnly: this.readOnly,
      returns: this.returns,
      slotOf: this.slotOf,
      classes: this.classes,
    } = plan);
    this.readers = new Int32Array(plan.widths.readers).fill(-1);
    this.mutators = new Int32Array(plan.widths.mutators).fill(-1);
    this.available = new Int32Array(plan.classes.length);
    if (this.returns.length > 0) this.#call(0);
  }

  /** From return event `event` to the next one. */
  forward(event: number): void {
    this.#occupy(this.returns[event] as number, -1);
    this.#call(event + 1);
  }

  /** From the event after `event` back to it. */
  back(event: number): void {
    const { calls, callsBefore, classOf } = this.#plan;
    const from = callsBefore[event + 1] as number;
    for (let call = (callsBefore[event + 2] as number) - 1; call >= from; call--) {
      const operation = calls[call] as number;
      const kind = classOf[operation] as number;
      if (kind >= 0) this.available[kind] = (this.available[kind] as number) - 1;
      else this.#occupy(operation, -1);
    }
    const returned = this.returns[event] as number;
    this.#occupy(returned, returned);
  }

  /** What is called between the return event before this one and this one. */
  callsAt(event: number): Int32Array {
    const { calls, callsBefore } = this.#plan;
    return calls.subarray(callsBefore[event], callsBefore[event + 1]);
  }

  /** How many those are, which is what a step to this event or back from it costs. */
  callCount(event: number): number {
    const { callsBefore } = this.#plan;
    return (callsBefore[event + 1] as number) - (callsBefore[event] as number);
  }

  #call(event: number): void {
    const { calls, callsBefore, classOf } = this.#plan;
    const end = callsBefore[event + 1] as number;
    for (let call = callsBefore[event] as number; call < end; call++) {
      const operation = calls[call] as number;
      const kind = classOf[operation] as number;
      if (kind >= 0) this.available[kind] = (this.available[kind] as number) + 1;
      else this.#occupy(operation, operation);
    }
  }

  #occupy(operation: number, owner: number): void {
    const owners = this.readOnly[operation] === 1 ? this.readers : this.mutators;
    owners[this.slotOf[operation] as number] = owner;
  }
}
