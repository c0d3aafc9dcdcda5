/**
 * A history in columns: for each operation, by invocation, the places of its two events, and its key as a small number.
 * Events that lie in an array stay where they are; of others what matters is put into columns. An `Operation` is made of
 * that only when somebody wants to look at it: of a million operations hardly one is ever shown. Joins each invocation with its completion by the rules of Jepsen: a
 * process has at most one operation in progress, and one that got `info` never acts again, because nobody knows whether
 * its operation still runs.
 */
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import { tellCollector } from './cells.ts';
import { IntColumn } from './int-column.ts';
import { IntTable } from './int-table.ts';
import { KeyColumn } from './key-column.ts';
import { operationOf } from './operation-of.ts';
import { PackedOperations } from './packed-operations.ts';
import { TimeTies, type TieRule } from './time-ties.ts';

/** What a process does, where it is not in an operation: it may act, or never again. */
const retired = -2;
const idle = -1;

/** How the times of events are taken. */
export interface Timing {
  readonly ties: TieRule;
  /** Places of events that have nothing to do with the time of the one before, in order. Absent: none. */
  readonly breaks?: readonly number[];
}

/** Looks at operations as their events are joined, to fill columns of its own. */
export interface OperationReader {
  /** The next operation; they are numbered by invocation, from 0. */
  invoked(f: string, input: Value): void;
  /** Not called for what never completes. */
  completed(operation: number, f: string, type: Operation['type'], output: Value): void;
}

export class EventColumns {
  /** Where they lie in an array. */
  readonly #events: readonly HistoryEvent[];
  /** What is kept of them, where they do not. */
  readonly #packed: PackedOperations | undefined;
  readonly keys: KeyColumn;
  /** The event that invokes each operation. */
  readonly #called: IntColumn;
  /** The event that completes it; -1 where there is none. */
  readonly #returned: IntColumn;
  readonly #reader: OperationReader | undefined;
  /** By process: the operation in progress, `idle` or `retired`. */
  readonly #processes = new IntTable(256);
  readonly #largeProcesses = new Map<number, number>();
  readonly #timing: Timing;
  readonly #ties = new TimeTies();
  /** What `returned` is, once somebody asked: every operation that is made looks at it. */
  #ends: Int32Array | undefined;
  #read = 0;
  #lastIndex = -1;
  /** Of the last event that was not of the nemesis. */
  #lastTime = Number.NaN;
  #lastPlace = -1;
  #breaks = 0;

  /** `events`: all of them, to `advance` through; undefined where they come one after the other, by `add`. */
  constructor(events: readonly HistoryEvent[] | undefined, timing: Timing, reader?: OperationReader) {
    tellCollector();
    this.#events = events ?? [];
    this.#packed = events === undefined ? new PackedOperations() : undefined;
    this.#timing = timing;
    this.#reader = reader;
    const expected = events === undefined ? undefined : events.length / 2;
    this.keys = new KeyColumn(expected);
    this.#called = new IntColumn(expected);
    this.#returned = new IntColumn(expected);
  }

  /** How many events it has joined. */
  get read(): number {
    return this.#read;
  }

  /** How many operations were invoked. */
  get size(): number {
    return this.#called.length;
  }

  /** How many events share their time with another, whatever is made of it. */
  get tied(): number {
    return this.#ties.events;
  }

  /** The event that invokes each operation. */
  get called(): Int32Array {
    return this.#called.all;
  }

  /** Where each operation returned, at the end of a tie if need be; -1: never. To be asked when everything is joined. */
  get returned(): Int32Array {
    this.#ends ??=
      this.#timing.ties === 'ordered' ? this.#returned.all : this.#ties.widened(this.#returned.all, this.#read);
    return this.#ends;
  }

  /** Was this function invoked? */
  has(f: string): boolean {
    return this.#packed?.hasFunction(f) ?? this.called.some((place) => this.#events[place]?.f === f);
  }

  /** Are there more events in the array? */
  get hasMore(): boolean {
    return this.#read < this.#events.length;
  }

