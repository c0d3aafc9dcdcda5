/**
 * All ways past one return event, the likely ones first. An operation that returns must be in the order by then; if
 * it is not, every sequence of other pending mutators and of indeterminate operations may come before it (rule R2),
 * with as few of the indeterminate ones as possible. Read-only operations are never chosen: they enter the order by
 * themselves as soon as the state allows them (rule R1).
 */
import type { Moves } from './moves.ts';

/** With thousands of pending operations, going on from one configuration is too much for one piece of work. */
const workPerPiece = 2_000;

/** What `next` says when it has no configuration to go on with; `later` when it only needs more time. */
export const none = 0;
export const later = -1;

/** What was tried of an effect: an operation that owes its place in the order, or a free one. */
const owed = 1;
const free = 2;

export class Expansion {
  readonly #moves: Moves;
  readonly #event: number;
  /** On which the configurations on the way to the returning operation are compared. */
  readonly #level: number;
  readonly #returning: number;
  readonly #readOnly: boolean;
  /** By effect, while a configuration is branched. */
  readonly #marks: Uint8Array;
  /** Configurations to go on from, with equally many info operations used; then those with one more. */
  #queue: number[] = [];
  #later: number[] = [];
  readonly #found: number[] = [];
  #at = 0;
  /** Has the returning operation been tried next in the order after the present configuration? */
  #tried = false;
  /** The next other one to try there: a pending mutator, or a class behind those. */
  #option = 0;

  /**
   * `start` is at this event and loaded, and the returning operation is not in its order. The timeline is at the event
   * now and whenever `next` is called. `marks` are zero.
   */
  constructor(moves: Moves, event: number, level: number, start: number, marks: Uint8Array) {
    const { returns, readOnly } = moves.timeline.plan;
    this.#moves = moves;
    this.#event = event;
    this.#level = level;
    this.#returning = returns[event] as number;
    this.#readOnly = readOnly[this.#returning] === 1;
    this.#marks = marks;
    // It need not be in the order, but it may be: others may need the state that it leaves.
    if (!this.#readOnly && moves.isFree(this.#returning)) this.#find(moves.pass(start, event, this.#returning));
    if (this.#hasWayOn()) this.#queue = [start];
    else if (!this.#readOnly) this.#return(start);
  }

  /** A configuration at the next event, or why there is none. */
  next(): number {
    if (this.#found.length === 0) this.#work();
    return this.#found.pop() ?? (this.#at < this.#queue.length || this.#later.length > 0 ? later : none);
  }

  #work(): void {
    if (this.#at === this.#queue.length) {
      if (this.#later.length === 0) return;
      this.#queue = this.#later;
      this.#later = [];
      this.#at = 0;
    }
    const current = this.#queue[this.#at] as number;
    this.#moves.load(current);
    if (!this.#tried) {
      this.#tried = true;
      if (!this.#readOnly && this.#return(current)) return;
    }
    if (!this.#branch(current)) return;
    this.#tried = false;
    this.#option = 0;
    this.#at++;
  }

  /**
   * Where mutators overwrite, the one right before the returning operation must leave what that one needs. If none of
   * those that are still to come does, no sequence of them will: without this, a stale read would cost the whole
   * power set of what is pending.
   */
  #hasWayOn(): boolean {
    const { timeline, states, meter, used, from } = this.#moves;
    const { effectOf, classes } = timeline.plan;
    const { mutators, available } = timeline;
    const wanted = effectOf[this.#returning] as number;
    meter.work += timeline.pending + available.length;
    for (let at = 0; at < timeline.pending; at++) {
      const operation = mutators[at] as number;
      if (operation === this.#returning || this.#moves.isDone(operation)) continue;
      if (states.canFollow(effectOf[operation] as number, wanted)) return true;
    }
    for (let kind = 0; kind < available.length; kind++) {
      if ((available[kind] as number) <= used.times(from.used, kind)) continue;
      if (states.canFollow(effectOf[classes[kind]?.[0] as number] as number, wanted)) return true;
    }
    return false;
  }

  /** The returning mutator is next in the order. */
  #return(current: number): boolean {
    return this.#moves.make(this.#returning) && this.#find(this.#moves.leave(current, this.#event, this.#returning));
  }

  #find(configuration: number): boolean {
    if (configuration < 0) return false;
    this.#found.push(configuration);
    return true;
  }

  /** Some other mutator is next in the order. False when there are more to try than one piece of work holds. */
  #branch(current: number): boolean {
    const { timeline, meter } = this.#moves;
    const { effectOf } = timeline.plan;
    const { mutators, pending } = timeline;
    const options = pending + timeline.available.length;
    for (let at = 0; at < Math.min(this.#option, pending); at++) this.#isRedundant(mutators[at] as number);
    const until = meter.work + workPerPiece;
    while (this.#option < options && meter.work < until) {
      meter.work++;
      const option = this.#option++;
      if (option >= pending) this.#tryClass(current, option - pending);
      else {
        const operation = mutators[option] as number;
        if (!this.#isRedundant(operation) && operation !== this.#returning) this.#reach(current, operation);
      }
    }
    for (let at = 0; at < pending; at++) this.#marks[effectOf[mutators[at] as number] as number] = 0;
    return this.#option >= options;
  }

  /**
   * Of operations with the same effect the one that returns first goes first: two that are pending can be exchanged
   * (rule R7). One that owes its place does not stand back for one that owes none.
   */
  #isRedundant(operation: number): boolean {
    if (this.#moves.isDone(operation)) return true;
    const effect = this.#moves.timeline.plan.effectOf[operation] as number;
    const mark = this.#moves.isFree(operation) ? free : owed;
    const known = this.#marks[effect] as number;
    if ((known & owed) !== 0 || (known !== 0 && mark === free)) return true;
    this.#marks[effect] = known | mark;
    return false;
  }

  #tryClass(current: number, kind: number): void {
    const { timeline, used, meter, from } = this.#moves;
    const { effectOf, classes } = timeline.plan;
    // Something pending has the same effect, and must be used before it returns or cannot be any more.
    if (this.#marks[effectOf[classes[kind]?.[0] as number] as number] !== 0) return;
    meter.work += used.length(from.used) >>> 3;
    if ((timeline.available[kind] as number) > used.times(from.used, kind)) this.#reach(current, -1 - kind);
  }

  #reach(current: number, via: number): void {
    const moves = this.#moves;
    if (!moves.make(via)) return;
    const reached = moves.keep(current, this.#level);
    if (reached < 0) return;
    if (this.#readOnly && moves.wasSeen(this.#returning)) {
      moves.load(reached);
      this.#find(moves.pass(reached, this.#event, this.#returning));
      moves.load(current);
    } else (via < 0 ? this.#later : this.#queue).push(reached);
  }
}
