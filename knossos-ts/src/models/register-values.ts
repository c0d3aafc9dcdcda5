/**
 * What the operations of registers leave behind, and what they must have met. An insert is a cas from null, which is
 * "absent", and a delete is a write of null.
 */
import type { CasResult, Operation, Value } from '../history/operation.ts';
import { isList, showValue } from '../history/value.ts';
import { malformed } from './malformed.ts';

/** The value that a write or a cas leaves behind, if it takes effect; undefined for what leaves none. */
export function producedValue(operation: Operation): Value | undefined {
  return refusal(operation) === undefined ? attemptedValue(operation) : undefined;
}

/** The value that it was to leave behind, whether it took effect or not; undefined for what is to leave none. */
export function attemptedValue({ f, input }: Operation): Value | undefined {
  if (f === 'write' || f === 'insert') return input;
  if (f === 'delete') return null;
  return f === 'cas' && isList(input) ? (input[1] ?? null) : undefined;
}

/** What an operation leaves behind that is known to be a mutator. */
export function leftValue(mutator: Operation): Value {
  const value = producedValue(mutator);
  if (value === undefined) throw new Error(`Operation ${mutator.id} (${mutator.f}) leaves no value behind`);
  return value;
}

/** The value that a conditional operation is about to replace; undefined for the others. */
export function expectedValue({ f, input }: Operation): Value | undefined {
  if (f === 'insert') return null;
  return f === 'cas' && isList(input) ? (input[0] ?? null) : undefined;
}

/** The value that must have been there for the operation to happen as it did; undefined where any will do. */
export function observedValue(operation: Operation): Value | undefined {
  if (operation.f === 'read') return operation.type === 'ok' ? operation.output : undefined;
  const refused = refusal(operation);
  return refused === undefined ? expectedValue(operation) : refused.current;
}

/** It saw only that some value was not there: a refused cas that does not say the current one. */
export const seesAbsence = (operation: Operation): boolean => {
  const refused = refusal(operation);
  return refused !== undefined && refused.current === undefined;
};

export interface Refusal {
  readonly swapped: false;
  readonly current?: Value;
}

/** The result of a cas that did not swap, or of an insert that met a value. */
export function refusal(operation: Operation): Refusal | undefined {
  if (operation.type !== 'ok') return undefined;
  if (operation.f === 'cas') {
    const result = operation.output as unknown as CasResult;
    return result.swapped ? undefined : result;
  }
  if (operation.f !== 'insert') return undefined;
  const result = insertResult(operation);
  if (result === undefined || result.inserted) return undefined;
  return result.current === undefined ? { swapped: false } : { swapped: false, current: result.current };
}

/** `[from, to]`. */
export function casInput(operation: Operation): readonly [Value, Value] {
  const { input } = operation;
  if (isList(input) && input.length === 2) return input as readonly [Value, Value];
  throw new Error(`Operation ${operation.id}: expected the input of a cas to be [from, to], found ${showValue(input)}`);
}

/** Undefined for one that did not complete: if it ever takes effect, it swaps. */
export function casResult(operation: Operation): CasResult | undefined {
  if (operation.type !== 'ok') return undefined;
  const { output } = operation;
  if (typeof output === 'object' && output !== null && !isList(output)) {
    if (typeof output['swapped'] === 'boolean') return output as unknown as CasResult;
  }
  throw malformed(operation, 'the result of a cas', '{"swapped": ...}', output);
}

/** What an insert saw. `current` is absent where the store does not say it. */
export type InsertResult = { readonly inserted: true } | { readonly inserted: false; readonly current?: Value };

/** Undefined for one that did not complete: if it ever takes effect, it inserts. */
export function insertResult(operation: Operation): InsertResult | undefined {
  if (operation.type !== 'ok') return undefined;
  const { output } = operation;
  if (typeof output === 'object' && output !== null && !isList(output)) {
    if (typeof output['inserted'] === 'boolean') return output as unknown as InsertResult;
  }
  throw malformed(operation, 'the result of an insert', '{"inserted": ...}', output);
}
