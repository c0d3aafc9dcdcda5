/**
 * All ways past one return event, the likely ones first. An operation that returns must be in the order by then; if
 * it is not, every sequence of other pending mutators and of indeterminate operations may come before it (rule R2),
 * with as few of the indeterminate ones as possible. Read-only operations are never chosen: they enter the order by
 * themselves as soon as the state allows them (rule R1).
 */
import { Antichain, noStep, timesUsed, useOnce, type Configuration, type Meter } from './configuration.ts';
import type { SlotSets } from './slot-set.ts';
import type { States } from './states.ts';
import type { Timeline } from './timeline.ts';

export interface Ground<Set> {
  readonly sets: SlotSets<Set>;
  readonly timeline: Timeline;
  readonly states: States;
  readonly overwrites: boolean;
  readonly meter: Meter;
}

/** With thousands of pending operations, going on from one configuration is too much for one piece of work. */
const workPerPiece = 2_000;

export class Expansion<Set> {
  readonly #ground: Ground<Set>;
  readonly #event: number;
  readonly #returning: number;
  readonly #slot: number;
  readonly #readOnly: boolean;
  /** Known only once there is more than one configuration here: most returns need no choice. */
  #known: Antichain<Set> | undefined;
  /** Configurations to go on from, with equally many info operations used; then those with one more. */
  #queue: Configuration<Set>[];
  #later: Configuration<Set>[] = [];
  #found: Configuration<Set>[] = [];
  #at = 0;
  /** Has the returning operation been tried next in the order after the present configuration? */
  #tried = false;
  /** The next other one to try there: a slot, or a class behind the slots. */
  #option = 0;

