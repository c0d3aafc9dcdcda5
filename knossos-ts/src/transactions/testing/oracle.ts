/**
 * Brute force: tries every order of every choice of what may have happened. A state is a version and a value for each
 * key; a transaction of unknown outcome whose compares do not hold does nothing, which is as if it had not happened.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, valueKey, type ValueKey } from '../../history/value.ts';
import type { TransactionModel } from '../models.ts';

interface Cell {
  readonly version: number;
  readonly value: Value;
}

type State = ReadonlyMap<ValueKey, Cell>;

/** Whether some legal order exists. For a dozen operations at most. */
export function isKept(model: TransactionModel, operations: readonly Operation[], initial: Value): boolean {
  const may = operations.filter(({ type, f }) => type === 'ok' || (type === 'info' && f === 'txn'));
  const failed = new Set<string>();

  function search(done: number, state: State): boolean {
    if (may.every(({ type }, place) => type === 'info' || isIn(done, place))) return true;
    const place = `${done} ${[...state]
      .map(([key, { version, value }]) => `${key}:${version}:${valueKey(value)}`)
      .toSorted()
      .join()}`;
    if (failed.has(place)) return false;
    const found = may.some((operation, number) => {
      if (isIn(done, number) || may.some((other, one) => !isIn(done, one) && mustPrecede(model, other, operation)))
        return false;
      const next = step(state, operation, initial);
      return next !== null && search(done | (1 << number), next);
    });
    if (!found) failed.add(place);
    return found;
  }
  return search(0, new Map());
}

const isIn = (set: number, place: number): boolean => (set & (1 << place)) !== 0;

/** What may not have happened at all need not come first. */
function mustPrecede(model: TransactionModel, one: Operation, other: Operation): boolean {
  if (one.type === 'info' || one === other || model === 'serializable') return false;
  if (model === 'session-serializable') return one.process === other.process && one.called < other.called;
  return one.returned < other.called;
}

/** The state after it; null where it cannot have come out like this. */
export function step(state: State, operation: Operation, initial: Value): State | null {
  const at = (key: Value): Cell => state.get(valueKey(key)) ?? { version: 0, value: initial };
  const { f, type, key, input, output } = operation;
  if (f === 'read') return sameValue(at(key).value, output) ? state : null;
  const rows = input as readonly (readonly [string, Value, Value])[];
  const holds = rows.every(([what, of, version]) => what !== 'c' || at(of).version === version);
  const said = output as { readonly committed?: boolean; readonly current?: Value; readonly parts?: Value } | null;
  if (type === 'ok' && said?.committed === false) {
    const told = said.current as readonly (readonly [string, Value, number])[];
    return !holds && told.every(([, of, version]) => at(of).version === version) ? state : null;
  }
  if (!holds) return null;
  const answered = type === 'ok' ? (said?.parts as readonly (readonly [string, Value, Value])[]) : [];
  const agrees = answered.every(([what, of, seen]) => what !== 'r' || isWhat(seen, at(of)));
  if (!agrees) return null;
  const next = new Map(state);
  for (const [what, of, value] of rows)
    if (what === 'w') next.set(valueKey(of), { version: at(of).version + 1, value });
  return next;
}

function isWhat(seen: Value, cell: Cell): boolean {
  if (typeof seen !== 'object' || seen === null || isList(seen)) return sameValue(seen, cell.value);
  const { value = null, version } = seen;
  return sameValue(value, cell.value) && version === cell.version;
}
