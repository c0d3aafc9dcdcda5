/**
 * A history as the search walks through it: which operations are pending at the return event where the search stands.
 * Going a step forward or back costs as much as the calls between two returns; nothing is copied per event.
 */
import type { Plan } from './plan.ts';

export class Timeline {
  readonly plan: Plan;
  /** The pending operation in each slot at the present event, of those that only read; -1 where there is none. */
  readonly readers: Int32Array;
  /** The pending operations that may change the state, the one that returns first in front; `pending` of them. */
  readonly mutators: Int32Array;
  pending = 0;
  /** The slots of those that are legal in every state. */
  readonly total: Int32Array;
  /** How many members of each class have been called. */
  readonly available: Int32Array;

  constructor(plan: Plan) {
    this.plan = plan;
    this.readers = new Int32Array(plan.widths.readers).fill(-1);
    this.mutators = new Int32Array(plan.widths.mutators + 1).fill(-1);
    this.total = new Int32Array(Math.max(1, Math.ceil(plan.widths.mutators / 32)));
    this.available = new Int32Array(plan.classes.length);
    if (plan.returns.length > 0) this.#call(0);
  }

  /** From return event `event` to the next one. */
  forward(event: number): void {
    this.#remove(this.plan.returns[event] as number);
    this.#call(event + 1);
  }

  /** From the event after `event` back to it. */
  back(event: number): void {
    const { calls, callsBefore, classOf, returns } = this.plan;
    const from = callsBefore[event + 1] as number;
    for (let call = (callsBefore[event + 2] as number) - 1; call >= from; call--) {
      const operation = calls[call] as number;
      const kind = classOf[operation] as number;
      if (kind >= 0) this.available[kind] = (this.available[kind] as number) - 1;
      else this.#remove(operation);
    }
    this.#insert(returns[event] as number);
  }

  /** What is called between the return event before this one and this one. */
  callsAt(event: number): Int32Array {
    const { calls, callsBefore } = this.plan;
    return calls.subarray(callsBefore[event], callsBefore[event + 1]);
  }

  /** How many those are, which is what a step to this event or back from it costs. */
  callCount(event: number): number {
    const { callsBefore } = this.plan;
    return (callsBefore[event + 1] as number) - (callsBefore[event] as number);
  }

  #call(event: number): void {
    const { calls, callsBefore, classOf } = this.plan;
    const end = callsBefore[event + 1] as number;
    for (let call = callsBefore[event] as number; call < end; call++) {
      const operation = calls[call] as number;
      const kind = classOf[operation] as number;
      if (kind >= 0) this.available[kind] = (this.available[kind] as number) + 1;
      else this.#insert(operation);
    }
  }

  #insert(operation: number): void {
    const { readOnly, slotOf, returnOf, effectOf, total } = this.plan;
    const slot = slotOf[operation] as number;
    if (readOnly[operation] === 1) {
      this.readers[slot] = operation;
      return;
    }
    if (total[effectOf[operation] as number] === 1)
      this.total[slot >>> 5] = (this.total[slot >>> 5] as number) | (1 << slot);
    const { mutators } = this;
    const returns = returnOf[operation] as number;
    let at = this.pending++;
    // What comes back is first, and what is new is mostly last.
    if (at > 0 && returns < (returnOf[mutators[0] as number] as number)) {
      mutators.copyWithin(1, 0, at);
      at = 0;
    } else {
      for (; at > 0 && (returnOf[mutators[at - 1] as number] as number) > returns; at--)
        mutators[at] = mutators[at - 1] as number;
    }
    mutators[at] = operation;
  }

  #remove(operation: number): void {
    const { readOnly, slotOf } = this.plan;
    const slot = slotOf[operation] as number;
    if (readOnly[operation] === 1) {
      this.readers[slot] = -1;
      return;
    }
    this.total[slot >>> 5] = (this.total[slot >>> 5] as number) & ~(1 << slot);
    const { mutators } = this;
    const at = mutators[0] === operation ? 0 : mutators.indexOf(operation);
    mutators.copyWithin(at, at + 1, this.pending);
    this.pending--;
  }
}
