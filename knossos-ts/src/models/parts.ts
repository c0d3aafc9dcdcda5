/**
 * Which operations can be judged apart from which. Objects are independent for linearizability (Herlihy & Wing 1990,
 * locality): keys that no operation ties together have nothing to do with each other. Those that some operation does
 * tie together, directly or through others, are one part (union-find, Tarjan 1975).
 */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import type { Model } from './model.ts';

export interface Part {
  /** The key, or the list of the keys that belong together, by their first operation. */
  readonly key: Value;
  readonly operations: readonly Operation[];
}

export const partsOf = (model: Model<unknown>, operation: Operation): readonly Value[] =>
  model.partsOf?.(operation) ?? [operation.key];

/** In the order of their first operation. */
export function partition(model: Model<unknown>, operations: readonly Operation[]): Part[] {
  const ties = new Ties();
  for (const operation of operations) ties.tie(partsOf(model, operation));
  const parts = new Map<ValueKey, { keys: Map<ValueKey, Value>; operations: Operation[] }>();
  for (const operation of operations) {
    const keys = partsOf(model, operation);
    const root = ties.rootOf(valueKey(keys[0] ?? null));
    const part = parts.get(root) ?? { keys: new Map<ValueKey, Value>(), operations: [] };
    parts.set(root, part);
    part.operations.push(operation);
    for (const key of keys) part.keys.set(valueKey(key), key);
  }
  return [...parts.values()].map(({ keys, operations: some }) => {
    const all = [...keys.values()];
    return { key: all.length === 1 ? (all[0] ?? null) : all, operations: some };
  });
}

/** Which names belong together. */
export class Ties {
  readonly #parents = new Map<ValueKey, ValueKey>();

  tie(values: readonly Value[]): void {
    const [first = null, ...others] = values;
    const root = this.rootOf(valueKey(first));
    for (const other of others) this.#parents.set(this.rootOf(valueKey(other)), root);
  }

  rootOf(name: ValueKey): ValueKey {
    let root = name;
    for (
      let parent = this.#parents.get(root);
      parent !== undefined && parent !== root;
      parent = this.#parents.get(root)
    ) {
      root = parent;
    }
    if (root !== name || !this.#parents.has(name)) this.#parents.set(name, root);
    return root;
  }
}
