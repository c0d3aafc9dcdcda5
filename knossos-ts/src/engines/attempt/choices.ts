/**
 * What can be done when an operation returns that is not in the order: it goes in, or it was hidden, or something else goes
 * in first, the likely ones first. What comes of them is a legal order whichever is taken; which ones are left out decides
 * only how often one is found.
 */
import { larger } from '../../intake/cells.ts';
import { absent } from '../chain-zone/register-log.ts';
import type { Course } from './course.ts';

/** The one that returns was hidden. Not negative: that operation is next. Less: a member of a class is, see `kindOf`. */
export const hiding: number = -1;
/** Not so easy to say: `all` are to be looked at. */
export const unclear: number = -(2 ** 31);

export const kindOf = (choice: number): number => -2 - choice;

export class Choices {
  readonly #course: Course;
  /** Those of several places one after the other. */
  list: Int32Array = new Int32Array(64);
  length = 0;

  constructor(course: Course) {
    this.#course = course;
  }

  /** One that is likely to do, of what `all` says; or `unclear`. */
  first(returning: number): number {
    const course = this.#course;
    const { log, waiting, unsure, value } = course;
    const wanted = log.observed[returning] as number;
    if (wanted === absent) return course.isFree(returning) ? hiding : returning;
    if (wanted === value) return returning;
    let best = unclear;
    for (let one = waiting.next[waiting.end] as number; one !== waiting.end; one = waiting.next[one] as number) {
      course.looks++;
      if (log.produced[one] !== wanted || !course.canBeNext(one)) continue;
      if (best === unclear || this.#isBefore(one, best)) best = one;
    }
    if (best !== unclear) return best;
    const kind = unsure.leaving(wanted, value);
    return kind === absent ? unclear : kindOf(kind);
  }

  /** Puts all of them to the end of the list. */
  all(returning: number): void {
    const course = this.#course;
    const { log, value } = course;
    const wanted = log.observed[returning] as number;
    if (wanted === absent || wanted === value) {
      if (wanted === absent && course.isFree(returning)) this.#push(hiding);
      this.#push(returning);
    } else {
      if (!this.#isLeft(wanted, returning)) return;
      this.#pushWaiting((one) => log.produced[one] === wanted);
      this.#pushClasses(wanted);
    }
    this.#pushWaiting((one) => one !== returning && this.#isOfUse(one, wanted));
    this.#pushOtherClasses(wanted);
  }

  /** Will anybody leave the value that is wanted? */
  #isLeft(wanted: number, returning: number): boolean {
    const { log, unsure } = this.#course;
    return this.#someWaiting((one) => one !== returning && log.produced[one] === wanted) || unsure.isAnyLeaving(wanted);
  }

  /** A write that nobody sees may as well be hidden later. */
  #isOfUse(operation: number, wanted: number): boolean {
    const { log, value } = this.#course;
    const left = log.produced[operation] as number;
    if (left === wanted) return wanted === value;
    return log.observed[operation] !== absent || this.#isNeeded(left, wanted);
  }

  /** Somebody who is waiting needs it, or one of unknown outcome that leaves what is wanted. */
  #isNeeded(value: number, wanted: number): boolean {
    const { log, unsure } = this.#course;
    if (this.#someWaiting((one) => log.observed[one] === value)) return true;
    return wanted !== absent && unsure.canLead(value, wanted);
  }

  /** Those that change the value, can be next and are asked for; of equal ones the one that returns first, and that first. */
  #pushWaiting(isAsked: (operation: number) => boolean): void {
    const course = this.#course;
    const { log, waiting } = course;
    const from = this.length;
    for (let one = waiting.next[waiting.end] as number; one !== waiting.end; one = waiting.next[one] as number) {
      course.looks++;
      if (log.produced[one] !== absent && course.canBeNext(one) && isAsked(one)) this.#insert(one, from);
    }
  }

  #insert(operation: number, from: number): void {
    for (let at = from; at < this.length; at++) {
      const other = this.list[at] as number;
      if (!this.#isEqual(operation, other)) continue;
      if (!this.#isBefore(operation, other)) return;
      this.list.copyWithin(at, at + 1, this.length--);
      break;
    }
    this.#push(operation);
    for (let at = this.length - 1; at > from && this.#isBefore(operation, this.list[at - 1] as number); at--) {
      this.list[at] = this.list[at - 1] as number;
      this.list[at - 1] = operation;
    }
    this.#course.looks += this.length - from;
  }

  #isEqual(one: number, other: number): boolean {
    const { log } = this.#course;
    return (
      log.produced[one] === log.produced[other] &&
      log.observed[one] === log.observed[other] &&
      this.#course.isFree(one) === this.#course.isFree(other)
    );
  }

  #isBefore(one: number, other: number): boolean {
    const { returned } = this.#course.log;
    return (returned[one] as number) < (returned[other] as number);
  }

  #pushClasses(wanted: number): void {
    const { unsure, value } = this.#course;
    for (let kind = unsure.first[wanted] as number; kind !== absent; kind = unsure.next[kind] as number) {
      const met = unsure.observed[kind];
      if (unsure.isLeft(kind) && (met === absent || met === value)) this.#push(kindOf(kind));
    }
  }

  /** Those that leave what somebody needs, beside what is wanted. */
  #pushOtherClasses(wanted: number): void {
    const { unsure, value } = this.#course;
    this.#course.looks += unsure.members.length;
    for (const [kind, left] of unsure.produced.entries()) {
      const met = unsure.observed[kind];
      if (left === wanted || left === value || !unsure.isLeft(kind) || (met !== absent && met !== value)) continue;
      if (this.#isNeeded(left, wanted)) this.#push(kindOf(kind));
    }
  }

  #someWaiting(isSo: (operation: number) => boolean): boolean {
    const { waiting } = this.#course;
    for (let one = waiting.next[waiting.end] as number; one !== waiting.end; one = waiting.next[one] as number) {
      this.#course.looks++;
      if (isSo(one)) return true;
    }
    return false;
  }

  #push(choice: number): void {
    if (this.length === this.list.length) this.list = larger(this.list, this.length * 2);
    this.list[this.length++] = choice;
  }
}
