/**
 * States that no legal order of a history comes by, whatever happens before and after. Where observations order what
 * was concurrent, a search that did not know them would try all its orders until the observation comes.
 */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey } from '../history/value.ts';
import type { Outlook } from './model.ts';

/** A set that only grows: each state holds what a read of fewer elements saw, and is held by what one of more saw. */
export function viableSet(
  operations: readonly Operation[],
  seenBy: (read: Operation) => readonly Value[],
): Outlook<readonly Value[]> | undefined {
  if (operations.some(({ f }) => f === 'remove')) return undefined;
  const bySize = new Map<number, readonly Value[]>();
  for (const read of operations)
    if (read.f === 'read' && read.type === 'ok') bySize.set(seenBy(read).length, seenBy(read));
  const chain = [...bySize.values()].toSorted((one, other) => one.length - other.length);
  if (chain.length === 0) return undefined;
  const sets = chain.map((members) => new Set(members.map(valueKey)));
  const isViable = (members: readonly Value[]): boolean => {
    let above = chain.findIndex(({ length }) => length >= members.length);
    if (above === -1) above = chain.length;
    const larger = sets[above];
    if (larger !== undefined && !members.every((member) => larger.has(valueKey(member)))) return false;
    const smaller = chain[above - 1];
    if (smaller === undefined) return true;
    const mine = new Set(members.map(valueKey));
    return smaller.every((member) => mine.has(valueKey(member)));
  };
  return { isViable };
}

/** A text that is only appended to: each state is the beginning of the longest that was seen, or begins with it. */
export function viableText(operations: readonly Operation[]): Outlook<string> | undefined {
  if (operations.some(({ f }) => f === 'put')) return undefined;
  let longest = '';
  for (const { f, type, output } of operations) {
    if (f === 'get' && type === 'ok' && typeof output === 'string' && output.length > longest.length) longest = output;
  }
  const isViable = (text: string): boolean =>
    text.length <= longest.length ? longest.startsWith(text) : text.startsWith(longest);
  return { isViable };
}
