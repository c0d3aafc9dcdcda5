/** Whether some order of some operations is legal for those among them whose results count. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, valueKey } from '../../history/value.ts';
import { expectedValue, observedValue, seesAbsence } from '../../models/register-values.ts';
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
  small: Small,
  members: readonly number[],
  before: Relation,
  checked: ReadonlySet<number>,
): boolean {
  const failed = new Set<string>();
  const earlier = new Map(
    members.map((place) => [place, maskOf(members.filter((other) => before[other]?.[place] === true))]),
  );
  const all = maskOf(members);
  const search = (done: number, state: State): boolean => {
    if (done === all) return true;
    const name = `${done} ${[...state]
      .map(([key, value]) => `${String(key)} ${valueKey(value)}`)
      .toSorted()
      .join()}`;
    if (failed.has(name)) return false;
    for (const place of members) {
      if (((done >> place) & 1) === 1 || ((earlier.get(place) as number) & ~done) !== 0) continue;
      const next = stepped(state, small, place, checked.has(place));
      if (next !== undefined && search(done | (1 << place), next)) return true;
    }
    failed.add(name);
    return false;
  };
  return search(0, new Map());
}

const maskOf = (places: readonly number[]): number => places.reduce((mask, place) => mask | (1 << place), 0);

/** Whether what the last one returned is what it finds behind the others. */
export function isExplained(small: Small, order: readonly number[]): boolean {
  let state: State = new Map();
  return order.every((place, at) => {
    const next = stepped(state, small, place, at === order.length - 1);
    if (next !== undefined) state = next;
    return next !== undefined;
  });
}

/** By key. */
type State = ReadonlyMap<unknown, Value>;

function stepped(state: State, { operations, initial }: Small, place: number, isChecked: boolean): State | undefined {
  const operation = operations[place] as Operation;
  const key = valueKey(operation.key);
  if (operation.f === 'append') {
    const list = state.get(key) ?? [];
    return new Map(state).set(key, [...(isList(list) ? list : []), operation.input]);
  }
  const current = state.get(key) ?? (isList(operation.output) ? [] : initial);
  const seen = operation.f === 'read' ? operation.output : observedValue(operation);
  if (isChecked && seen !== undefined && !sameValue(current, seen)) return undefined;
  // Refused, without a word about the present value: it is not the one that was expected.
  if (isChecked && seesAbsence(operation) && sameValue(current, expectedValue(operation) ?? null)) return undefined;
  const made = written(operation);
  return made === undefined ? state : new Map(state).set(key, made);
}

/** One order of everything, each session kept, every result explained. */
export const isSequential = (small: Small): boolean => {
  const all = small.operations.map((_, place) => place);
  return hasOrder(small, all, small.session, new Set(all));
};
