/**
 * A history in columns: for each operation, by invocation, the places of its two events, and its key as a small number.
 * The events themselves stay where they are, and an `Operation` is made of them only when somebody wants to look at it:
 * of a million operations hardly one is ever shown. Joins each invocation with its completion by the rules of Jepsen: a
 * process has at most one operation in progress, and one that got `info` never acts again, because nobody knows whether
 * its operation still runs.
 */
import { HistoryError } from '../history/history-error.ts';
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import { IntColumn } from './int-column.ts';
import { IntTable } from './int-table.ts';
import { KeyColumn } from './key-column.ts';
import { operationOf } from './operation-of.ts';

/** What a process does, where it is not in an operation: it may act, or never again. */
const retired = -2;
const idle = -1;

/** Looks at operations as their events are joined, to fill columns of its own. */
export interface OperationReader {
  /** The next operation; they are numbered by invocation, from 0. */
  invoked(f: string, input: Value): void;
  /** Not called for what never completes. */
  completed(operation: number, f: string, type: Operation['type'], output: Value): void;
}

export class EventColumns {
  readonly events: readonly HistoryEvent[];
  readonly keys: KeyColumn;
  /** The event that invokes each operation. */
  readonly #called: IntColumn;
  /** The event that completes it; -1 where there is none. */
  readonly #returned: IntColumn;
  readonly #reader: OperationReader | undefined;
  /** By process: the operation in progress, `idle` or `retired`. */
  readonly #processes = new IntTable(256);
  readonly #largeProcesses = new Map<number, number>();
  #read = 0;
  #lastIndex = -1;

  constructor(events: readonly HistoryEvent[], reader?: OperationReader) {
    this.events = events;
    this.#reader = reader;
    this.keys = new KeyColumn(events.length / 2);
    this.#called = new IntColumn(events.length / 2);
    this.#returned = new IntColumn(events.length / 2);
  }

  /** How many events it has joined. */
  get read(): number {
    return this.#read;
  }

  /** How many operations were invoked. */
  get size(): number {
    return this.#called.length;
  }

  /** The event that completes each operation; -1 where there is none. */
  get returned(): Int32Array {
    return this.#returned.all;
  }

  /** The event that invokes each operation. The order of events decides what came first, whatever their times are. */
  get called(): Int32Array {
    return this.#called.all;
  }

  /**
   * Joins the next events, up to so many.
   * @throws HistoryError when an index does not grow, or a process invokes twice, completes what it did not invoke, or
   * acts after its info.
   */
  advance(count: number): void {
    const { events } = this;
    const end = Math.min(this.#read + count, events.length);
    for (; this.#read < end; this.#read++) {
      const event = events[this.#read] as HistoryEvent;
      const { index, process } = event;
      if (index <= this.#lastIndex) {
        throw broken(event, `its index comes after ${this.#lastIndex}; indices must grow`);
      }
      this.#lastIndex = index;
      if (process === 'nemesis') continue;
      if (event.type === 'invoke') this.#invoke(event, process);
      else this.#complete(event, process);
    }
  }

  /** The operation as an object. To be asked when everything is joined. */
  operation(number: number): Operation {
    return operationOf(this.events, this.#called.cells[number] as number, this.#returned.cells[number] as number);
  }

  /** Its id, as in the object. */
  idOf(number: number): number {
    return (this.events[this.#called.cells[number] as number] as HistoryEvent).index;
  }

  #invoke(event: HistoryEvent, process: number): void {
    const number = this.#number(process);
    const state = this.#processes.get(number);
    if (state === retired) throw broken(event, `process ${process} acts again after its info`);
    if (state >= 0) {
      const begun = this.events[this.#called.cells[state] as number] as HistoryEvent;
      throw broken(event, `process ${process} invokes ${event.f} while its ${begun.f} is in progress`);
    }
    const operation = this.#called.length;
    this.#processes.set(number, operation);
    this.#called.push(this.#read);
    this.#returned.push(-1);
    this.keys.push(event.key);
    this.#reader?.invoked(event.f, event.value);
  }

  #complete(event: HistoryEvent, process: number): void {
    const number = this.#number(process);
    const operation = this.#processes.get(number);
    if (operation === retired) throw broken(event, `process ${process} acts again after its info`);
    if (operation < 0) throw broken(event, `process ${process} completes ${event.f} without having invoked it`);
    const begun = this.events[this.#called.cells[operation] as number] as HistoryEvent;
    if (begun.f !== event.f) {
      throw broken(event, `process ${process} completes ${event.f}, but what it invoked is ${begun.f}`);
    }
    this.#processes.set(number, event.type === 'info' ? retired : idle);
    this.#returned.cells[operation] = this.#read;
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
