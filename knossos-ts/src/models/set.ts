/**
 * A set of values: `add`, `remove`, `contains`, and `read` of the whole. Without removals it is the grow-only set of
 * Jepsen's set tests. An add or a remove may say whether it changed the set (true or false); null says nothing.
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, showValue, valueKey, type ValueKey } from '../history/value.ts';
import { contentsKey } from './fifo-queue.ts';
import { malformed, unknownFunction } from './malformed.ts';
import { Rejection, type Model, type Words } from './model.ts';
import { byValue } from './fifo-queue.ts';
import { viableSet } from './viable.ts';

/** Sorted, and each once. */
export type Members = readonly Value[];

/** `initial`: null, or a list of its members. */
export const set = (initial: Value): Model<Members> => ({
  name: 'set',
  init: membersOf(initial),
  step,
  key: contentsKey,
  readOnly,
  total: ({ f, type, output }) => (f === 'add' || f === 'remove') && (type !== 'ok' || output === null),
  relevant: withoutUnseen,
  outlook: (operations) => viableSet(operations, membersSeen),
  describe: showMembers,
  words: setWords,
});

function membersOf(initial: Value): Members {
  if (initial === null) return [];
  if (isList(initial)) return sortedOnce(initial);
  throw new Error(`A set begins with a list of values, not with ${showValue(initial)}`);
}

function sortedOnce(values: readonly Value[]): Members {
  const byMember = new Map(values.map((value) => [valueKey(value), value]));
  return [...byMember.values()].toSorted(byValue);
}

/** What a read saw, as a sorted list; null, as "not found", is the empty set. */
export function membersSeen(operation: Operation): Members {
  const { output } = operation;
  const known = seen.get(operation);
  if (known !== undefined) return known;
  if (output !== null && !isList(output)) throw malformed(operation, 'the result of a read', 'a list', output);
  const members = sortedOnce(output ?? []);
  seen.set(operation, members);
  return members;
}

const seen = new WeakMap<Operation, Members>();

/** What an add, a remove or a contains says of the set before it: its element was there, or not; undefined: neither. */
export function presenceSeen(operation: Operation): boolean | undefined {
  const { f, type, output } = operation;
  if (type !== 'ok' || f === 'read' || (output === null && f !== 'contains')) return undefined;
  if (typeof output !== 'boolean') throw malformed(operation, `the result of ${f}`, 'true or false', output);
  return f === 'add' ? !output : output;
}

/** An add that says that it added nothing, and its like, are looks at the set. */
function readOnly(operation: Operation): boolean {
  const { f, type, output } = operation;
  return f === 'read' || f === 'contains' || (type === 'ok' && output === false);
}

function step(members: Members, operation: Operation): Members | Rejection {
  const { f, input } = operation;
  if (f === 'read') {
    const expected = membersSeen(operation);
    if (operation.type !== 'ok' || isSame(members, expected)) return members;
    return new Rejection(() => `the set is ${showMembers(members)} here, and the read saw ${showMembers(expected)}`);
  }
  if (f !== 'add' && f !== 'remove' && f !== 'contains') {
    throw unknownFunction(operation, 'A set', 'add, remove, contains and read');
  }
  const place = members.findIndex((member) => member === input || valueKey(member) === valueKey(input));
  const expected = presenceSeen(operation);
  if (expected !== undefined && expected !== place >= 0) {
    const is = place >= 0 ? 'is in the set' : 'is not in the set';
    return new Rejection(() => `${showValue(input)} ${is} here, and the ${setWords.noun(operation)} says otherwise`);
  }
  if (f === 'add' && place < 0) return members.toSpliced(placeFor(members, input), 0, input);
  return f === 'remove' && place >= 0 ? members.toSpliced(place, 1) : members;
}

function placeFor(members: Members, value: Value): number {
  let [low, high] = [0, members.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byValue(members[middle] ?? null, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isSame = (one: Members, other: Members): boolean =>
  one.length === other.length && one.every((value, place) => valueKey(value) === valueKey(other[place] ?? null));

/**
 * An add of unknown outcome whose value nobody saw there, and a remove whose value nobody looked for, might as well
 * not have happened. A read of the whole looks for every value, and finds some.
 */
function withoutUnseen(operations: readonly Operation[]): readonly Operation[] {
  const unsure = operations.filter(({ f, type }) => f === 'add' && type === 'info');
  if (unsure.length === 0) return operations;
  const found = new Set<ValueKey>();
  for (const operation of operations) {
    if (operation.f === 'read') {
      if (operation.type === 'ok') for (const member of membersSeen(operation)) found.add(valueKey(member));
    } else if (presenceSeen(operation) === true) found.add(valueKey(operation.input));
  }
  const dropped = new Set(unsure.filter(({ input }) => !found.has(valueKey(input))));
  return dropped.size === 0 ? operations : operations.filter((operation) => !dropped.has(operation));
}

export const showMembers = (members: Members): string => `{${members.map(showValue).join(', ')}}`;

export const setWords: Words = {
  state: 'set',
  noun: (operation) => {
    const { f, type, input, output } = operation;
    if (f === 'read') return type === 'ok' ? `read of ${showMembers(membersSeen(operation))}` : 'read';
    if (f === 'contains') return `look for ${showValue(input)}`;
    return `${output === false ? 'idle ' : ''}${f === 'remove' ? 'removal' : f} of ${showValue(input)}`;
  },
  deed: ({ f, input, output, ...rest }, on) => {
    const shown = showValue(input);
    if (f === 'read') return `read ${showMembers(membersSeen({ f, input, output, ...rest }))}${on}`;
    if (f === 'contains') return `${output === true ? 'found' : 'did not find'} ${shown}${on}`;
    const told = output === false ? ` and was told that it was ${f === 'add' ? 'there already' : 'not there'}` : '';
    return `${f === 'add' ? 'added' : 'removed'} ${shown}${on}${told}`;
  },
};
