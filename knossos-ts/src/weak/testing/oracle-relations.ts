/** Relations as tables of truth. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';

export type Relation = readonly (readonly boolean[])[];

/** Warshall 1962. */
export function closure(relation: Relation): boolean[][] {
  const closed = relation.map((row) => [...row]);
  for (let middle = 0; middle < closed.length; middle++) {
    for (const row of closed) {
      if (row[middle] !== true) continue;
      closed[middle]?.forEach((reaches, to) => {
        if (reaches) row[to] = true;
      });
    }
  }
  return closed;
}

export const written = (operation: Operation): Value | undefined => {
  if (operation.f === 'append') return operation.input;
  const made = producedValue(operation);
  return operation.f === 'cas' && made !== undefined && sameValue(made, observedValue(operation) ?? null)
    ? undefined
    : made;
};

/** The writers of what it observed; undefined when some value has no writer and is not the initial one. */
export function seenBy(
  operation: Operation,
  operations: readonly Operation[],
  initial: Value,
): readonly Operation[] | undefined {
  const writerOf = (value: Value): Operation | undefined =>
    operations.find((other) => {
      const made = written(other);
      return made !== undefined && sameValue(other.key, operation.key) && sameValue(made, value);
    });
  if (operation.f === 'read' && operations.some(({ f }) => f === 'append')) return listed(operation, writerOf);
  if (operation.f === 'read' && isList(operation.output)) return listed(operation, writerOf);
  const seen = observedValue(operation);
  if (seen === undefined) return [];
  const writer = writerOf(seen);
  if (writer !== undefined) return [writer];
  return sameValue(seen, initial) ? [] : undefined;
}

function listed(
  { output }: Operation,
  writerOf: (value: Value) => Operation | undefined,
): readonly Operation[] | undefined {
  const writers = elementsOf(output).map(writerOf);
  const found = writers.filter((writer) => writer !== undefined);
  return found.length === writers.length && new Set(found).size === found.length ? found : undefined;
}

export const elementsOf = (output: Value): readonly Value[] => (isList(output) ? output : []);
