/** Puts the operations of one register, however they came about, into columns. */
import type { Operation, Value } from '../../history/operation.ts';
import type { Model } from '../../models/model.ts';
import type { Place } from './explanation.ts';
import type { Grouped } from './grouped.ts';
import { RegisterColumns, type RegisterFunctions } from './register-columns.ts';

/** The code of the model's initial value beside it. */
export function placeOf(
  model: Model<Value>,
  functions: RegisterFunctions,
  history: readonly Operation[],
): { readonly place: Place; readonly initial: number } {
  const columns = new RegisterColumns(functions, history.length);
  for (const [number, { f, input, type, output }] of history.entries()) {
    columns.invoked(f, input);
    columns.completed(number, f, type, output);
  }
  const ranks = ranksOf(history.flatMap(({ called, returned }) => [called, returned]));
  const rank = (position: number): number => ranks.get(position) ?? 0;
  const operations: Grouped = {
    called: Int32Array.from(history, ({ called }) => rank(called)),
    // As in a history that is read, where those of unknown outcome have some position, too.
    returned: Int32Array.from(history, ({ type, returned }) => (type === 'ok' ? rank(returned) : 0)),
    observed: columns.observed.all,
    produced: columns.produced.all,
    kind: columns.kind.all,
    source: undefined,
  };
  const key = history[0]?.key ?? null;
  const operation = (number: number): Operation => history[number] as Operation;
  return {
    place: { model, key, operations, from: 0, to: history.length, operation },
    initial: columns.codes.codeOf(model.init),
  };
}

/** Positions that are equal stay so. */
function ranksOf(positions: readonly number[]): Map<number, number> {
  const sorted = Float64Array.from(new Set(positions)).toSorted();
  return new Map(Array.from(sorted, (position, rank) => [position, rank]));
}
