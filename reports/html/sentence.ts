/**
 * Finds the values in a sentence of the checker, so that the page can set them as tokens and point to the operation
 * that each belongs to. The sentence stays the checker's own, word for word.
 */
import type { Counterexample, Operation, Value } from 'knossos-ts';
import { printable, shown } from '../wording.ts';

export type SentencePart = string | { readonly text: string; readonly operation: Operation };

/** The parts, joined, are the sentence. */
export function sentenceParts(sentence: string, counterexample: Counterexample): readonly SentencePart[] {
  const said = printable(sentence);
  const parts: SentencePart[] = [];
  let from = 0;
  for (const { index, text } of occurrences(said, counterexample)) {
    const operation = meant(said.slice(0, index), text, counterexample);
    if (operation === undefined) continue;
    if (index > from) parts.push(said.slice(from, index));
    parts.push({ text, operation });
    from = index + text.length;
  }
  if (from < said.length) parts.push(said.slice(from));
  return parts;
}

const longest = 80;

/** What a person would call the values of an operation. */
const valuesOf = ({ f, input, output }: Operation): readonly string[] =>
  (f === 'cas' && Array.isArray(input) ? [...(input as readonly Value[]), currentOf(output)] : [input, output])
    .filter((value) => value !== null && typeof value !== 'object')
    .map((value) => shown(value, longest));

/** What a cas that did not swap was told. */
const currentOf = (output: Value): Value =>
  typeof output === 'object' && output !== null && 'current' in output ? (output.current ?? null) : null;

function* occurrences(
  said: string,
  { operations }: Counterexample,
): Generator<{ readonly index: number; readonly text: string }> {
  const texts = [...new Set(operations.flatMap(valuesOf))].toSorted((one, other) => other.length - one.length);
  if (operations.some(({ output, f }) => f === 'read' && output === null)) texts.push('null');
  if (texts.length === 0) return;
  const words = texts.map((text) => text.replace(/[^\w\s]/g, String.raw`\$&`)).join('|');
  // A number after "process" or "key", or before a unit, is not a value.
  const value = new RegExp(
    String.raw`(?<![\w.,-]|(?:[Pp]rocess|[Pp]rocesses|[Kk]ey|[Nn]ode|[Oo]peration) )(?:${words})(?![\w-]|[.,]\d| (?:ns|µs|ms|s|seconds|operations|keys|times)\b)`,
    'g',
  );
  for (const match of said.matchAll(value)) yield { index: match.index, text: match[0] };
}

/** The operation of the process that was named last, if it has the value; else the one that wrote it. */
function meant(before: string, text: string, { operations, impossible }: Counterexample): Operation | undefined {
  const named = [...before.matchAll(/process (\d+)/gi)].at(-1)?.[1];
  const having = operations.filter((one) => valuesOf(one).includes(text) || (text === 'null' && one.output === null));
  return (
    having.find(({ process, id }) => String(process) === named && id === impossible) ??
    having.find(({ process }) => String(process) === named) ??
    having.find(({ f }) => f !== 'read') ??
    having[0]
  );
}
