/** What the operations of registers leave behind, and what they must have met. */
import type { CasResult, Operation, Value } from '../history/operation.ts';
import { isList } from '../history/value.ts';

/** The value that a write or a cas leaves behind, if it takes effect; undefined for what leaves none. */
export function producedValue(operation: Operation): Value | undefined {
  return refusal(operation) === undefined ? attemptedValue(operation) : undefined;
}

/** The value that it was to leave behind, whether it took effect or not; undefined for what is to leave none. */
export function attemptedValue({ f, input }: Operation): Value | undefined {
  if (f === 'write') return input;
  return f === 'cas' && isList(input) ? (input[1] ?? null) : undefined;
}

/** What an operation leaves behind that is known to be a mutator. */
export function leftValue(mutator: Operation): Value {
  const value = producedValue(mutator);
  if (value === undefined) throw new Error(`Operation ${mutator.id} (${mutator.f}) leaves no value behind`);
  return value;
}

/** The value that must have been there for the operation to happen as it did; undefined where any will do. */
export function observedValue(operation: Operation): Value | undefined {
  if (operation.f === 'read') return operation.type === 'ok' ? operation.output : undefined;
  if (operation.f !== 'cas' || !isList(operation.input)) return undefined;
  const refused = refusal(operation);
  return refused === undefined ? (operation.input[0] ?? null) : refused.current;
}

/** It saw only that some value was not there: a refused cas that does not say the current one. */
export const seesAbsence = (operation: Operation): boolean => {
  const refused = refusal(operation);
  return refused !== undefined && refused.current === undefined;
};

/** The result of a cas that did not swap. */
export function refusal(operation: Operation): { readonly swapped: false; readonly current?: Value } | undefined {
  if (operation.f !== 'cas' || operation.type !== 'ok') return undefined;
  const result = operation.output as unknown as CasResult;
  return result.swapped ? undefined : result;
}
