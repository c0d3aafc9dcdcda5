/**
 * The moves of a search from one configuration to the next. Each reads `from` and fills `to`, which are made once: a
 * move allocates nothing. What they leave out, and why they may, are the rules of the engine (docs/general-engine.md).
 */
import type { Model } from '../../models/model.ts';
import { busy, Configurations, hiding, noStep, type Candidate, type Meter } from './configurations.ts';
import type { Plan } from './plan.ts';
import type { States } from './states.ts';
import { Timeline } from './timeline.ts';
import type { UsedClasses } from './used-classes.ts';

export class Moves {
  readonly configurations: Configurations;
  readonly used: UsedClasses;
  readonly timeline: Timeline;
  readonly states: States;
  readonly meter: Meter = { work: 0 };
  readonly from: Candidate;
  readonly #to: Candidate;
  readonly #plan: Plan;
  readonly #overwrites: boolean;
  readonly #isWindow: boolean;

  /**
   * `isWindow`: it begins in the middle of the history, where nobody knows what was done before, and what is
   * indeterminate may happen any number of times, which is wrong at worst in not finding a violation.
   */
  constructor(model: Model<unknown>, plan: Plan, states: States, used: UsedClasses, isWindow: boolean = false) {
    this.#plan = plan;
    this.#isWindow = isWindow;
    this.#overwrites = model.overwrites ?? false;
    this.states = states;
    this.used = used;
    this.timeline = new Timeline(plan);
    this.configurations = new Configurations(plan.widths, isWindow || plan.blind.includes(1), used, this.meter);
    this.from = this.configurations.blank();
    this.#to = this.configurations.blank();
  }

