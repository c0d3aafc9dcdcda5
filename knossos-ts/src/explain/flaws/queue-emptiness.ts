/** A queue that was found empty although something was in it all the time. */
import type { Operation } from '../../history/operation.ts';
import { showValue } from '../../history/value.ts';
import { queueWords } from '../../models/fifo-queue.ts';
import { EmptyMoments, type Passage, type Passages } from '../../models/queue-passages.ts';
import { deed, gap, whose } from '../phrases.ts';
import type { Flaw } from './flaw.ts';
import { absence, atMost, operationsOf, shownValues, takersBefore } from './queue-proof.ts';

export function calledEmpty(passages: Passages, empties: readonly Operation[]): Flaw | undefined {
  const moments = new EmptyMoments(passages);
  for (const subject of empties.toSorted((one, other) => one.called - other.called)) {
    if (moments.from(subject.called) <= subject.returned) continue;
    return neverEmpty(subject, coverOf(subject, passages), passages.untaken);
  }
  return undefined;
}

/** Values of which one at least is in the queue for sure at each moment while the operation runs, the one after the other. */
function coverOf({ called, returned }: Operation, { all, untaken }: Passages): readonly Passage[] {
  const cover: Passage[] = [];
  const enough = untaken.find(({ outCalled }) => outCalled > returned);
  let next = 0;
  let slowest: Passage | undefined;
  for (let moment = called; moment <= returned;) {
    for (; (all[next]?.inReturned ?? Infinity) < moment; next++) {
      if (slowest === undefined || (all[next] as Passage).outCalled > slowest.outCalled) slowest = all[next];
    }
    if (slowest === undefined) break;
    // Of those that nobody returned and that are there to the end, the first one needs the fewest words.
    cover.push(slowest.rank >= 0 && slowest.outCalled > returned ? (enough ?? slowest) : slowest);
    moment = slowest.outCalled;
  }
  return cover;
}

function neverEmpty(subject: Operation, cover: readonly Passage[], untaken: readonly Passage[]): Flaw {
  const [inside] = cover as readonly [Passage];
  const rank = Math.max(...cover.map((passage) => passage.rank));
  const who = `Process ${subject.process} ${deed(subject, queueWords)}`;
  if (cover.length > 1 || rank > 0) {
    const last = untaken[rank];
    const takers = takersBefore(rank, untaken);
    const unseen = last === undefined ? [] : untaken.slice(0, rank + 1);
    const seen = cover.filter((passage) => passage.rank < 0);
    const values = [...seen, ...unseen];
    const also =
      last === undefined
        ? ''
        : `; nobody returned ${seen.length > 0 ? shownValues(unseen) : unseen.length > 1 ? 'any of them' : 'it'}, and ${atMost(takers)} may have taken one in time`;
    // The taker of the last one, too, began only when something else was in the queue, or never.
    const operations = [
      ...[...seen, ...unseen].flatMap(({ enqueue, dequeue }) => [...operationsOf(enqueue), ...operationsOf(dequeue)]),
      subject,
    ];
    // A value that came out only later is shown to do so where a dequeue of unknown outcome might else have taken it.
    const late = operations.some(({ type, called }) => type === 'info' && called <= subject.returned)
      ? seen.map(({ dequeue }) => dequeue)
      : [];
    return {
      sentence: `${who}, although at no moment while it ran can it have been empty: ${shownValues(values)} ${values.length > 1 ? 'were' : 'was'} in it${also}.`,
      operations: [...new Set(operations)].filter((one) => one.called <= subject.returned || late.includes(one)),
      subject,
    };
  }
  const out = inside.rank < 0 ? inside.dequeue : undefined;
  const still = out === undefined ? absence(inside) : 'was dequeued only later';
  const value = showValue(inside.value);
  const since =
    inside.enqueue === undefined
      ? `although ${value} was in it from the beginning and`
      : `${gap(inside.enqueue.completedAt, subject.invokedAt, 'after')} ${whose(inside.enqueue, queueWords)} was over, although ${value}`;
  return {
    sentence: `${who}, ${since} ${still}.`,
    operations: [...operationsOf(inside.enqueue), subject, ...operationsOf(out)],
    subject,
  };
}
