/**
 * A number that operations add to. An `add` may say the number after it, as atomic counters do; one that says nothing
 * is legal anywhere. Amounts are whole numbers of any sign, as numbers or bigints.
 */
import type { Operation, Value } from '../history/operation.ts';
import { showValue, valueKey } from '../history/value.ts';
import { malformed, unknownFunction } from './malformed.ts';
import { Rejection, type Model, type Words } from './model.ts';

export type Count = number | bigint;

export const counter = (initial: Value): Model<Count> => ({
  name: 'counter',
  init: wholeNumber(initial ?? 0) ?? notWhole(initial),
  step,
  key: valueKey,
  readOnly: (operation) => operation.f === 'read' || amountOf(operation) === 0,
  total: (operation) => operation.f === 'add' && (operation.type !== 'ok' || operation.output === null),
  relevant: withoutIdle,
  describe: showValue,
  words: counterWords,
});

/** What an `add` adds: 1 where it does not say. 0 is always the number. */
export function amountOf(operation: Operation): Count {
  const { input } = operation;
  const amount = input === null ? 1 : wholeNumber(input);
  if (amount === undefined) throw malformed(operation, 'the input of an add', 'a whole number', input);
  return amount;
}

/** What a read or an `add` saw; undefined where it says nothing. */
export function countSeen(operation: Operation): Count | undefined {
  const { f, type, output } = operation;
  if (type !== 'ok' || (f === 'add' && output === null)) return undefined;
  const seen = wholeNumber(output);
  if (seen === undefined) throw malformed(operation, `the result of ${article(f)}`, 'a whole number', output);
  return seen;
}

const article = (f: string): string => (f === 'add' ? 'an add' : `a ${f}`);

function wholeNumber(value: Value): Count | undefined {
  if (typeof value === 'bigint') return small(value);
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** As a number where that is exact, so that equal counts are the same. */
const small = (value: bigint): Count => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

export const sum = (one: Count, other: Count): Count => {
  if (typeof one === 'number' && typeof other === 'number') {
    const plain = one + other;
    if (Number.isSafeInteger(plain)) return plain;
  }
  return small(BigInt(one) + BigInt(other));
};

function notWhole(initial: Value): never {
  throw new Error(`A counter begins with a whole number, not with ${showValue(initial)}`);
}

function step(state: Count, operation: Operation): Count | Rejection {
  if (operation.f !== 'read' && operation.f !== 'add') throw unknownFunction(operation, 'A counter', 'add and read');
  const after = operation.f === 'add' ? sum(state, amountOf(operation)) : state;
  const seen = countSeen(operation);
  if (seen === undefined || seen === after) return after;
  return new Rejection(() =>
    operation.f === 'read'
      ? `the count is ${state} here, and the read saw ${seen}`
      : `the count would be ${after} here, and the add made it ${seen}`,
  );
}

/** An add of 0 whose outcome is unknown does nothing. */
const withoutIdle = (operations: readonly Operation[]): readonly Operation[] =>
  operations.filter((operation) => operation.type === 'ok' || operation.f !== 'add' || amountOf(operation) !== 0);

export const counterWords: Words = {
  state: 'count',
  noun: (operation) =>
    operation.f === 'read'
      ? operation.type === 'ok'
        ? `read of ${showValue(operation.output)}`
        : 'read'
      : `add of ${amountOf(operation)}`,
  deed: (operation, on) => {
    const seen = countSeen(operation);
    if (operation.f === 'read') return `read ${seen}${on}`;
    return `added ${amountOf(operation)}${on}${seen === undefined ? '' : ` and was told that this made it ${seen}`}`;
  },
};
