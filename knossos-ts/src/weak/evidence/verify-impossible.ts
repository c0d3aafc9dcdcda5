/** A second opinion about one operation that no model allows, from the operations alone. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, valueKey } from '../../history/value.ts';
import { expectedValue, observedValue, refusal } from '../../models/register-values.ts';
import type { Impossible } from '../index/history-index.ts';
import { Sources } from './sources.ts';

/** `history`: everything that was given to the check. */
export function verifyImpossible(
  rule: Impossible['rule'],
  operation: Operation,
  history: readonly Operation[],
  initial: Value,
): boolean {
  const isOfLists =
    history.some(({ f }) => f === 'append') || history.every(({ f }) => f === 'read' && isList(operation.output));
  if (rule === 'duplicate') return isOfLists && hasTwice(shownBy(operation));
  if (rule === 'contradiction') {
    const { current } = refusal(operation) ?? {};
    const expected = expectedValue(operation);
    return current !== undefined && expected !== undefined && sameValue(current, expected);
  }
  const sources = new Sources(history);
  const isWritten = (value: Value): boolean =>
    sources.makers(operation.key, value).some((writer) => {
      // What swaps a value for itself has brought it about no more than a read has.
      const expected = expectedValue(writer);
      return expected === undefined || !sameValue(expected, value);
    });
  if (isOfLists) return shownBy(operation).some((element) => !isWritten(element));
  const seen = observedValue(operation);
  return seen !== undefined && !sameValue(seen, initial) && !isWritten(seen);
}

const shownBy = ({ output }: Operation): readonly Value[] => (isList(output) ? output : []);

const hasTwice = (values: readonly Value[]): boolean => new Set(values.map(valueKey)).size < values.length;
