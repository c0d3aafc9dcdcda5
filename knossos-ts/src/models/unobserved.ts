/**
 * A write whose outcome is unknown and whose value nobody saw explains nothing: in any legal order it is followed by
 * an operation that overwrites it, so that taking it out leaves the order legal. Such writes are what makes other
 * checkers explode. It is sound only while no operation observes an absence: with initial value 0, an info write of 1
 * and then a refused cas from 0 that does not say the current value, the write must have happened.
 */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import { observedValue, producedValue, seesAbsence } from './register-values.ts';

/** For histories of reads, writes and cas without `fail` operations. */
export function withoutUnobserved(operations: readonly Operation[]): readonly Operation[] {
  if (!operations.some((operation) => operation.type === 'info') || operations.some(seesAbsence)) return operations;
  const observers = new Map<ValueKey, number>();
  const unsure = new Map<ValueKey, Operation[]>();
  for (const operation of operations) {
    const observed = keyOf(observedValue(operation));
    if (observed !== undefined) observers.set(observed, (observers.get(observed) ?? 0) + 1);
    const produced = operation.type === 'info' ? keyOf(producedValue(operation)) : undefined;
    if (produced === undefined) continue;
    const makers = unsure.get(produced);
    if (makers === undefined) unsure.set(produced, [operation]);
    else makers.push(operation);
  }
  const dropped = new Set<Operation>();
  const unseen = [...unsure.keys()].filter((value) => !observers.has(value));
  // A dropped cas observes nothing any more, which may leave the value that it would have met unseen, too.
  for (const value of unseen) {
    for (const maker of unsure.get(value) ?? []) {
      dropped.add(maker);
      const met = keyOf(observedValue(maker));
      if (met === undefined) continue;
      const left = (observers.get(met) ?? 0) - 1;
      observers.set(met, left);
      if (left === 0) unseen.push(met);
    }
  }
  return dropped.size === 0 ? operations : operations.filter((operation) => !dropped.has(operation));
}

const keyOf = (value: Value | undefined): ValueKey | undefined => (value === undefined ? undefined : valueKey(value));
