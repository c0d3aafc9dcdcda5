/**
 * Joins each invocation with its completion. The rules are Jepsen's: a process has at most one operation in progress,
 * and one that got `info` never acts again, because nobody knows whether its operation still runs.
 */
import { HistoryError } from './history-error.ts';
import type { HistoryEvent, Operation, Value } from './operation.ts';

interface Open {
  readonly event: HistoryEvent;
  readonly called: number;
  /** Where its operation goes in the result, which is by invocation. */
  readonly place: number;
}

/**
 * By invocation. Events of the nemesis are skipped; an operation that never completed is `info`.
 * @throws HistoryError when an index does not grow, or a process invokes twice, completes what it did not invoke, or
 * acts after its info.
 */
export function pairOperations(events: Iterable<HistoryEvent>): Operation[] {
  const pairing = new Pairing();
  for (const event of events) pairing.add(event);
  return pairing.finish();
}

/** Event by event, for histories that are too long to be read at once. */
export class Pairing {
  readonly #operations: (Operation | undefined)[] = [];
  readonly #open = new Map<number, Open>();
  readonly #retired = new Set<number>();
  #position = -1;
  #lastIndex = -1;

  /** How many events it has seen. */
  get events(): number {
    return this.#position + 1;
  }

  add(event: HistoryEvent): void {
    this.#position++;
    if (event.index <= this.#lastIndex) {
      throw broken(event, `its index comes after ${this.#lastIndex}; indices must grow`);
    }
    this.#lastIndex = event.index;
    const { process } = event;
    if (process === 'nemesis') return;
    if (this.#retired.has(process)) throw broken(event, `process ${process} acts again after its info`);
    if (event.type === 'invoke') this.#invoke(event, process);
    else this.#complete(event, process);
  }

  /** What never completed is `info`. Nothing may be added afterwards. */
  finish(): Operation[] {
    for (const begun of this.#open.values()) this.#operations[begun.place] = abandoned(begun);
    return this.#operations as Operation[];
  }

  #invoke(event: HistoryEvent, process: number): void {
    const begun = this.#open.get(process);
    if (begun !== undefined) {
      throw broken(event, `process ${process} invokes ${event.f} while its ${begun.event.f} is in progress`);
    }
    this.#open.set(process, { event, called: this.#position, place: this.#operations.length });
    this.#operations.push(undefined);
  }

  #complete(event: HistoryEvent, process: number): void {
    const begun = this.#open.get(process);
    if (begun === undefined) throw broken(event, `process ${process} completes ${event.f} without having invoked it`);
    if (begun.event.f !== event.f) {
      throw broken(event, `process ${process} completes ${event.f}, but what it invoked is ${begun.event.f}`);
    }
    this.#open.delete(process);
    if (event.type === 'info') this.#retired.add(process);
    this.#operations[begun.place] = complete(begun, event, this.#position);
  }
}

const broken = (event: HistoryEvent, what: string): HistoryError =>
  new HistoryError(`Event ${event.index}: ${what}`, { index: event.index });

function complete(begun: Open, event: HistoryEvent, position: number): Operation {
  const type = event.type === 'invoke' ? 'info' : event.type;
  const returned = type === 'info' ? Infinity : position;
  return operation(begun, type, type === 'ok' ? event.value : null, returned, event.time, event.node);
}

const abandoned = (begun: Open): Operation => operation(begun, 'info', null, Infinity, Infinity, undefined);

/** Field by field: spreading took most of the time of checking small histories. */
function operation(
  { event, called }: Open,
  type: Operation['type'],
  output: Value,
  returned: number,
  completedAt: number,
  answered: string | undefined,
): Operation {
  const made: Operation = {
    id: event.index,
    process: event.process as number,
    f: event.f,
    key: event.key,
    input: event.value,
    type,
    output,
    called,
    returned,
    invokedAt: event.time,
    completedAt,
  };
  const node = answered ?? event.node;
  return node === undefined ? made : Object.assign(made, { node });
}
