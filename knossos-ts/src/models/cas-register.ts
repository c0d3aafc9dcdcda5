/**
 * A register with compare-and-set. A cas that did not swap is an observation: of the current value where the store
 * says it, and otherwise of the absence of the expected one.
 */
import type { CasResult, Operation, Value } from '../history/operation.ts';
import { isList, sameValue, showValue, valueKey } from '../history/value.ts';
import { Rejection, type Model } from './model.ts';
import { expectState, stepRegister } from './register.ts';
import { leftValue } from './register-values.ts';
import { withoutUnobserved } from './unobserved.ts';

export const casRegister = (initial: Value): Model<Value> => ({
  name: 'cas-register',
  init: initial,
  step,
  key: valueKey,
  readOnly,
  overwrites: true,
  leaves: leftValue,
  relevant: withoutUnobserved,
  describe: showValue,
});

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
  throw new Error(
    `Operation ${operation.id}: expected the result of a cas to be {"swapped": ...}, found ${showValue(output)}`,
  );
}

function readOnly(operation: Operation): boolean {
  if (operation.f !== 'cas') return operation.f === 'read';
  if (casResult(operation)?.swapped === false) return true;
  const [from, to] = casInput(operation);
  return sameValue(from, to);
}

function step(state: Value, operation: Operation): Value | Rejection {
  if (operation.f !== 'cas') return stepRegister(state, operation);
  const [from, to] = casInput(operation);
  const result = casResult(operation);
  if (result?.swapped !== false) {
    if (sameValue(state, from)) return to;
    return new Rejection(() => `the value is ${showValue(state)} here, and the cas swapped ${showValue(from)}`);
  }
  if (sameValue(state, from)) {
    return new Rejection(() => `the value is ${showValue(state)} here, and the cas from it was refused`);
  }
  return result.current === undefined ? state : expectState(state, result.current, 'refused cas');
}
