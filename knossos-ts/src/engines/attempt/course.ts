/**
 * An order in the making: what is in it up to some turn, and what is waiting. It can be taken back step by step, so that
 * nothing is ever copied. The rules are those of the search (docs/general-engine.md): what only sees the value goes in as
 * soon as it can (R1), of equal operations of unknown outcome only the number counts (R3), and a write may have been hidden
 * by one that came right after it (R6).
 */
import { cellsOf } from '../../intake/cells.ts';
import { absent, before, type RegisterLog } from '../chain-zone/register-log.ts';
import { hashPair } from '../general/pair-map.ts';
import { Unsure } from './unsure.ts';
import { Waiting } from './waiting.ts';

/** What was done, in the lowest two bits beside the operation or its class. */
const called = 0;
const settled = 1;
const known = 2;
const used = 3;

export class Course {
  readonly log: RegisterLog;
  readonly waiting: Waiting = new Waiting();
  readonly unsure: Unsure = new Unsure();
  value = 0;
  /** The operations in order, so many of them. */
  order: Int32Array = new Int32Array(0);
  length = 0;
  /** The place in the order of the last one that did not need any value; `before` where there is none. */
  blind: number = before;
  /** How many steps can be taken back. */
  steps = 0;
  /** How many waiting operations were looked at. */
  looks = 0;
  /** A hash of how many members of which classes are in the order. */
  usage = 0;
  /** By operation that was called: 1 when it is in the order, or hidden. */
  isSettled: Uint8Array = new Uint8Array(0);
  /** How many operations were in the order when this one was called. */
  #called: Int32Array = new Int32Array(0);
  /** By hidden operation: the place in the order of the one that hid it. */
  #hidden: Int32Array = new Int32Array(0);
  #steps: Int32Array = new Int32Array(0);

  constructor(log: RegisterLog) {
    this.log = log;
  }

  /** Before everything. False when there are too many classes of operations of unknown outcome. */
  begin(): Generator<void, boolean> {
    const { size, initial } = this.log;
    if (this.order.length < size) {
      this.order = cellsOf(size);
      this.#called = cellsOf(size);
      this.#hidden = cellsOf(size);
      this.#steps = cellsOf(size * 2);
      this.isSettled = new Uint8Array(size);
    }
    this.#hidden.fill(absent, 0, size);
    this.waiting.clear(size);
    this.value = initial;
    this.length = 0;
    this.blind = before;
    this.steps = 0;
    this.usage = 0;
    return this.unsure.classify(this.log);
  }

  call(operation: number): void {
    const { observed, produced } = this.log;
    this.#called[operation] = this.length;
    this.isSettled[operation] = 0;
    if (produced[operation] === absent && observed[operation] === this.value) {
      this.isSettled[operation] = 1;
      this.order[this.length++] = operation;
      return;
    }
    this.waiting.append(operation);
    this.#note(operation, called);
  }

  /** One more member of the class may be used. */
  learn(kind: number): void {
    const { unsure } = this;
    unsure.called[kind] = (unsure.called[kind] as number) + 1;
    this.#note(kind, known);
  }

  /** May this one that changes the value, or a class of such, be next? */
  canBeNext(operation: number): boolean {
    const met = this.log.observed[operation] as number;
    return met === absent || met === this.value;
  }

  /** The next in the order is one that is waiting and changes the value, and then whoever sees what it left. */
  place(operation: number): void {
    this.#settle(operation);
    this.#append(operation);
  }

  /** The next one is a member of the class. */
  use(kind: number): void {
    const { unsure } = this;
    const times = unsure.used[kind] as number;
    unsure.used[kind] = times + 1;
    this.usage = (this.usage + hashPair(kind, 0)) | 0;
    this.#note(kind, used);
    this.#append(unsure.members[kind]?.[times] as number);
  }

  /** May it have been right before one that did not need any value, and come after its call? */
  isFree(operation: number): boolean {
    return this.log.observed[operation] === absent && this.blind >= (this.#called[operation] as number);
  }

  /** Is it all that is waiting, with nothing of unknown outcome beside it? */
  isAlone(operation: number): boolean {
    const { waiting, unsure } = this;
    return (
      waiting.next[waiting.end] === operation && waiting.next[operation] === waiting.end && unsure.members.length === 0
    );
  }

  /** One that is free happened there. */
  hide(operation: number): void {
    this.#settle(operation);
    this.#hidden[operation] = this.blind;
  }

  /** Takes back all but so many steps; `value`, `length`, `blind` and `usage` are left to whoever remembers them. */
  takeBack(steps: number): void {
    const { unsure, waiting } = this;
    while (this.steps > steps) {
      const step = this.#steps[--this.steps] as number;
      const what = step >> 2;
      if ((step & 3) === called) waiting.remove(what);
      else if ((step & 3) === settled) {
        waiting.restore(what);
        this.isSettled[what] = 0;
      } else if ((step & 3) === known) unsure.called[what] = (unsure.called[what] as number) - 1;
      else unsure.used[what] = (unsure.used[what] as number) - 1;
    }
  }

  /** Equal where the same can follow at the same turn; hardly ever where not. */
  hash(turn: number): number {
    const { waiting } = this;
    let hash = hashPair(turn, this.value) ^ this.usage;
    for (let one = waiting.next[waiting.end] as number; one !== waiting.end; one = waiting.next[one] as number) {
      hash ^= hashPair(one, Number(this.isFree(one)));
      this.looks++;
    }
    return hash;
  }

  /** The operations in order, each hidden one right before the one that hid it. */
  whole(): number[] {
    const { order, length } = this;
    const hidden = this.#hidden.subarray(0, this.log.size);
    const ahead = new Map<number, number[]>();
    for (const [operation, place] of hidden.entries()) {
      if (place === absent) continue;
      const these = ahead.get(place);
      if (these === undefined) ahead.set(place, [operation]);
      else these.push(operation);
    }
    return Array.from(order.subarray(0, length)).flatMap((one, place) => [...(ahead.get(place) ?? []), one]);
  }

  #settle(operation: number): void {
    this.waiting.remove(operation);
    this.isSettled[operation] = 1;
    this.#hidden[operation] = absent;
    this.#note(operation, settled);
  }

  #append(operation: number): void {
    const { log, waiting } = this;
    if (log.observed[operation] === absent) this.blind = this.length;
    this.order[this.length++] = operation;
    const value = log.produced[operation] as number;
    this.value = value;
    for (let one = waiting.next[waiting.end] as number; one !== waiting.end; one = waiting.next[one] as number) {
      this.looks++;
      if (log.observed[one] !== value || log.produced[one] !== absent) continue;
      this.#settle(one);
      this.order[this.length++] = one;
    }
  }

  #note(what: number, how: number): void {
    this.#steps[this.steps++] = what * 4 + how;
  }
}