  /**
   * In the middle of the history, with this state and whatever may have been before: what is pending there and was
   * called before the last return may be in the order already, or not.
   */
  beginAt(event: number, state: number): number {
    const start = this.configurations.blank();
    start.state = state;
    const { timeline } = this;
    const fresh = new Set(timeline.callsAt(event));
    for (const operation of timeline.mutators.subarray(0, timeline.pending)) {
      if (!fresh.has(operation)) add(start.free, this.#plan.slotOf[operation] as number);
    }
    for (const operation of timeline.readers) {
      if (operation >= 0 && !fresh.has(operation)) add(start.seen, this.#plan.slotOf[operation] as number);
    }
    return this.configurations.add(start, levelOf(event));
  }

  /** The configuration with which every search begins, at the first event. */
  begin(): number {
    const start = this.configurations.blank();
    start.state = this.states.initial;
    return this.configurations.add(start, levelOf(0));
  }

  load(configuration: number): void {
    this.configurations.load(configuration, this.from);
  }

  /** `from` has just come to the event: what was called since the one before is looked at for the first time. */
  arrive(configuration: number, event: number): void {
    const { calls, callsBefore, readOnly, effectOf, slotOf } = this.#plan;
    const { from, states } = this;
    const end = callsBefore[event + 1] as number;
    let some = false;
    for (let call = callsBefore[event] as number; call < end; call++) {
      const operation = calls[call] as number;
      this.meter.work++;
      if (readOnly[operation] !== 1 || !states.allows(from.state, effectOf[operation] as number)) continue;
      add(from.seen, slotOf[operation] as number);
      some = true;
    }
    if (some) this.configurations.storeSeen(configuration, from.seen);
  }

  isDone(operation: number): boolean {
    return has(this.from.done, this.#plan.slotOf[operation] as number);
  }

  isFree(operation: number): boolean {
    return has(this.from.free, this.#plan.slotOf[operation] as number);
  }

  /** Is the operation that returns at the event in the order already? */
  hasReturned(event: number): boolean {
    const { returns, readOnly, slotOf } = this.#plan;
    const returning = returns[event] as number;
    return has(readOnly[returning] === 1 ? this.from.seen : this.from.done, slotOf[returning] as number);
  }

  /**
   * Makes `to` by an operation that may change the state; false when it cannot or need not be next. What nothing has
   * needed since might as well not have happened: an info operation where mutators overwrite (rule R5), and a total
   * one before a blind one, by which it is freed (rule R6). `via`: the operation, or -1 - class.
   */
  make(via: number): boolean {
    const { from, states, used } = this;
    const operation = via < 0 ? (this.#plan.classes[-1 - via]?.[0] as number) : via;
    const effect = this.#plan.effectOf[operation] as number;
    const isBlind = this.#plan.blind[effect] === 1;
    if (isBlind && from.idle !== busy) return false;
    if (from.idle >= 0 && this.#overwrites && from.via < 0 && states.allows(from.idle, effect)) return false;
    const state = states.after(from.state, effect);
    if (state < 0) return false;
    const to = this.#copy();
    to.state = state;
    to.via = via;
    if (via >= 0) {
      add(to.done, this.#plan.slotOf[via] as number);
      drop(to.free, this.#plan.slotOf[via] as number);
    } else if (!this.#isWindow) to.used = used.with(from.used, -1 - via);
    const frees = isBlind && this.#absorb();
    // An info operation that changes nothing, and hides nothing, might as well not have happened.
    if (via < 0 && state === from.state && !frees) return false;
    const isNeeded = this.#see();
    const isIdle = !isNeeded && (via < 0 || this.#plan.total[effect] === 1);
    to.idle = !isIdle ? busy : via < 0 && frees ? hiding : from.state;
    return true;
  }

  /** Is the operation in the order of `to`, for what is read-only? */
  wasSeen(operation: number): boolean {
    return has(this.#to.seen, this.#plan.slotOf[operation] as number);
  }

  /** Keeps `to` on the level; -1 when nothing new can come of it. */
  keep(parent: number, level: number): number {
    this.#to.parent = parent;
    return this.configurations.add(this.#to, level);
  }

  /** `from` as it is goes past the event at which `returning` returns; -1 when nothing new can come of it. */
  pass(parent: number, event: number, returning: number): number {
    this.#copy().via = noStep;
    return this.leave(parent, event, returning);
  }

  /** `to` goes past the event. */
  leave(parent: number, event: number, returning: number): number {
    const to = this.#to;
    const slot = this.#plan.slotOf[returning] as number;
    if (this.#plan.readOnly[returning] === 1) drop(to.seen, slot);
    else {
      drop(to.done, slot);
      drop(to.free, slot);
    }
    to.idle = busy;
    to.parent = parent;
    return this.configurations.add(to, levelOf(event + 1));
  }

  #copy(): Candidate {
    const { from } = this;
    const to = this.#to;
    to.state = from.state;
    to.used = from.used;
    for (let word = 0; word < to.done.length; word++) {
      to.done[word] = from.done[word] as number;
      to.free[word] = from.free[word] as number;
    }
    for (let word = 0; word < to.seen.length; word++) to.seen[word] = from.seen[word] as number;
    return to;
  }

  /** Rule R6: what is pending and legal anywhere may have come right before the blind operation. Is that news? */
  #absorb(): boolean {
    const { total } = this.timeline;
    const { done, free } = this.#to;
    let some = false;
    for (let word = 0; word < total.length; word++) {
      const before = free[word] as number;
      const after = before | ((total[word] as number) & ~(done[word] as number));
      free[word] = after;
      some ||= after !== before;
    }
    return some;
  }

  /** Rule R1: puts every pending read-only operation that is legal now into the order. Was there one? */
  #see(): boolean {
    const { states, meter } = this;
    const { readers } = this.timeline;
    const to = this.#to;
    meter.work += readers.length;
    let some = false;
    for (let slot = 0; slot < readers.length; slot++) {
      const operation = readers[slot] as number;
      if (operation < 0 || has(to.seen, slot)) continue;
      if (!states.allows(to.state, this.#plan.effectOf[operation] as number)) continue;
      add(to.seen, slot);
      some = true;
    }
    return some;
  }
}

/** What arrives at an event is compared with what arrives there. */
export const levelOf = (event: number): number => 2 * event;

const has = (set: Int32Array, slot: number): boolean => ((set[slot >>> 5] as number) & (1 << slot)) !== 0;

function add(set: Int32Array, slot: number): void {
  set[slot >>> 5] = (set[slot >>> 5] as number) | (1 << slot);
}

function drop(set: Int32Array, slot: number): void {
  set[slot >>> 5] = (set[slot >>> 5] as number) & ~(1 << slot);
}
