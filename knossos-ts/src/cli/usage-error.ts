/** Something that only whoever called the program can mend. Exit code 254. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** `Unknown model "regsiter". Did you mean register? Known: ...`. */
export function unknownName(kind: string, name: string, known: readonly string[]): UsageError {
  const nearest = known.toSorted((one, other) => distance(name, one) - distance(name, other))[0];
  const isNear = nearest !== undefined && distance(name, nearest) <= Math.ceil(name.length / 2);
  const hint = isNear ? ` Did you mean ${nearest}?` : '';
  return new UsageError(`Unknown ${kind} "${name}".${hint} Known: ${known.join(', ')}.`);
}

/** How many characters must be put in, taken out or changed (Levenshtein 1966). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let line = 1; line <= one.length; line++) {
    const next = [line];
    for (let at = 1; at <= other.length; at++) {
      const change = (row[at - 1] ?? 0) + Number(one[line - 1] !== other[at - 1]);
      next.push(Math.min(change, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
