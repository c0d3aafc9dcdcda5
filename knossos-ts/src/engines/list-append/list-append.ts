/**
 * Is a history of one list linearizable, where each element is appended once? In O(n) and the length of what was read.
 * The idea is Elle's (Kingsbury & Alvaro 2020): the longest read tells the order of all appends that anybody saw, and
 * every other read must be its beginning. So each operation has a level, append number p below the reads of p elements,
 * and these below append number p + 1. Appends that nobody saw stand above all others; of those whose outcome is unknown
 * none need have happened. The levels are a legal order unless something returned before what is below it was called.
 */
import { IntTable, none } from '../../intake/int-table.ts';
import { ListKind, type ListColumns } from './list-columns.ts';
import type { ListFlaw } from './list-flaw.ts';

/** The operations of one list. Positions are by operation. */
export interface ListHistory {
  readonly columns: ListColumns;
  readonly called: Int32Array;
  /** Only meant for operations that returned. */
  readonly returned: Int32Array;
  /** The numbers of its operations, by invocation. */
  readonly members: Int32Array;
  /** Codes of what the list holds at the beginning. */
  readonly initial: readonly number[];
}

export type ListFinding =
  | { readonly kind: 'legal'; readonly levels: Levels }
  | { readonly kind: 'violated'; readonly flaw: ListFlaw }
  /** An element was appended twice, or there is an operation that is not one of a list. */
  | { readonly kind: 'undecided' };

/** From below. */
export interface Levels {
  /** By number of elements: the append that makes it so many; -1 for what was there at the beginning. */
  readonly appends: Int32Array;
  /** The appends that nobody saw, by invocation. */
  readonly unseen: readonly number[];
}

/** So many operations or elements are looked at between two chances to stop. */
const perPiece = 2 ** 15;

export function* judgeList(history: ListHistory): Generator<void, ListFinding> {
  const { columns, members } = history;
  const kinds = columns.kind.cells;
  if (members.some((operation) => kinds[operation] === ListKind.foreign)) return { kind: 'undecided' };
  const longest = longestRead(history);
  const order = Int32Array.from(longest < 0 ? [] : (columns.lists[longest] as []), (value) =>
    columns.codes.codeOf(value),
  );
  const wrong = yield* compare(history, order, longest);
  if (wrong !== undefined) return { kind: 'violated', flaw: wrong };
  yield;
  const appends = appendsByElement(history);
  const placed = place(history, order, longest, appends);
  if ('kind' in placed) return { kind: 'violated', flaw: placed };
  if (appends.isAmbiguous) return { kind: 'undecided' };
  yield;
  const flaw = yield* sweep(history, placed, longest);
  return flaw === undefined ? { kind: 'legal', levels: placed } : { kind: 'violated', flaw };
}

function longestRead({ columns, members }: ListHistory): number {
  let longest = -1;
  for (const operation of members) {
    if (columns.kind.cells[operation] !== ListKind.read) continue;
    const length = columns.lists[operation]?.length ?? 0;
    if (longest < 0 || length > (columns.lists[longest]?.length ?? 0)) longest = operation;
  }
  return longest;
}

/** Every read begins with what was there at the beginning, and is a beginning of the longest. */
function* compare(
  { columns, members, initial }: ListHistory,
  order: Int32Array,
  longest: number,
): Generator<void, ListFlaw | undefined> {
  let work = 0;
  for (const operation of members) {
    if (columns.kind.cells[operation] !== ListKind.read) continue;
    const list = columns.lists[operation] ?? [];
    for (let at = 0; at < Math.max(list.length, initial.length); at++) {
      const code = at < list.length ? columns.codes.codeOf(list[at] ?? null) : none;
      if (at < initial.length && code !== initial[at]) return { kind: 'lost-beginning', read: operation, at };
      if (code !== order[at]) return { kind: 'incompatible', read: operation, longest, at };
      if (++work % perPiece === 0) yield;
    }
  }
  return undefined;
}

interface Appends {
  readonly byElement: IntTable;
  /** Some element was appended twice, or was there at the beginning. */
  readonly isAmbiguous: boolean;
}

