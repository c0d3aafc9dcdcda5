import { distance } from 'fastest-levenshtein';
import { UsageError } from './errors.ts';

/**
 * The error for a name that is in no registry. It proposes the nearest known name, unless more than half of the given
 * one would have to change, and lists them all: `Unknown system "rfat". Did you mean raft? Known: craq, raft.`
 */
export function unknownName(kind: string, name: string, known: readonly string[]): UsageError {
  const sorted = known.toSorted();
  const nearest = sorted.toSorted((one, other) => distance(name, one) - distance(name, other))[0];
  const near = nearest !== undefined && distance(name, nearest) <= Math.ceil(name.length / 2);
  const hint = near ? ` Did you mean ${nearest}?` : '';
  return new UsageError(`Unknown ${kind} "${name}".${hint} Known: ${sorted.join(', ')}.`);
}
