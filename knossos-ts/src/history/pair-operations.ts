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
  const operations: (Operation | undefined)[] = [];
  const open = new Map<number, Open>();
  const retired = new Set<number>();
  let position = -1;
  let lastIndex = -1;
  for (const event of events) {
    position++;
    if (event.index <= lastIndex) throw broken(event, `its index comes after ${lastIndex}; indices must grow`);
    lastIndex = event.index;
    const { process } = event;
    if (process === 'nemesis') continue;
    if (retired.has(process)) throw broken(event, `process ${process} acts again after its info`);
    const begun = open.get(process);
    if (event.type === 'invoke') {
      if (begun !== undefined) {
        throw broken(event, `process ${process} invokes ${event.f} while its ${begun.event.f} is in progress`);
      }
      open.set(process, { event, called: position, place: operations.length });
      operations.push(undefined);
      continue;
    }
    if (begun === undefined) throw broken(event, `process ${process} completes ${event.f} without having invoked it`);
    if (begun.event.f !== event.f) {
      throw broken(event, `process ${process} completes ${event.f}, but what it invoked is ${begun.event.f}`);
    }
    open.delete(process);
    if (event.type === 'info') retired.add(process);
    operations[begun.place] = complete(begun, event, position);
  }
  for (const begun of open.values()) operations[begun.place] = abandoned(begun);
  return operations as Operation[];
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