function appendsByElement({ columns, members, initial }: ListHistory): Appends {
  const byElement = new IntTable(members.length);
  let isAmbiguous = false;
  const beginning = new Set(initial);
  for (const operation of members) {
    if (
      (columns.kind.cells[operation] as number) >= ListKind.dropped ||
      columns.kind.cells[operation] === ListKind.read
    ) {
      continue;
    }
    const element = columns.element.cells[operation] as number;
    if (byElement.get(element) !== none || beginning.has(element)) isAmbiguous = true;
    byElement.set(element, operation);
  }
  return { byElement, isAmbiguous };
}

/** Gives each element of the longest read its append. */
function place(
  { columns, members, initial }: ListHistory,
  order: Int32Array,
  longest: number,
  { byElement, isAmbiguous }: Appends,
): Levels | ListFlaw {
  const appends = new Int32Array(Math.max(order.length, initial.length)).fill(-1);
  const seen = new Set<number>();
  for (let at = initial.length; at < order.length; at++) {
    const append = byElement.get(order[at] as number);
    if (append === none) {
      const isRepeated = order.indexOf(order[at] as number) < at;
      return { kind: isRepeated ? 'duplicate' : 'thin-air', read: longest, at };
    }
    if (seen.has(append) && !isAmbiguous) return { kind: 'duplicate', read: longest, at };
    seen.add(append);
    appends[at] = append;
  }
  const isUnseen = (operation: number): boolean =>
    columns.kind.cells[operation] === ListKind.append && !seen.has(operation);
  return { appends, unseen: Array.from(members.filter(isUnseen)) };
}

/** From below: nothing may have returned before something on a lower level was called. */
function* sweep(
  history: ListHistory,
  { appends, unseen }: Levels,
  longest: number,
): Generator<void, ListFlaw | undefined> {
  const { columns, called, returned, initial } = history;
  const readers = readersByLength(history, appends.length);
  let late = -1;
  const lateCall = (): number => (late < 0 ? -1 : (called[late] as number));
  const isEarly = (operation: number): boolean =>
    columns.kind.cells[operation] !== ListKind.info && (returned[operation] as number) < lateCall();
  for (let length = initial.length; length <= appends.length; length++) {
    const append = length === initial.length ? -1 : (appends[length - 1] as number);
    if (append >= 0) {
      if (isEarly(append)) return { kind: 'order', late, early: append, longest };
      if ((called[append] as number) > lateCall()) late = append;
    }
    const { first, last } = readers;
    const early = first[length] as number;
    if (early >= 0 && isEarly(early)) return { kind: 'order', late, early, longest };
    const read = last[length] as number;
    if (read >= 0 && (called[read] as number) > lateCall()) late = read;
    if (length % perPiece === 0) yield;
  }
  const early = unseen.find(isEarly);
  return early === undefined ? undefined : { kind: 'order', late, early, longest };
}

/** By length: the read that returned first, and the one that was called last; -1 where there is none. */
function readersByLength(
  { columns, members, called, returned }: ListHistory,
  most: number,
): { readonly first: Int32Array; readonly last: Int32Array } {
  const first = new Int32Array(most + 1).fill(-1);
  const last = new Int32Array(most + 1).fill(-1);
  for (const operation of members) {
    if (columns.kind.cells[operation] !== ListKind.read) continue;
    const length = columns.lists[operation]?.length ?? 0;
    const [one, other] = [first[length] as number, last[length] as number];
    if (one < 0 || (returned[operation] as number) < (returned[one] as number)) first[length] = operation;
    if (other < 0 || (called[operation] as number) > (called[other] as number)) last[length] = operation;
  }
  return { first, last };
}

/** A legal order, level by level. */
export function levelOrder({ columns, members, initial }: ListHistory, { appends, unseen }: Levels): number[] {
  const reads = Array.from({ length: appends.length + 1 }, (): number[] => []);
  for (const operation of members) {
    if (columns.kind.cells[operation] === ListKind.read) reads[columns.lists[operation]?.length ?? 0]?.push(operation);
  }
  const order = [...(reads[initial.length] ?? [])];
  for (let length = initial.length + 1; length <= appends.length; length++) {
    order.push(appends[length - 1] as number);
    for (const read of reads[length] ?? []) order.push(read);
  }
  return [...order, ...unseen];
}
