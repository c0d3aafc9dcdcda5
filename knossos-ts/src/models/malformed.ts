/** What a model says of an operation that it cannot read. A check of such a history is `unknown`, with these words. */
import type { Operation, Value } from '../history/operation.ts';
import { showValue } from '../history/value.ts';

/** `Operation 17: expected the result of a dequeue to be a value, found ...`. */
export const malformed = ({ id }: Operation, what: string, expected: string, found: Value): Error =>
  new Error(`Operation ${id}: expected ${what} to be ${expected}, found ${showValue(found)}`);

export const unknownFunction = ({ id, f }: Operation, object: string, functions: string): Error =>
  new Error(`${object} has ${functions}; operation ${id} is ${f}`);
