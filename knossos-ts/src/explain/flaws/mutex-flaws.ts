/** What is wrong with a lock: taken or given back twice in a row, with nothing that could have come in between. */
import type { Operation } from '../../history/operation.ts';
import type { Words } from '../../models/model.ts';
import { wasTurnedAway, type Lock } from '../../models/mutex.ts';
import { deed, gap } from '../phrases.ts';
import { isOk, mayComeBetween, mayHaveHappened, type Flaw } from './flaw.ts';

export function mutexFlaw(history: readonly Operation[], initial: Lock, words: Words): Flaw | undefined {
  const acquires = history.filter((one) => one.f === 'acquire' && mayHaveHappened(one) && !wasTurnedAway(one));
  const releases = history.filter((one) => one.f === 'release' && mayHaveHappened(one));
  return (
    unprepared(initial === 'held' ? acquires : releases, initial === 'held' ? releases : acquires, initial, words) ??
    twice(acquires, releases, 'acquired it', 'release', words) ??
    twice(releases, acquires, 'released it', 'acquire', words)
  );
}

/** The first of its kind, and nothing that makes it possible had begun. */
function unprepared(
  some: readonly Operation[],
  others: readonly Operation[],
  initial: Lock,
  words: Words,
): Flaw | undefined {
  const begun = others.reduce((earliest, { called }) => Math.min(earliest, called), Infinity);
  const subject = some.find((one) => isOk(one) && one.returned < begun);
  if (subject === undefined) return undefined;
  const why = initial === 'held' ? 'it was held and no release had begun by then' : 'no acquire had begun by then';
  return {
    sentence: `Process ${subject.process} ${deed(subject, words)}, although ${why}.`,
    operations: [subject],
    subject,
  };
}

/** One was over before the next began, and none of the others can have come between them. */
function twice(
  some: readonly Operation[],
  others: readonly Operation[],
  did: string,
  needed: string,
  words: Words,
): Flaw | undefined {
  const sure = some.filter(isOk);
  const over = sure.toSorted((one, other) => one.returned - other.returned);
  let last = 0;
  for (const subject of sure.toSorted((one, other) => one.called - other.called)) {
    while (last < over.length && (over[last] as Operation).returned < subject.called) last++;
    const before = over[last - 1];
    if (before === undefined || others.some((one) => mayComeBetween(one, before, subject))) continue;
    const later = gap(before.completedAt, subject.invokedAt, 'after');
    const who = before.process === subject.process ? 'it' : `process ${before.process}`;
    const sentence = `Process ${subject.process} ${deed(subject, words)}, ${later} ${who} had ${did}, and no ${needed} can have come in between.`;
    return { sentence, operations: [before, subject], subject };
  }
  return undefined;
}
