/** Makes an operation of its two events. */
import type { HistoryEvent, Operation } from '../history/operation.ts';

/** `called`, `returned`: the places of the events; -1 for an operation that never completed, which is `info`. */
export function operationOf(events: readonly HistoryEvent[], called: number, returned: number): Operation {
  const invocation = events[called] as HistoryEvent;
  const completion = returned < 0 ? undefined : events[returned];
  const type = completion === undefined || completion.type === 'invoke' ? 'info' : completion.type;
  // Field by field: spreading took most of the time of checking small histories.
  const made: Operation = {
    id: invocation.index,
    process: invocation.process as number,
    f: invocation.f,
    key: invocation.key,
    input: invocation.value,
    type,
    output: type === 'ok' && completion !== undefined ? completion.value : null,
    called,
    returned: type === 'info' ? Infinity : returned,
    invokedAt: invocation.time,
    completedAt: completion?.time ?? Infinity,
  };
  const node = completion?.node ?? invocation.node;
  return node === undefined ? made : Object.assign(made, { node });
}
