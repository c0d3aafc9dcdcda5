/** Says where ties leave little to judge: a history whose times are all the same has no order that could be broken. */
import { count } from '../explain/words.ts';
import type { FileAnalysis } from '../file/file-options.ts';
import type { TieRule } from '../intake/time-ties.ts';

/** A share of the events; fewer ties are the ordinary coincidences of a clock. */
const negligible = 0.01;

/** Undefined where few events share their time with another, or where their order counts all the same. */
export function tieWarning(
  { tied, events }: Pick<FileAnalysis, 'tied' | 'events'>,
  ties: TieRule = 'concurrent',
): string | undefined {
  if (ties === 'ordered' || tied <= events * negligible) return undefined;
  return `Warning: ${count(tied)} of ${count(events)} events share their time with another and count as concurrent, so that less can be found wrong. If events stand in the order in which they happened, say --ties ordered; otherwise record finer times.`;
}
