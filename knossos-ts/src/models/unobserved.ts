/**
 * A write whose outcome is unknown and whose value nobody saw explains nothing: in any legal order it is followed by
 * an operation that overwrites it, so that taking it out leaves the order legal. Such writes are what makes other
 * checkers explode. It is sound only while no operation observes an absence: with initial value 0, an info write of 1
 * and then a refused cas from 0 that does not say the current value, the write must have happened.
 */
import type { Operation } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import { observedValue, producedValue, seesAbsence } from './register-values.ts';

/** For histories of reads, writes and cas without `fail` operations. */
export function withoutUnobserved(operations: readonly Operation[]): readonly Operation[] {
  if (!operations.some((operation) => operation.type === 'info') || operations.some(seesAbsence)) return operations;
  let kept = operations;
  // A dropped cas observes nothing any more, which may make what it would have observed droppable, too.
  for (;;) {
    const observed = new Set<ValueKey>();
    for (const operation of kept) {
      const value = observedValue(operation);
      if (value !== undefined) observed.add(valueKey(value));
    }
    const next = kept.filter((operation) => {
      const value = operation.type === 'info' ? producedValue(operation) : undefined;
      return value === undefined || observed.has(valueKey(value));
    });
    if (next.length === kept.length) return kept;
    kept = next;
  }
}
