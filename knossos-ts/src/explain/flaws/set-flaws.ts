/** What is wrong with a set: elements from nowhere, and elements that were there and are missing though nothing removed them. */
import type { Operation, Value } from '../../history/operation.ts';
import { showValue, valueKey, type ValueKey } from '../../history/value.ts';
import type { Words } from '../../models/model.ts';
import { membersSeen, presenceSeen, type Members } from '../../models/set.ts';
import { deed, gap, whose } from '../phrases.ts';
import { first, groupedBy, isOk, mayHaveHappened, type Flaw } from './flaw.ts';

export function setFlaw(history: readonly Operation[], initial: Members, words: Words): Flaw | undefined {
  const reads = history.filter((one) => one.f === 'read' && isOk(one));
  const about = groupedBy(history, ({ f, input }) => (f === 'read' ? undefined : valueKey(input)));
  const values = new Map<ValueKey, Value>(initial.map((value) => [valueKey(value), value]));
  for (const { f, input } of history) if (f !== 'read') values.set(valueKey(input), input);
  const known = new Map(reads.map((read) => [read, new Set(membersSeen(read).map(valueKey))]));
  for (const read of reads) for (const value of membersSeen(read)) values.set(valueKey(value), value);
  const started = new Set(initial.map(valueKey));
  for (const [name, value] of values) {
    const operations = about.get(name) ?? [];
    const element = {
      value,
      adds: operations.filter((one) => one.f === 'add' && mayHaveHappened(one) && one.output !== false),
      removes: operations.filter((one) => one.f === 'remove' && mayHaveHappened(one) && one.output !== false),
      failed: operations.filter((one) => one.f === 'add' && !mayHaveHappened(one)),
      present: [
        ...operations.filter((one) => presenceSeen(one) === true),
        ...reads.filter((one) => known.get(one)?.has(name)),
      ],
      absent: [
        ...operations.filter((one) => presenceSeen(one) === false),
        ...reads.filter((one) => known.get(one)?.has(name) === false),
      ],
      isInitial: started.has(name),
    };
    const flaw = outOfNothing(element, words) ?? missing(element, words);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

interface Element {
  readonly value: Value;
  readonly adds: readonly Operation[];
  readonly removes: readonly Operation[];
  readonly failed: readonly Operation[];
  /** Who saw it there, and who saw that it was not. */
  readonly present: readonly Operation[];
  readonly absent: readonly Operation[];
  readonly isInitial: boolean;
}

function outOfNothing({ value, adds, failed, present, isInitial }: Element, words: Words): Flaw | undefined {
  if (isInitial) return undefined;
  const subject = present.find((one) => !adds.some((add) => add !== one && add.called <= one.returned));
  if (subject === undefined) return undefined;
  const [early] = adds.filter((add) => add !== subject);
  const [idle] = failed;
  const why =
    early !== undefined
      ? `, ${gap(subject.completedAt, early.invokedAt, 'before')} ${whose(early, words)} began`
      : idle !== undefined
        ? `, although ${whose(idle, words)} surely failed and nothing else ever added ${showValue(value)} there`
        : `, but nothing ${subject.f === 'add' ? 'else ' : ''}ever added ${showValue(value)} there`;
  const sentence = `Process ${subject.process} ${deed(subject, words)}${why}.`;
  return { sentence, operations: early === undefined ? [subject] : [subject, early], subject };
}

/** Nothing that could remove it was invoked before the one who missed it was done. */
function missing({ value, adds, removes, present, absent }: Element, words: Words): Flaw | undefined {
  const told = first(adds.filter(isOk));
  const seen = first(present);
  for (const subject of absent) {
    if (removes.some(({ called }) => called <= subject.returned)) continue;
    const isTold = told !== undefined && told !== subject && told.returned < subject.called;
    const knower = isTold ? told : seen;
    if (knower === undefined || knower.returned >= subject.called) continue;
    const shown = showValue(value);
    const who = `Process ${subject.process} ${deed(subject, words)}${subject.f === 'read' ? ` without ${shown}` : ''}`;
    const later = gap(knower.completedAt, subject.invokedAt, 'after');
    const knew = isTold ? `had been told that ${shown} was added` : `had seen ${shown} there`;
    const sentence = `${who}, ${later} process ${knower.process} ${knew}, and nothing that could remove it had been invoked by then.`;
    const makers = isTold
      ? []
      : adds.filter((add) => add.called <= knower.returned && add !== subject && add !== knower);
    return { sentence, operations: [...makers.slice(0, 1), knower, subject], subject };
  }
  return undefined;
}
