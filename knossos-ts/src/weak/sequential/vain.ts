/**
 * Whether every order of some operations was tried in vain, by a search that shares nothing with the scheduler: it goes
 * through positions and values, not through versions and their readers.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue, valueKey } from '../../history/value.ts';
import { observedValue, producedValue } from '../../models/register-values.ts';

/** Beyond this many states it is not said to be in vain. */
const states = 100_000;

/** For registers. An operation of unknown outcome that is among them happened. */
export function isSearchedInVain(operations: readonly Operation[], initial: Value, isLate: () => boolean): boolean {
  const names = [...new Set(operations.map(({ process }) => process))];
  const sessions = names.map((name) => operations.filter(({ process }) => process === name));
  const keys = [...new Set(operations.map(({ key }) => valueKey(key)))];
  const seen = new Set<string>();
  const first = { next: sessions.map(() => 0), values: keys.map(() => initial) };
  const open = [first];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const { next, values } = state;
    if (next.every((at, session) => at === sessions[session]?.length)) return false;
    const name = `${next.join()} ${valueKey(values)}`;
    if (seen.has(name)) continue;
    if (seen.size === states || isLate()) return false;
    seen.add(name);
    sessions.forEach((session, number) => {
      const operation = session[next[number] as number];
      if (operation === undefined) return;
      const key = keys.indexOf(valueKey(operation.key));
      const observed = observedValue(operation);
      if (observed !== undefined && !sameValue(values[key] as Value, observed)) return;
      const produced = producedValue(operation);
      open.push({
        next: next.with(number, (next[number] as number) + 1),
        values: produced === undefined ? values : values.with(key, produced),
      });
    });
  }
  return true;
}
