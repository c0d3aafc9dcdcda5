/** Whether some order of some operations is legal for those among them whose results count. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, valueKey } from '../../history/value.ts';
import { observedValue } from '../../models/register-values.ts';
import { written, type Relation } from './oracle-relations.ts';

export interface Small {
  readonly operations: readonly Operation[];
  readonly initial: Value;
  readonly session: Relation;
  /** `sees[writer][reader]`. */
  readonly sees: Relation;
  readonly causal: Relation;
  readonly acyclic: boolean;
}

/** Operations by their places; `checked` are those whose results the order must explain. */
export function hasOrder(
  { operations, initial }: Small,
  members: readonly number[],
  before: Relation,
  checked: ReadonlySet<number>,
): boolean {
  const failed = new Set<string>();
  const search = (done: readonly number[], state: ReadonlyMap<unknown, Value>): boolean => {
    if (done.length === members.length) return true;
    const name = JSON.stringify([
      done.toSorted((one, other) => one - other),
      [...state].map((entry) => JSON.stringify(entry)).toSorted((one, other) => (one < other ? -1 : 1)),
    ]);
    if (failed.has(name)) return false;
    for (const place of members) {
      if (done.includes(place)) continue;
      if (members.some((other) => !done.includes(other) && before[other]?.[place] === true)) continue;
      const next = stepped(state, operations[place] as Operation, initial, checked.has(place));
      if (next !== undefined && search([...done, place], next)) return true;
    }
    failed.add(name);
    return false;
  };
  return search([], new Map());
}

function stepped(
  state: ReadonlyMap<unknown, Value>,
  operation: Operation,
  initial: Value,
  isChecked: boolean,
): ReadonlyMap<unknown, Value> | undefined {
  const key = valueKey(operation.key);
  if (operation.f === 'append') {
    const list = state.get(key) ?? [];
    return new Map(state).set(key, [...(isList(list) ? list : []), operation.input]);
  }
  const current = state.get(key) ?? (isList(operation.output) ? [] : initial);
  const seen = operation.f === 'read' ? operation.output : observedValue(operation);
  if (isChecked && seen !== undefined && !sameValue(current, seen)) return undefined;
  const made = written(operation);
  return made === undefined ? state : new Map(state).set(key, made);
}

/** One order of everything, each session kept, every result explained. */
export const isSequential = (small: Small): boolean => {
  const all = small.operations.map((_, place) => place);
  return hasOrder(small, all, small.session, new Set(all));
};
