/** Puts the verdicts of the keys together: false wins over unknown, unknown over true. */
import { count, listed } from '../explain/words.ts';
import { showKey } from '../history/value.ts';
import type { Analysis, Counterexample, KeyVerdict, Verdict } from '../verdict.ts';

/** `tied`: how many events share their time with another. */
export const analysisOf = (keys: readonly KeyVerdict[], tied: number, milliseconds: number): Analysis => {
  const summary = summaryOf(keys);
  return { verdict: merge(keys, summary), keys, summary, tied, milliseconds };
};

function merge(keys: readonly KeyVerdict[], summary: string): Verdict {
  let counterexample: Counterexample | undefined;
  let undecided: KeyVerdict | undefined;
  for (const key of keys) {
    const { verdict } = key;
    if (verdict.valid === false) counterexample = easier(counterexample, verdict.counterexample);
    if (verdict.valid === 'unknown') undecided ??= key;
  }
  if (counterexample !== undefined) return { valid: false, counterexample };
  if (undecided?.verdict.valid !== 'unknown') {
    const [only] = keys;
    return keys.length === 1 && only?.verdict.valid === true ? only.verdict : { valid: true };
  }
  const { reason, detail } = undecided.verdict;
  const where = undecided.key === null ? '' : `key ${showKey(undecided.key)}: `;
  return { valid: 'unknown', reason, detail: `${summary} (${where}${detail})` };
}

/** The one that was verified, and then the shorter one, is the better to read. */
function easier(one: Counterexample | undefined, other: Counterexample): Counterexample {
  if (one === undefined) return other;
  if (one.verified !== other.verified) return one.verified ? one : other;
  return other.operations.length < one.operations.length ? other : one;
}

function summaryOf(keys: readonly KeyVerdict[]): string {
  if (keys.length === 0) return 'no operations';
  const named = (valid: Verdict['valid']): string[] =>
    keys.filter(({ verdict }) => verdict.valid === valid).map(({ key }) => showKey(key));
  const violated = named(false);
  const undecided = named('unknown');
  if (keys.length === 1 && keys[0]?.key === null) {
    return violated.length > 0 ? 'violated' : undecided.length > 0 ? 'undecided' : 'proven';
  }
  const proven = keys.length - violated.length - undecided.length;
  return [
    `${count(proven)} of ${count(keys.length)} ${keys.length === 1 ? 'key' : 'keys'} proven`,
    ...(violated.length > 0 ? [`${some(violated)} violated`] : []),
    ...(undecided.length > 0 ? [`${some(undecided)} undecided`] : []),
  ].join('; ');
}

const some = (keys: readonly string[]): string =>
  keys.length > 3 ? `${count(keys.length)} keys` : `${keys.length === 1 ? 'key' : 'keys'} ${listed(keys)}`;