  /**
   * Joins the next events of the array, up to so many.
   * @throws HistoryError when an index does not grow, or a process invokes twice, completes what it did not invoke, or
   * acts after its info.
   */
  advance(count: number): void {
    const events = this.#events;
    const end = Math.min(this.#read + count, events.length);
    while (this.#read < end) this.#join(events[this.#read] as HistoryEvent);
  }

  /** Joins an event that does not lie in the array. @throws HistoryError as `advance` does. */
  add(event: HistoryEvent): void {
    this.#join(event);
  }

  #join(event: HistoryEvent): void {
    const { index, process, time } = event;
    if (index <= this.#lastIndex) {
      throw broken(event, `its index comes after ${this.#lastIndex}; indices must grow`);
    }
    this.#lastIndex = index;
    if (process !== 'nemesis') {
      if (this.#timing.breaks !== undefined) this.#break(this.#timing.breaks);
      // Whoever writes JavaScript may leave times out.
      if (time === this.#lastTime && typeof time === 'number') this.#ties.add(this.#lastPlace, this.#read);
      this.#lastTime = time;
      this.#lastPlace = this.#read;
      if (event.type === 'invoke') this.#invoke(event, process);
      else this.#complete(event, process);
    }
    this.#read++;
  }

  /** Forgets the time of the event before where there is a break in between. */
  #break(breaks: readonly number[]): void {
    for (; (breaks[this.#breaks] ?? Infinity) <= this.#read; this.#breaks++) this.#lastTime = Number.NaN;
  }

  /** The operation as an object. To be asked when everything is joined. */
  operation(number: number): Operation {
    const called = this.#called.cells[number] as number;
    const positions = { called, returned: this.returned[number] as number };
    if (this.#packed !== undefined) return this.#packed.operation(number, this.keys.keyOf(number), positions);
    const returned = this.#returned.cells[number] as number;
    const completion = returned < 0 ? undefined : this.#events[returned];
    return operationOf(this.#events[called] as HistoryEvent, completion, positions);
  }

  /** Its id, as in the object. */
  idOf(number: number): number {
    const called = this.#called.cells[number] as number;
    return this.#packed?.id(number, called) ?? (this.#events[called] as HistoryEvent).index;
  }

  /** The function of an operation. */
  #f(number: number): string {
    return this.#packed?.f(number) ?? (this.#events[this.#called.cells[number] as number] as HistoryEvent).f;
  }

  #invoke(event: HistoryEvent, process: number): void {
    const number = this.#number(process);
    const state = this.#processes.get(number);
    if (state === retired) throw broken(event, `process ${process} acts again after its info`);
    if (state >= 0) {
      throw broken(event, `process ${process} invokes ${event.f} while its ${this.#f(state)} is in progress`);
    }
    const operation = this.#called.length;
    this.#processes.set(number, operation);
    this.#called.push(this.#read);
    this.#returned.push(-1);
    this.keys.push(event.key);
    this.#packed?.invoked(event, process, this.#read);
    this.#reader?.invoked(event.f, event.value);
  }

  #complete(event: HistoryEvent, process: number): void {
    const number = this.#number(process);
    const operation = this.#processes.get(number);
    if (operation === retired) throw broken(event, `process ${process} acts again after its info`);
    if (operation < 0) throw broken(event, `process ${process} completes ${event.f} without having invoked it`);
    const begun = this.#f(operation);
    if (begun !== event.f)
      throw broken(event, `process ${process} completes ${event.f}, but what it invoked is ${begun}`);
    this.#processes.set(number, event.type === 'info' ? retired : idle);
    this.#returned.cells[operation] = this.#read;
    this.#packed?.completed(operation, event);
    this.#reader?.completed(operation, event.f, event.type as Operation['type'], event.value);
  }

  /** Those beyond 31 bits are numbered downwards from -1. */
  #number(process: number): number {
    if ((process | 0) === process && process >= 0) return process;
    const known = this.#largeProcesses.get(process) ?? -1 - this.#largeProcesses.size;
    this.#largeProcesses.set(process, known);
    return known;
  }
}

const broken = (event: HistoryEvent, what: string): HistoryError =>
  new HistoryError(`Event ${event.index}: ${what}`, { index: event.index });
