/** The operations of each key. */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';

export interface KeyHistory {
  readonly key: Value;
  readonly operations: readonly Operation[];
}

export class KeyHistories {
  readonly #byKey = new Map<ValueKey, { key: Value; operations: Operation[] }>();

  add(operation: Operation): void {
    const name = valueKey(operation.key);
    const history = this.#byKey.get(name);
    if (history === undefined) this.#byKey.set(name, { key: operation.key, operations: [operation] });
    else history.operations.push(operation);
  }

  /** In the order of first invocation. */
  get all(): KeyHistory[] {
    return [...this.#byKey.values()];
  }
}
