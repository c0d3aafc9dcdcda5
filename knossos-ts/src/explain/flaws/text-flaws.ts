/** What is wrong with a text that grows: something that was appended is missing, with no put that can have removed it. */
import type { Operation } from '../../history/operation.ts';
import type { Words } from '../../models/model.ts';
import { deed, gap } from '../phrases.ts';
import { isOk, mayComeBetween, mayHaveHappened, type Flaw } from './flaw.ts';

/** All pairs of so many operations are looked at in some tens of milliseconds. */
const most = 2_000;

export function textFlaw(history: readonly Operation[], words: Words): Flaw | undefined {
  if (history.length > most) return undefined;
  const puts = history.filter((one) => one.f === 'put' && mayHaveHappened(one));
  const appends = history.filter((one) => one.f === 'append' && isOk(one));
  for (const subject of history) {
    if (subject.f !== 'get' || !isOk(subject)) continue;
    const seen = textOf(subject.output);
    const lost = appends.find(
      (append) =>
        append.returned < subject.called &&
        !seen.includes(textOf(append.input)) &&
        !puts.some((put) => mayComeBetween(put, append, subject)),
    );
    if (lost === undefined) continue;
    const later = gap(lost.completedAt, subject.invokedAt, 'after');
    const shown = JSON.stringify(textOf(lost.input));
    const sentence = `Process ${subject.process} ${deed(subject, words)}, ${later} process ${lost.process} had been told that ${shown} was appended, and no put can have come in between.`;
    return { sentence, operations: [lost, subject], subject };
  }
  return undefined;
}

const textOf = (value: Operation['input']): string => (typeof value === 'string' ? value : '');
