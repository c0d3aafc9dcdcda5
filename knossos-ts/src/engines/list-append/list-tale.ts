/** Flaws of lists in words. Lists grow long: what is shown is where they differ. */
import { gap, whose } from '../../explain/phrases.ts';
import { count, counted, instant } from '../../explain/words.ts';
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, showKey, showValue } from '../../history/value.ts';
import type { ForcedOrder } from '../../verdict.ts';
import type { ListStory } from './explanation.ts';

/** Longer lists are told by their length. */
const few = 8;

export function sentenceOf(story: ListStory, key: Value): string {
  const { flaw, accused, other } = story;
  const from = key === null ? '' : ` from key ${showKey(key)}`;
  const who = `Process ${accused.process} read ${listOf(accused)}${from}${accused.node === undefined ? '' : ` at node ${accused.node}`}`;
  switch (flaw.kind) {
    case 'thin-air':
      return `${who} with ${elementAt(accused, flaw.at)} in it, but nothing that can have appended ${elementAt(accused, flaw.at)} took effect.`;
    case 'lost-beginning':
      return `${who}, which does not begin with what was there at the beginning.`;
    case 'duplicate':
      return `${who} with ${elementAt(accused, flaw.at)} in it twice, although that was appended once.`;
    case 'incompatible': {
      const rival = other as Operation;
      return `${who} and process ${rival.process} read ${listOf(rival)}: neither continues the other, as element ${count(flaw.at + 1)} is ${elementAt(accused, flaw.at)} in the one and ${elementAt(rival, flaw.at)} in the other.`;
    }
    case 'order':
    default:
      return outOfOrder(story, key, who);
  }
}

function outOfOrder({ accused, other, longest, words }: ListStory, key: Value, who: string): string {
  const rival = other as Operation;
  const named = key === null ? '' : ` on key ${showKey(key)}`;
  if (accused.f === 'read' && rival.returned < accused.called) {
    const knower = rival.process === accused.process ? 'it' : `process ${rival.process}`;
    const knew =
      rival.f === 'read' ? `had read ${listOf(rival)}` : `had been told that ${showValue(rival.input)} was appended`;
    return `${who}, ${gap(rival.completedAt, accused.invokedAt, 'after')} ${knower} ${knew}.`;
  }
  const [early, late] = rival.returned < accused.called ? [rival, accused] : [accused, rival];
  if (early.f === 'read') {
    const began = gap(early.completedAt, late.invokedAt, 'before');
    return `${capital(whoRead(early))}${named}, ${began} ${whose(late, words)} began.`;
  }
  const order = longest === undefined ? 'the list' : `the list that process ${longest.process} read`;
  return `${capital(whose(early, words))}${named} was over ${gap(early.completedAt, late.invokedAt, 'before')} ${whose(late, words)} began, but in ${order} it does not come before it.`;
}

const whoRead = (read: Operation): string => `process ${read.process} read ${listOf(read)}`;

/** Why the accused cannot be, where there is no order to look at. */
export function reasonOf({ flaw, accused, other, words }: ListStory): string {
  if (flaw.kind === 'order') return `it began after ${whose(other as Operation, words)} was over`;
  return `the list is another where it saw ${elementAt(accused, flaw.at)}`;
}

/** Which append a read had to follow. */
export function* readsFrom(operations: readonly Operation[]): Generator<ForcedOrder> {
  const appends = operations.filter(({ f }) => f === 'append');
  for (const read of operations.filter(({ f, type }) => f === 'read' && type === 'ok')) {
    for (const append of appends) {
      if (!isList(read.output) || !read.output.some((element) => sameValue(element, append.input))) continue;
      const shown = showValue(append.input);
      const why = `Only the append of ${shown}, invoked at ${instant(append.invokedAt)}, puts ${shown} there; the read of ${listOf(read)} saw it by ${instant(read.completedAt)}.`;
      yield { before: append.id, after: read.id, rule: 'reads-from', why };
    }
  }
}

function listOf({ output }: Operation): string {
  if (!isList(output) || output.length <= few) return showValue(output ?? []);
  return `a list of ${counted(output.length, 'element')} up to ${showValue(output.at(-1) ?? null)}`;
}

const elementAt = ({ output }: Operation, at: number): string =>
  isList(output) && at < output.length ? showValue(output[at] ?? null) : 'missing';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
