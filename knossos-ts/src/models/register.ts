/** One value that is read and written as a whole. "Not found" is a read of null. */
import type { Operation, Value } from '../history/operation.ts';
import { sameValue, showValue, valueKey } from '../history/value.ts';
import { Rejection, type Model } from './model.ts';
import { leftValue } from './register-values.ts';
import { withoutUnobserved } from './unobserved.ts';

export const register = (initial: Value): Model<Value> => ({
  name: 'register',
  init: initial,
  step: stepRegister,
  key: valueKey,
  readOnly: (operation) => operation.f === 'read',
  overwrites: true,
  leaves: leftValue,
  relevant: withoutUnobserved,
  describe: showValue,
});

/** Throws for a function that a register does not have. */
export function stepRegister(state: Value, operation: Operation): Value | Rejection {
  if (operation.f === 'write') return operation.input;
  if (operation.f !== 'read') {
    throw new Error(`A register has read and write; operation ${operation.id} is ${operation.f}`);
  }
  return expectState(state, operation.output, 'read');
}

/** The state, when it is the one that the operation saw. */
export const expectState = (state: Value, seen: Value, what: string): Value | Rejection =>
  sameValue(state, seen)
    ? state
    : new Rejection(() => `the value is ${showValue(state)} here, and the ${what} saw ${showValue(seen)}`);
