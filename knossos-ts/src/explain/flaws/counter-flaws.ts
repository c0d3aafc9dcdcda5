/** What is wrong with a counter: a count that no choice among the adds can have made by then. */
import type { Operation } from '../../history/operation.ts';
import { amountOf, countSeen, sum, type Count } from '../../models/counter.ts';
import type { Words } from '../../models/model.ts';
import { deed } from '../phrases.ts';
import { mayHaveHappened, type Flaw } from './flaw.ts';

interface Change {
  /** When it may count at the earliest, or has to at the latest. */
  readonly at: number;
  readonly amount: Count;
}

/**
 * The highest count: all that adds and may have begun, less what takes away and was over before; the lowest likewise.
 */
export function counterFlaw(history: readonly Operation[], initial: Count, words: Words): Flaw | undefined {
  const adds = history.filter((one) => one.f === 'add' && mayHaveHappened(one));
  const called = running(
    adds.map((one) => ({ at: one.called, amount: amountOf(one) })),
    true,
  );
  const over = running(
    adds.map((one) => ({ at: one.returned, amount: amountOf(one) })),
    false,
  );
  for (const subject of history) {
    const seen = mayHaveHappened(subject) ? countSeen(subject) : undefined;
    if (seen === undefined) continue;
    const most = sum(initial, sum(called.up(subject.returned), over.down(subject.called)));
    const least = sum(initial, sum(called.down(subject.returned), over.up(subject.called)));
    if (seen <= most && seen >= least) continue;
    const bound = seen > most ? `cannot have been more than ${most}` : `cannot have been less than ${least}`;
    const sentence = `Process ${subject.process} ${deed(subject, words)}, although the count ${bound} then.`;
    const others = adds.filter((one) => one !== subject && one.called <= subject.returned);
    return { sentence, operations: [...needed(others, subject, seen > most), subject], subject };
  }
  return undefined;
}

/** What adds at most makes a count too high as soon as it is too high; what did not happen makes none. */
function needed(adds: readonly Operation[], subject: Operation, isTooHigh: boolean): readonly Operation[] {
  if (adds.length <= few || adds.some((one) => amountOf(one) < 0)) return adds;
  return isTooHigh ? [] : adds.filter(({ returned }) => returned < subject.called);
}

const few = 11;

interface Running {
  readonly up: (position: number) => Count;
  readonly down: (position: number) => Count;
}

/** Sums up to a position: with what is right there, or without. */
function running(changes: readonly Change[], isInclusive: boolean): Running {
  const sorted = changes.toSorted((one, other) => one.at - other.at);
  const sums: { readonly at: number; readonly up: Count; readonly down: Count }[] = [];
  let [up, down]: [Count, Count] = [0, 0];
  for (const { at, amount } of sorted) {
    if (amount > 0) up = sum(up, amount);
    else down = sum(down, amount);
    sums.push({ at, up, down });
  }
  const before = (position: number): (typeof sums)[number] | undefined => {
    let [low, high] = [0, sums.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { at } = sums[middle] as { readonly at: number };
      if (at < position || (at === position && isInclusive)) low = middle + 1;
      else high = middle;
    }
    return sums[low - 1];
  };
  return { up: (position) => before(position)?.up ?? 0, down: (position) => before(position)?.down ?? 0 };
}
