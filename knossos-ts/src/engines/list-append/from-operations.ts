/** Puts the operations of one list, however they came about, into columns. */
import type { Operation, Value } from '../../history/operation.ts';
import type { Model } from '../../models/model.ts';
import type { ListPlace } from './explanation.ts';
import { ListColumns } from './list-columns.ts';

/** `model`: list-append, which begins with `initial`. */
export function listPlaceOf(model: Model<unknown>, initial: Value, history: readonly Operation[]): ListPlace {
  const columns = new ListColumns(history.length);
  for (const [number, { f, input, type, output }] of history.entries()) {
    columns.invoked(f, input);
    columns.completed(number, f, type, output);
  }
  const sorted = Float64Array.from(new Set(history.flatMap(({ called, returned }) => [called, returned]))).toSorted();
  const ranks = new Map(Array.from(sorted, (position, rank) => [position, rank]));
  const beginning = (initial ?? []) as readonly Value[];
  return {
    model,
    key: history[0]?.key ?? null,
    initial: beginning,
    operation: (number) => history[number] as Operation,
    history: {
      columns,
      called: Int32Array.from(history, ({ called }) => ranks.get(called) ?? 0),
      // As in a history that is read, where those of unknown outcome have some position, too.
      returned: Int32Array.from(history, ({ type, returned }) => (type === 'ok' ? (ranks.get(returned) ?? 0) : 0)),
      members: Int32Array.from(history.keys()),
      initial: beginning.map((value) => columns.codes.codeOf(value)),
    },
  };
}
