/**
 * A queue that gives the oldest value first: `enqueue` a value, `dequeue` one. A dequeue whose result is null found the
 * queue empty, which is an observation; null cannot be enqueued. A dequeue of unknown outcome takes what is first.
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, sameValue, showValue, valueKey, type ValueKey } from '../history/value.ts';
import { malformed, unknownFunction } from './malformed.ts';
import { Rejection, type Model, type Words } from './model.ts';
import { queueOrder } from './queue-order.ts';
import { queueOutlook } from './queue-outlook.ts';

export type Contents = readonly Value[];

/** `initial`: null, or what is in it, the oldest first. */
export const fifoQueue = (initial: Value): Model<Contents> => ({
  name: 'fifo-queue',
  init: contentsOf(initial),
  step,
  key: contentsKey,
  readOnly: foundEmpty,
  total: ({ f }) => f === 'enqueue',
  relevant: withoutUntaken,
  guess: (operations) => queueOrder(operations, contentsOf(initial), true),
  outlook: (operations) => queueOutlook(operations, contentsOf(initial)),
  describe: showContents,
  words: queueWords,
});

export function contentsOf(initial: Value): Contents {
  if (initial === null) return [];
  if (isList(initial) && !initial.includes(null)) return initial;
  throw new Error(`A queue begins with a list of values other than null, not with ${showValue(initial)}`);
}

/** Lists of small numbers and texts, which nearly all are, without making a structure of them. */
export const contentsKey = (contents: Contents): ValueKey => {
  let key = '';
  for (const value of contents) key += typeof value === 'number' ? `${value},` : `${nested(value)},`;
  return key;
};

/** Closed, or a text could be read on into its neighbour. */
const nested = (value: Value): string => (typeof value === 'string' ? JSON.stringify(value) : String(valueKey(value)));

/** In which order contents are kept where theirs does not matter. */
export const byValue = (one: Value, other: Value): number => {
  const [left, right] = [valueKey(one), valueKey(other)];
  if (left === right) return 0;
  if (typeof left === typeof right) return left < right ? -1 : 1;
  return typeof left === 'number' ? -1 : 1;
};

export const showContents = (contents: Contents): string =>
  contents.length === 0 ? 'empty' : contents.map(showValue).join(', ');

export const foundEmpty = ({ f, type, output }: Operation): boolean =>
  f === 'dequeue' && type === 'ok' && output === null;

/**
 * An enqueue of unknown outcome whose value nobody is known to have dequeued might as well not have happened, and with
 * it whatever dequeue of unknown outcome would have taken the value.
 */
export function withoutUntaken(operations: readonly Operation[]): readonly Operation[] {
  const unsure = operations.filter(({ f, type }) => f === 'enqueue' && type === 'info');
  if (unsure.length === 0) return operations;
  const taken = new Set<ValueKey>();
  for (const { f, type, output } of operations) if (f === 'dequeue' && type === 'ok') taken.add(valueKey(output));
  const dropped = new Set(unsure.filter(({ input }) => !taken.has(valueKey(input))));
  return dropped.size === 0 ? operations : operations.filter((operation) => !dropped.has(operation));
}

/** Checks that it is an operation of a queue. */
export function enqueued(operation: Operation): Value | undefined {
  if (operation.f === 'dequeue') return undefined;
  if (operation.f !== 'enqueue') throw unknownFunction(operation, 'A queue', 'enqueue and dequeue');
  if (operation.input === null) throw malformed(operation, 'the input of an enqueue', 'a value other than null', null);
  return operation.input;
}

function step(contents: Contents, operation: Operation): Contents | Rejection {
  const value = enqueued(operation);
  if (value !== undefined) return [...contents, value];
  const [first] = contents;
  if (foundEmpty(operation)) {
    if (first === undefined) return contents;
    return new Rejection(() => `the queue holds ${showContents(contents)} here, and the dequeue found it empty`);
  }
  // Of unknown outcome: whatever it finds.
  if (operation.type !== 'ok') return contents.slice(1);
  if (first !== undefined && sameValue(first, operation.output)) return contents.slice(1);
  return new Rejection(() =>
    first === undefined
      ? `the queue is empty here, and the dequeue returned ${showValue(operation.output)}`
      : `${showValue(first)} is first in the queue here, and the dequeue returned ${showValue(operation.output)}`,
  );
}

export const queueWords: Words = {
  state: 'queue',
  noun: (operation) => {
    if (operation.f === 'enqueue') return `enqueue of ${showValue(operation.input)}`;
    if (operation.type !== 'ok') return 'dequeue';
    return foundEmpty(operation) ? 'empty dequeue' : `dequeue of ${showValue(operation.output)}`;
  },
  deed: (operation, on) => {
    if (operation.f === 'enqueue') return `enqueued ${showValue(operation.input)}${on}`;
    return foundEmpty(operation) ? `found the queue empty${on}` : `dequeued ${showValue(operation.output)}${on}`;
  },
};
