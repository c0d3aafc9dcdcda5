/**
 * One try at an order of a register whose values are not unique, before anything is searched: where little happens at a
 * time, as where many keys share the load, the first order that comes to mind is legal but for a few steps that have to be
 * taken back. It works on numbers in arrays that are filled again for key after key, so that a small key costs hardly more
 * than its operations. It is a depth-first search over returns (after Lowe, "Testing for linearizability", 2017) with an
 * end: it either has a legal order, or leaves everything open.
 */
import { cellsOf, larger } from '../../intake/cells.ts';
import { absent, never, type RegisterLog } from '../chain-zone/register-log.ts';
import { Choices, hiding, kindOf, unclear } from './choices.ts';
import { Course } from './course.ts';
import { Failures } from './failures.ts';
import { Turns } from './turns.ts';

/** Turns and looks until it is left to the search: so many, and so many for each operation. */
const workAlone = { atLeast: 2_000, perOperation: 100 };
/** The same since it got further than ever. */
const workAtOnePlace = 1_000_000;
/** Between two pieces of work that nobody can stop: about a millisecond. */
const perPiece = 2 ** 16;

/** What is remembered of each place where there were several ways to go on, so many numbers one after the other. */
const Fork = {
  turn: 0,
  steps: 1,
  length: 2,
  value: 3,
  blind: 4,
  usage: 5,
  taken: 6,
  from: 7,
  next: 8,
  size: 9,
} as const;

export class Attempt {
  readonly #log: RegisterLog;
  readonly #turns = new Turns();
  readonly #course: Course;
  readonly #choices: Choices;
  readonly #failures = new Failures();
  #forks: Int32Array = cellsOf(Fork.size * 16);
  #depth = 0;
  #turn = 0;

  constructor(log: RegisterLog) {
    this.#log = log;
    this.#course = new Course(log);
    this.#choices = new Choices(this.#course);
  }

  /** Is there a legal order of what the log holds? False when it does not know. Yields after each piece of work. */
  *find(): Generator<void, boolean> {
    const course = this.#course;
    if (!(yield* this.#turns.lay(this.#log)) || !(yield* course.begin())) return false;
    this.#choices.length = 0;
    this.#failures.clear();
    this.#depth = 0;
    this.#turn = 0;
    let left = Math.max(workAlone.atLeast, this.#log.size * workAlone.perOperation);
    let [furthest, leftThere] = [0, left];
    while (left > 0 && leftThere - left < workAtOnePlace) {
      const most = Math.min(perPiece, left);
      course.looks = 0;
      let turns = 0;
      for (; turns + course.looks < most; turns++) {
        if (this.#turn === this.#turns.length) return true;
        if (!this.#goOn() && !this.#goBack()) return false;
      }
      left -= turns + course.looks;
      if (this.#turn > furthest) [furthest, leftThere] = [this.#turn, left];
      yield;
    }
    return false;
  }

  /** The operations of the log in the order that was found. What is not in it did not happen. */
  order(): number[] {
    return this.#course.whole();
  }

  /** False when there is no way. */
  #goOn(): boolean {
    const course = this.#course;
    const turn = this.#turns.turns[this.#turn] as number;
    const operation = turn >> 1;
    if ((turn & 1) === 0) this.#call(operation);
    else if (course.isSettled[operation] === 0) return this.#choose(operation);
    this.#turn++;
    return true;
  }

  #call(operation: number): void {
    if (this.#log.returned[operation] !== never) this.#course.call(operation);
    else {
      const kind = this.#course.unsure.classOf[operation] as number;
      if (kind !== absent) this.#course.learn(kind);
    }
  }

  #choose(returning: number): boolean {
    const course = this.#course;
    if (!this.#failures.isEmpty && this.#failures.has(course.hash(this.#turn))) return false;
    const choice = this.#choices.first(returning);
    if (choice !== returning || !course.isAlone(returning)) this.#remember(choice);
    if (choice === unclear) return false;
    this.#take(choice, returning);
    return true;
  }

  #take(choice: number, returning: number): void {
    if (choice === hiding) this.#course.hide(returning);
    else if (choice >= 0) this.#course.place(choice);
    else this.#course.use(kindOf(choice));
  }

  #remember(taken: number): void {
    const { steps, length, value, blind, usage } = this.#course;
    const from = this.#depth++ * Fork.size;
    if (from + Fork.size > this.#forks.length) this.#forks = larger(this.#forks, this.#forks.length * 2);
    const forks = this.#forks;
    forks[from + Fork.turn] = this.#turn;
    forks[from + Fork.steps] = steps;
    forks[from + Fork.length] = length;
    forks[from + Fork.value] = value;
    forks[from + Fork.blind] = blind;
    forks[from + Fork.usage] = usage;
    forks[from + Fork.taken] = taken;
    // Nobody has asked for the other choices yet.
    forks[from + Fork.from] = absent;
  }

  /** To the last place where there is another way, and on from there. False when there is none. */
  #goBack(): boolean {
    const choices = this.#choices;
    for (; this.#depth > 0; this.#depth--) {
      const at = (this.#depth - 1) * Fork.size;
      this.#return(at);
      const forks = this.#forks;
      const returning = (this.#turns.turns[this.#turn] as number) >> 1;
      if (forks[at + Fork.from] === absent) {
        forks[at + Fork.from] = choices.length;
        forks[at + Fork.next] = choices.length;
        choices.all(returning);
      }
      let next = forks[at + Fork.next] as number;
      if (choices.list[next] === forks[at + Fork.taken]) next++;
      if (next < choices.length) {
        forks[at + Fork.next] = next + 1;
        this.#take(choices.list[next] as number, returning);
        return true;
      }
      choices.length = forks[at + Fork.from] as number;
      this.#failures.add(this.#course.hash(this.#turn));
    }
    return false;
  }

  #return(at: number): void {
    const course = this.#course;
    const forks = this.#forks;
    this.#turn = forks[at + Fork.turn] as number;
    course.takeBack(forks[at + Fork.steps] as number);
    course.length = forks[at + Fork.length] as number;
    course.value = forks[at + Fork.value] as number;
    course.blind = forks[at + Fork.blind] as number;
    course.usage = forks[at + Fork.usage] as number;
  }
}