  /** `start` is at this event, and the timeline too, whenever `next` is called. */
  constructor(ground: Ground<Set>, event: number, start: Configuration<Set>) {
    this.#ground = ground;
    this.#event = event;
    this.#returning = ground.timeline.returns[event] as number;
    this.#slot = ground.timeline.slotOf[this.#returning] as number;
    this.#readOnly = ground.timeline.readOnly[this.#returning] === 1;
    start.seen = this.#see(start.state, start.seen);
    this.#queue = [start];
    if (ground.sets.has(this.#readOnly ? start.seen : start.done, this.#slot)) {
      this.#queue = [];
      this.#found = [this.#leave(start, start, noStep)];
    }
  }

  /** How many configurations it holds. */
  get size(): number {
    return 1 + (this.#known?.size ?? 0);
  }

  /** The next configuration after this return event; `later` after a bounded piece of work without one. */
  next(): Configuration<Set> | 'later' | 'none' {
    const found = this.#found.pop();
    if (found !== undefined) return found;
    if (this.#at === this.#queue.length) {
      if (this.#later.length === 0) return 'none';
      this.#queue = this.#later;
      this.#later = [];
      this.#at = 0;
    }
    const current = this.#queue[this.#at] as Configuration<Set>;
    if (!this.#tried) {
      this.#tried = true;
      const left = this.#readOnly ? undefined : this.#take(current, this.#returning);
      if (left !== undefined) return left;
    }
    if ((this.#known === undefined && !this.#hasWayOn(current)) || this.#branch(current)) {
      this.#tried = false;
      this.#option = 0;
      this.#at++;
    }
    return 'later';
  }

  /**
   * Where mutators overwrite, the one right before the returning operation must leave what that one needs. If none of
   * those that are still to come does, no sequence of them will: without this, a stale read would cost the whole
   * power set of what is pending.
   */
  #hasWayOn(from: Configuration<Set>): boolean {
    const { sets, timeline, states, meter } = this.#ground;
    const { mutators, available, classes } = timeline;
    meter.work += mutators.length + available.length;
    for (let slot = 0; slot < mutators.length; slot++) {
      const operation = mutators[slot] as number;
      if (operation < 0 || operation === this.#returning || sets.has(from.done, slot)) continue;
      if (states.canFollow(operation, this.#returning) !== false) return true;
    }
    for (let kind = 0; kind < available.length; kind++) {
      if ((available[kind] as number) <= timesUsed(from.used, kind)) continue;
      if (states.canFollow(classes[kind]?.[0] as number, this.#returning) !== false) return true;
    }
    return false;
  }

  /** The returning mutator is next in the order. */
  #take(from: Configuration<Set>, operation: number): Configuration<Set> | undefined {
    const state = this.#after(from, operation);
    return state < 0
      ? undefined
      : this.#leave(from, { state, done: from.done, seen: from.seen, used: from.used }, operation);
  }

  /** Some other mutator is next in the order. False when there are more to try than one piece of work holds. */
  #branch(from: Configuration<Set>): boolean {
    const { sets, timeline, meter } = this.#ground;
    if (this.#known === undefined) {
      this.#known = new Antichain(sets, meter);
      this.#known.add(from);
    }
    const slots = timeline.mutators.length;
    const options = slots + timeline.available.length;
    for (const until = meter.work + workPerPiece; this.#option < options; this.#option++) {
      if (meter.work >= until) return false;
      meter.work++;
      if (this.#option < slots) this.#branchBySlot(from, this.#option);
      else this.#branchByClass(from, this.#option - slots);
    }
    return true;
  }

  #branchBySlot(from: Configuration<Set>, slot: number): void {
    const { sets, timeline } = this.#ground;
    const operation = timeline.mutators[slot] as number;
    if (operation < 0 || operation === this.#returning || sets.has(from.done, slot)) return;
    const state = this.#after(from, operation);
    if (state >= 0) this.#reach(from, state, sets.with(from.done, slot), from.used, operation);
  }

  #branchByClass(from: Configuration<Set>, kind: number): void {
    const { timeline, meter } = this.#ground;
    meter.work += from.used.length >>> 3;
    if ((timeline.available[kind] as number) <= timesUsed(from.used, kind)) return;
    const state = this.#after(from, timeline.classes[kind]?.[0] as number);
    // An info operation that changes nothing might as well not have happened.
    if (state >= 0 && state !== from.state) this.#reach(from, state, from.done, useOnce(from.used, kind), -1 - kind);
  }

  /**
   * The state after the operation, or -1. Rule R5: where mutators overwrite, an info operation whose state nothing
   * needs before the next mutator might as well not have happened.
   */
  #after(from: Configuration<Set>, operation: number): number {
    const { states, overwrites } = this.#ground;
    if (overwrites && from.idleSince >= 0 && states.allows(from.idleSince, operation)) return -1;
    return states.after(from.state, operation);
  }

  #reach(from: Configuration<Set>, state: number, done: Set, used: readonly number[], via: number): void {
    const seen = this.#see(state, from.seen);
    const isInfo = via < 0;
    const reached: Configuration<Set> = {
      state,
      done,
      seen,
      used,
      idleSince: isInfo && seen === from.seen ? from.state : -1,
      parent: from,
      event: this.#event,
      via,
    };
    if (this.#known?.add(reached) !== true) return;
    if (this.#readOnly && this.#ground.sets.has(seen, this.#slot)) {
      this.#found.push(this.#leave(reached, reached, noStep));
    } else (isInfo ? this.#later : this.#queue).push(reached);
  }

  /** Past the return event: the slot of what returned is free. */
  #leave(
    parent: Configuration<Set>,
    { state, done, seen, used }: Pick<Configuration<Set>, 'state' | 'done' | 'seen' | 'used'>,
    via: number,
  ): Configuration<Set> {
    const { sets } = this.#ground;
    return {
      state,
      done: this.#readOnly ? done : sets.without(done, this.#slot),
      seen: this.#readOnly ? sets.without(seen, this.#slot) : seen,
      used,
      idleSince: -1,
      parent,
      event: this.#event,
      via,
    };
  }

  /** Rule R1: puts every pending read-only operation that is legal now into the order. */
  #see(state: number, seen: Set): Set {
    const { sets, timeline, states, meter } = this.#ground;
    const { readers } = timeline;
    meter.work += readers.length;
    let more = seen;
    for (let slot = 0; slot < readers.length; slot++) {
      const operation = readers[slot] as number;
      if (operation >= 0 && !sets.has(more, slot) && states.allows(state, operation)) more = sets.with(more, slot);
    }
    return more;
  }
}
