/** The second opinion about what no model allows agrees with what is so, and with nothing else. */
import { expect, test } from 'vitest';
import type { Value } from '../../history/operation.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { Script } from '../../testing/script.ts';
import { verifyImpossible } from './verify-impossible.ts';

/** Whether the rule forbids the last operation. */
const isImpossible = (rule: 'thin-air' | 'contradiction' | 'duplicate', script: Script, initial: Value = null) => {
  const operations = pairOperations(script.events);
  return verifyImpossible(rule, operations.at(-1)!, operations, initial);
};

const wrote = (value: Value) => new Script('x').does(1, 'write', value, null);

test('of a value from nowhere', () => {
  expect(isImpossible('thin-air', wrote(1).does(2, 'read', null, 7))).toBe(true);
  expect(isImpossible('thin-air', wrote([1]).does(2, 'read', null, [7]))).toBe(true);
  expect(isImpossible('thin-air', wrote(1).does(2, 'read', null, 1))).toBe(false);
  expect(isImpossible('thin-air', wrote([7]).does(2, 'read', null, [7]))).toBe(false);
  expect(isImpossible('thin-air', wrote(1).does(2, 'read', null, 7), 7)).toBe(false);
  expect(
    isImpossible('thin-air', new Script('x').invoke(1, 'write', 7).info(1, 'write').does(2, 'read', null, 7)),
  ).toBe(false);
  expect(
    isImpossible('thin-air', new Script('x').invoke(1, 'write', 7).fail(1, 'write').does(1, 'read', null, 7)),
  ).toBe(true);
});

test('of a value that operations only swap for itself', () => {
  const swaps = (from: Value) =>
    wrote(1).does(3, 'cas', [from, 7], { swapped: true }).does(2, 'cas', [7, 7], { swapped: true });
  expect(isImpossible('thin-air', swaps(7))).toBe(true);
  expect(isImpossible('thin-air', swaps(1))).toBe(false);
});

test('of a list', () => {
  const reads = (list: Value) => new Script('x').does(1, 'append', 1, null).does(2, 'read', null, list);
  expect(isImpossible('thin-air', reads([1, 2]))).toBe(true);
  expect(isImpossible('thin-air', reads([1]))).toBe(false);
  expect(isImpossible('duplicate', reads([1, 1]))).toBe(true);
  expect(isImpossible('duplicate', reads([1]))).toBe(false);
});

test('of a long list, with a few looks at each operation', () => {
  const elements = Array.from({ length: 1_000 }, (_, element) => element);
  const script = new Script('x');
  for (const element of elements) script.does(1, 'append', element, null);
  const read = script.does(2, 'read', null, [...elements, -1]).events;
  let looks = 0;
  const watched = pairOperations(read).map(({ key, ...rest }) => ({
    ...rest,
    get key(): Value {
      looks++;
      return key;
    },
  }));
  expect(verifyImpossible('thin-air', watched.at(-1)!, watched, null)).toBe(true);
  expect(looks).toBeLessThan(watched.length * 10);
});

test('of a cas that was refused for the value that it expected', () => {
  const met = (current: Value) => wrote(1).does(2, 'cas', [1, 2], { swapped: false, current });
  expect(isImpossible('contradiction', met(1))).toBe(true);
  expect(isImpossible('contradiction', met(3))).toBe(false);
});
