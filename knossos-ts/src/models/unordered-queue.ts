/**
 * A queue that gives any of its values. A dequeue of unknown outcome may have taken any of them, so that a state is the
 * set of all contents that the queue may have (the subset construction of Rabin & Scott 1959); without such a dequeue
 * that is always one.
 */
import type { Operation, Value } from '../history/operation.ts';
import { sameValue, showValue } from '../history/value.ts';
import {
  byValue,
  contentsKey,
  contentsOf,
  enqueued,
  foundEmpty,
  queueWords,
  showContents,
  withoutUntaken,
  type Contents,
} from './fifo-queue.ts';
import { Rejection, TooLarge, type Model } from './model.ts';
import { queueOrder } from './queue-order.ts';
import { unorderedOutlook } from './unordered-outlook.ts';

/** The possible contents, each sorted. */
export type Possibilities = readonly Contents[];

/** `initial`: null, or a list of what is in it. */
export const unorderedQueue = (initial: Value): Model<Possibilities> => ({
  name: 'unordered-queue',
  init: [contentsOf(initial).toSorted(byValue)],
  step,
  key: (state) => state.map(contentsKey).join(';'),
  readOnly: foundEmpty,
  total: ({ f }) => f === 'enqueue',
  relevant,
  guess: (operations) => queueOrder(operations, contentsOf(initial), false),
  outlook: (operations) => unorderedOutlook(operations, contentsOf(initial)),
  describe: (state) => state.map(showContents).join(', or '),
  words: queueWords,
});

/** Only whoever finds the queue empty could tell that something was taken of which nobody knows. */
function relevant(operations: readonly Operation[]): readonly Operation[] {
  const some = withoutUntaken(operations);
  if (some.some(foundEmpty)) return some;
  return some.filter(({ f, type }) => f !== 'dequeue' || type === 'ok');
}

function step(state: Possibilities, operation: Operation): Possibilities | Rejection {
  const value = enqueued(operation);
  if (value !== undefined) return distinct(state.map((contents) => withValue(contents, value)));
  if (operation.type !== 'ok') {
    mustFit(state);
    return distinct(state.flatMap((contents) => (contents.length === 0 ? [contents] : withoutEach(contents))));
  }
  if (foundEmpty(operation)) {
    if (state.some(({ length }) => length === 0)) return [[]];
    return new Rejection(() => `the queue holds ${showContents(state[0] ?? [])} here, and the dequeue found it empty`);
  }
  const left = state.flatMap((contents) => {
    const place = contents.findIndex((one) => sameValue(one, operation.output));
    return place === -1 ? [] : [contents.toSpliced(place, 1)];
  });
  if (left.length > 0) return distinct(left);
  const shown = showValue(operation.output);
  return new Rejection(() =>
    state.every(({ length }) => length === 0)
      ? `the queue is empty here, and the dequeue returned ${shown}`
      : `${shown} is not in the queue here, which holds ${showContents(state[0] ?? [])}`,
  );
}

/** Put where it belongs. */
function withValue(contents: Contents, value: Value): Contents {
  let [low, high] = [0, contents.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byValue(contents[middle] as Value, value) <= 0) low = middle + 1;
    else high = middle;
  }
  return contents.toSpliced(low, 0, value);
}

/** Values in the contents that one dequeue of unknown outcome may leave: some tenths of a second, and 100 MB. */
const most = 2 ** 22;

function mustFit(state: Possibilities): void {
  const [{ length } = []] = state;
  if (state.length * length * length <= most) return;
  throw new TooLarge(
    `dequeues of unknown outcome may have taken any of ${length} values, which leaves too many contents to keep in mind; values that are enqueued only once would help`,
  );
}

/** Equal values are side by side. */
const withoutEach = (contents: Contents): Contents[] =>
  contents.flatMap((value, place) =>
    place > 0 && sameValue(value, contents[place - 1] as Value) ? [] : [contents.toSpliced(place, 1)],
  );

function distinct(all: readonly Contents[]): Possibilities {
  if (all.length < 2) return all;
  const byContents = new Map(all.map((contents) => [contentsKey(contents), contents]));
  return [...byContents].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, contents]) => contents);
}
