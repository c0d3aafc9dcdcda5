/** The operations of one key. */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';

export interface KeyHistory {
  readonly key: Value;
  readonly operations: readonly Operation[];
}

/** In the order of first invocation. */
export function splitByKey(operations: readonly Operation[]): KeyHistory[] {
  const byKey = new Map<ValueKey, { key: Value; operations: Operation[] }>();
  for (const operation of operations) {
    const name = valueKey(operation.key);
    const history = byKey.get(name);
    if (history === undefined) byKey.set(name, { key: operation.key, operations: [operation] });
    else history.operations.push(operation);
  }
  return [...byKey.values()];
}
