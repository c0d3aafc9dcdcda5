/**
 * What the operations of all registers do. A cas that did not swap is an observation: of the current value where the
 * store says it, and otherwise of the absence of the expected one. An insert is a cas from null, "absent".
 */
import type { Operation, Value } from '../history/operation.ts';
import { sameValue, showValue, valueKey, type ValueKey } from '../history/value.ts';
import { malformed, unknownFunction } from './malformed.ts';
import { Rejection, type Model } from './model.ts';
import {
  casInput,
  casResult,
  expectedValue,
  insertResult,
  leftValue,
  observedValue,
  producedValue,
  refusal,
} from './register-values.ts';
import { withoutUnobserved } from './unobserved.ts';

export type RegisterFunction = 'read' | 'write' | 'delete' | 'cas' | 'insert';

/** A register with these functions. */
export function registerModel(name: string, initial: Value, functions: readonly RegisterFunction[]): Model<Value> {
  const has: ReadonlySet<string> = new Set(functions);
  const known = `${functions.slice(0, -1).join(', ')} and ${functions.at(-1)}`;
  return {
    name,
    init: initial,
    step: (state, operation) => {
      if (!has.has(operation.f)) throw unknownFunction(operation, `A ${name}`, known);
      return stepRegister(state, operation);
    },
    key: valueKey,
    readOnly: isReadOnly,
    overwrites: true,
    isRegister: true,
    leaves: leftValue,
    effect,
    total: isPlainWrite,
    blind: isPlainWrite,
    relevant: withoutUnobserved,
    describe: showValue,
  };
}

/** A write of what is there and a cas to it differ in what they need; who is sure of having done them does not matter. */
function effect(operation: Operation): ValueKey {
  const [seen, left] = [observedValue(operation), producedValue(operation)];
  const refused = refusal(operation) === undefined ? undefined : expectedValue(operation);
  return `${part(seen)} ${part(left)} ${part(refused)}`;
}

/** Closed, or it could be read on into its neighbour. */
const part = (value: Value | undefined): string => (value === undefined ? '' : String(valueKey([value])));

const isPlainWrite = ({ f }: Operation): boolean => f === 'write' || f === 'delete';

export function isReadOnly(operation: Operation): boolean {
  if (operation.f === 'insert') return insertResult(operation)?.inserted === false;
  if (operation.f !== 'cas') return operation.f === 'read';
  if (casResult(operation)?.swapped === false) return true;
  const [from, to] = casInput(operation);
  return sameValue(from, to);
}

export function stepRegister(state: Value, operation: Operation): Value | Rejection {
  const { f, input, output, type } = operation;
  if (f === 'write') return input;
  if (f === 'delete') return null;
  // One that is not ok saw nothing.
  if (f === 'read') return type === 'ok' ? expectState(state, output, 'read') : state;
  return f === 'insert' ? stepInsert(state, operation) : stepCas(state, operation);
}

function stepCas(state: Value, operation: Operation): Value | Rejection {
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

function stepInsert(state: Value, operation: Operation): Value | Rejection {
  const { input } = operation;
  if (input === null) throw malformed(operation, 'the input of an insert', 'a value other than null', input);
  const result = insertResult(operation);
  if (result?.inserted !== false) {
    if (state === null) return input;
    return new Rejection(() => `the value is ${showValue(state)} here, and the insert found none`);
  }
  if (state === null) return new Rejection(() => 'there is no value here, and the insert was refused');
  return result.current === undefined ? state : expectState(state, result.current, 'refused insert');
}

/** The state, when it is the one that the operation saw. */
const expectState = (state: Value, seen: Value, what: string): Value | Rejection =>
  sameValue(state, seen)
    ? state
    : new Rejection(() => `the value is ${showValue(state)} here, and the ${what} saw ${showValue(seen)}`);
