/**
 * Which operations stand or fall together. In a legal order, the operations that see one value fill whole stretches,
 * each begun by an operation that makes the value and ended by one that overwrites it or makes another value from it.
 * Taking out a value with all its operations, and the values made from it likewise, leaves a legal order.
 */
import type { Operation } from '../history/operation.ts';
import { sameValue, valueKey, type ValueKey } from '../history/value.ts';
import { observedValue, producedValue } from '../models/register-values.ts';

export class ValueBlocks {
  readonly #touching = new Map<ValueKey, Operation[]>();
  /** What a cas made from the value. */
  readonly #derived = new Map<ValueKey, ValueKey[]>();

  constructor(history: readonly Operation[]) {
    for (const operation of history) {
      const observed = observedValue(operation);
      const produced = producedValue(operation);
      if (observed !== undefined) append(this.#touching, valueKey(observed), operation);
      if (produced !== undefined) append(this.#touching, valueKey(produced), operation);
      if (observed !== undefined && produced !== undefined && !sameValue(observed, produced)) {
        append(this.#derived, valueKey(observed), valueKey(produced));
      }
    }
  }

  /** By the first operation that has to do with each. */
  get all(): ValueKey[] {
    return [...this.#touching.keys()];
  }

  blockOf(some: readonly ValueKey[]): ReadonlySet<Operation> {
    const values = new Set(some);
    // The set grows while it is walked through.
    for (const member of values) for (const next of this.#derived.get(member) ?? []) values.add(next);
    return new Set([...values].flatMap((member) => this.#touching.get(member) ?? []));
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
