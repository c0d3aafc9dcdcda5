/**
 * What a whole history tells of the contents of a first-in-first-out queue. A search that did not know it would try all
 * orders of concurrent enqueues, and find out only when the values come out, or never.
 */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import type { Outlook } from './model.ts';

type Contents = readonly Value[];

/**
 * A value that no dequeue is known to have returned is like any other such value: only a dequeue of unknown outcome can
 * take it, and nobody sees which. Of these values at most as many come out as there are such dequeues; one more, and
 * whatever is behind it stays in the queue forever, so that nobody will see that, either.
 *
 * Where values are enqueued once each, of two that are in the queue the later one cannot have come out surely before the
 * earlier one. Only the newest needs a look, since the others were there before it.
 */
export function queueOutlook(operations: readonly Operation[], initial: Contents): Outlook<Contents> {
  const dequeues = new Map<ValueKey, Operation>();
  const takers: Operation[] = [];
  for (const operation of operations) {
    if (operation.f !== 'dequeue') continue;
    if (operation.type === 'ok') dequeues.set(valueKey(operation.output), operation);
    else takers.push(operation);
  }
  const isTaken = (value: Value): boolean => dequeues.has(valueKey(value));
  const outlook: Outlook<Contents> = {
    alike: ({ f, input }) => (f === 'enqueue' && !isTaken(input) ? 'enqueue of what nobody returned' : undefined),
    simplest: (contents) => {
      let untaken = 0;
      const end = contents.findIndex((value) => !isTaken(value) && ++untaken > takers.length);
      return end === -1 ? contents : contents.slice(0, end + 1);
    },
  };
  if (!isUnique(operations, initial)) return outlook;
  const isViable = (contents: Contents): boolean => {
    const out = dequeues.get(valueKey(contents.at(-1) ?? null));
    if (contents.length === 0 || out === undefined) return true;
    let untaken = 0;
    for (const value of contents) {
      const other = dequeues.get(valueKey(value));
      if (other === undefined) untaken++;
      else if (other.called > out.returned) return false;
    }
    return untaken === 0 || takers.filter(({ called }) => called <= out.returned).length >= untaken;
  };
  return { ...outlook, isViable };
}

function isUnique(operations: readonly Operation[], initial: Contents): boolean {
  const enqueued = operations.filter(({ f }) => f === 'enqueue').map(({ input }) => input);
  const all = [...initial, ...enqueued];
  return new Set(all.map(valueKey)).size === all.length;
}
