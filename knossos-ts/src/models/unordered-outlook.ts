/**
 * What a whole history tells of the contents of an unordered queue. Values that no dequeue returned are all alike, since
 * nobody sees which of them one of unknown outcome took. And where values are enqueued once each, one of unknown outcome
 * cannot have taken a value that somebody returned: of the contents that the queue may have, those that lack one more of
 * these than others lead nowhere.
 */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import { byValue, contentsKey, type Contents } from './fifo-queue.ts';
import type { Outlook } from './model.ts';

export function unorderedOutlook(operations: readonly Operation[], initial: Contents): Outlook<readonly Contents[]> {
  const taken = new Set<ValueKey>();
  for (const { f, type, output } of operations) if (f === 'dequeue' && type === 'ok') taken.add(valueKey(output));
  const isTaken = (value: Value): boolean => taken.has(valueKey(value));
  const values = [...initial, ...operations.filter(({ f }) => f === 'enqueue').map(({ input }) => input)];
  const isUnique = new Set(values.map(valueKey)).size === values.length;
  const [untaken = null] = values.filter((value) => !isTaken(value));
  const alike = (count: number): Contents => Array.from({ length: count }, () => untaken);
  /** Sorted, as the model has it. */
  const simple = (contents: Contents): Contents => {
    const seen = contents.filter(isTaken);
    const above = seen.findIndex((value) => byValue(value, untaken) > 0);
    const place = above < 0 ? seen.length : above;
    return [...seen.slice(0, place), ...alike(contents.length - seen.length), ...seen.slice(place)];
  };
  const withoutUntaken = (contents: Contents): Contents => {
    const place = contents.findIndex((value) => !isTaken(value));
    // Where somebody is known to return each of them, it leads nowhere whichever is gone.
    return contents.toSpliced(Math.max(place, 0), 1);
  };
  return {
    alike: ({ f, input }) => (f === 'enqueue' && !isTaken(input) ? 'enqueue of what nobody returned' : undefined),
    after: (state, { f, type }) =>
      isUnique && f === 'dequeue' && type !== 'ok' ? state.map(withoutUntaken) : undefined,
    simplest: (state) => {
      const all = state.map(simple);
      const most = isUnique ? Math.max(...all.map((contents) => contents.filter(isTaken).length)) : 0;
      const best = all.filter((contents) => contents.filter(isTaken).length >= most);
      return [...new Map(best.map((contents) => [contentsKey(contents), contents])).values()];
    },
  };
}
