/** A second opinion about one operation that no model allows, from the operations alone. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue } from '../../history/value.ts';
import { expectedValue, observedValue, producedValue, refusal } from '../../models/register-values.ts';
import type { Impossible } from '../index/history-index.ts';

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
  const isWritten = (value: Value): boolean =>
    history.some((writer) => {
      if (writer.type === 'fail' || !sameValue(writer.key, operation.key)) return false;
      // What swaps a value for itself has brought it about no more than a read has.
      const expected = expectedValue(writer);
      if (expected !== undefined && sameValue(expected, value)) return false;
      const made = writer.f === 'append' ? writer.input : producedValue(writer);
      return made !== undefined && sameValue(made, value);
    });
  if (isOfLists) return shownBy(operation).some((element) => !isWritten(element));
  const seen = observedValue(operation);
  return seen !== undefined && !sameValue(seen, initial) && !isWritten(seen);
}

const shownBy = ({ output }: Operation): readonly Value[] => (isList(output) ? output : []);

const hasTwice = (values: readonly Value[]): boolean =>
  values.some((value, place) => values.slice(0, place).some((other) => sameValue(value, other)));
