/**
 * Takes the sentence of a counterexample at its word. What it says of all operations is looked up among all of them,
 * those that failed or were refused included, without any of the reasoning that led to it.
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, showValue } from '../history/value.ts';
import { must } from './legal-order.ts';

interface Claim {
  /** The value that it is about is the first group. */
  readonly words: RegExp;
  readonly holds: (about: Context) => boolean;
}

interface Context {
  /** As the sentence shows it. */
  readonly value: string;
  readonly history: readonly Operation[];
  readonly subject: Operation;
  /** Who "had been told" or "had read" something before. */
  readonly knower: Operation | undefined;
}

const writes = ({ f, input }: Operation): Value | undefined =>
  f === 'write' || f === 'insert' ? input : f === 'cas' && isList(input) ? input[1] : undefined;

const mayTakeEffect = ({ f, type, output }: Operation): boolean =>
  type === 'info' || (type === 'ok' && !isRefused(f, output));

const isRefused = (f: string, output: Value): boolean =>
  (f === 'cas' && !(output as { swapped: boolean }).swapped) ||
  (f === 'insert' && !(output as { inserted: boolean }).inserted);

/** What others were to write the value, and what of that may have taken effect. */
const attempts = ({ value, history, subject }: Context): Operation[] =>
  history.filter((other) => {
    const written = writes(other);
    return other !== subject && written !== undefined && showValue(written) === value;
  });
const makers = (about: Context): Operation[] => attempts(about).filter(mayTakeEffect);

const since = ({ knower }: Context, operation: Operation): boolean =>
  knower === undefined || operation.called > knower.returned;
const until = ({ subject }: Context, operation: Operation): boolean => operation.called <= subject.returned;

const claims: readonly Claim[] = [
  { words: /but nothing (?:else )?ever tried to write (.*) there\.$/, holds: (about) => attempts(about).length === 0 },
  {
    words: /nothing (?:else )?that could put (.*) back was ever invoked/,
    holds: (about) => attempts(about).length === 0,
  },
  {
    words: /nothing that could have put (.*) back took effect/,
    holds: (about) => makers(about).length === 0 && attempts(about).length > 0,
  },
  {
    words: /(?:surely failed|was refused) and nothing else ever wrote (.*)\.$/,
    holds: (about) => makers(about).length === 0 && attempts(about).length > 0,
  },
  {
    words: /with nothing that could make it (.*) in progress since/,
    holds: (about) =>
      makers(about).every((maker) => !until(about, maker) || maker.returned <= (about.knower?.returned ?? -Infinity)),
  },
  {
    words: /, and ([^,]*) had been written only once by then/,
    holds: (about) => makers(about).filter((maker) => until(about, maker)).length === 1 && about.value !== 'null',
  },
  {
    words: /although (.*) was written only once\.$/,
    holds: (about) => makers(about).length === 1 && about.value !== 'null',
  },
  {
    words: /although (.*) was the value at the beginning only\.$/,
    holds: (about) => makers(about).length === 0 && about.value === 'null',
  },
  {
    words: /was refused a cas from .*nothing (that could change it was invoked) since/,
    holds: (about) =>
      about.history.every(
        (other) =>
          other === about.subject || writes(other) === undefined || !since(about, other) || !until(about, other),
      ),
  },
  {
    words: /was refused a cas from .*nothing (that could have changed it took effect) since/,
    holds: (about) =>
      about.history.every(
        (other) =>
          other === about.subject ||
          writes(other) === undefined ||
          !mayTakeEffect(other) ||
          !until(about, other) ||
          other.returned <= (about.knower?.returned ?? -Infinity),
      ),
  },
];

/** In a history in which each operation has a process of its own. Returns how many claims it has checked. */
export function mustBeTrue(sentence: string, history: readonly Operation[]): number {
  const subject = history.find(({ process }) => sentence.startsWith(`Process ${process} `));
  if (subject === undefined) return 0;
  const knower = history.find(({ process }) => new RegExp(`\\bprocess ${process} had `).test(sentence));
  let checked = 0;
  for (const { words, holds } of claims) {
    const value = words.exec(sentence)?.[1];
    if (value === undefined) continue;
    checked++;
    must(holds({ value, history, subject, knower }), () => `it is not true that: ${sentence}`);
  }
  return checked;
}
