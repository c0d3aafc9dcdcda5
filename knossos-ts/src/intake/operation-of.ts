/** Makes an operation of its two events. */
import type { HistoryEvent, Operation } from '../history/operation.ts';

/** `positions`: where it begins and ends. What never completed has no completion, and is `info`. */
export function operationOf(
  invocation: HistoryEvent,
  completion: HistoryEvent | undefined,
  { called, returned }: { readonly called: number; readonly returned: number },
): Operation {
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
