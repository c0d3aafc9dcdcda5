/** From a flaw of a list to a counterexample to read. */
import { alternativesOf } from '../../explain/alternatives.ts';
import { bruteForceLimit, hasLegalOrder } from '../../explain/brute-force.ts';
import { Evidence } from '../../explain/evidence.ts';
import { forcedOrders } from '../../explain/forced.ts';
import { legalOrders } from '../../explain/orders.ts';
import type { Operation, Value } from '../../history/operation.ts';
import { Rejection, type Model, type Words } from '../../models/model.ts';
import type { Counterexample, ForcedOrder, OrderStep } from '../../verdict.ts';
import type { ListHistory } from './list-append.ts';
import { ListKind } from './list-columns.ts';
import type { ListFlaw } from './list-flaw.ts';
import { readsFrom, reasonOf, sentenceOf } from './list-tale.ts';
import { flawHolds } from './verify.ts';

export interface ListPlace {
  readonly model: Model<unknown>;
  readonly key: Value;
  /** What the list holds at the beginning. */
  readonly initial: readonly Value[];
  readonly history: ListHistory;
  readonly operation: (number: number) => Operation;
}

/** The flaw in operations. */
export interface ListStory {
  readonly flaw: ListFlaw;
  /** The one that is accused. */
  readonly accused: Operation;
  /** The other one that the flaw turns on, if there is one. */
  readonly other: Operation | undefined;
  /** The longest read, where the flaw needs it to tell the order. */
  readonly longest: Operation | undefined;
  readonly words: Words | undefined;
}

export function explainFlaw(place: ListPlace, flaw: ListFlaw): Counterexample {
  const story = storyOf(place, flaw);
  const numbers = numbersOf(place, flaw);
  const operations = [...numbers]
    .map((number) => place.operation(number))
    .toSorted((one, other) => one.called - other.called || one.id - other.id);
  const isWhole = operations.length <= bruteForceLimit;
  const accused = operations.find(({ id }) => id === story.accused.id) as Operation;
  const orders = isWhole ? legalOrders(place.model, operations, accused) : undefined;
  const refused = orders?.longest.refused ?? accused;
  return {
    key: place.key,
    sentence: sentenceOf(story, place.key),
    operations,
    impossible: refused.id,
    order: stepsOf(place.model, orders?.longest.operations ?? []),
    rejected: { operation: refused.id, why: orders?.longest.why ?? reasonOf(story) },
    forced: forcedIn(operations),
    alternatives: orders === undefined ? [] : alternativesOf(orders, operations),
    verified: flawHolds(place, story) && (!isWhole || !hasLegalOrder(place.model, operations)),
  };
}

function storyOf({ operation, model: { words } }: ListPlace, flaw: ListFlaw): ListStory {
  if (flaw.kind === 'incompatible') {
    return { flaw, accused: operation(flaw.read), other: operation(flaw.longest), longest: undefined, words };
  }
  if (flaw.kind !== 'order')
    return { flaw, accused: operation(flaw.read), other: undefined, longest: undefined, words };
  const [late, early] = [operation(flaw.late), operation(flaw.early)];
  const accused = late.type === 'ok' ? late : early;
  const longest = late.f === 'append' && early.f === 'append' ? operation(flaw.longest) : undefined;
  return { flaw, accused, other: accused === late ? early : late, longest, words };
}

/** What the flaw turns on; and what appended everything that was read there, where that is few enough to read. */
function numbersOf({ history, initial }: ListPlace, flaw: ListFlaw): ReadonlySet<number> {
  const { columns } = history;
  const kinds = columns.kind.cells;
  const isRead = (operation: number): boolean => kinds[operation] === ListKind.read;
  const core =
    flaw.kind === 'order'
      ? [flaw.late, flaw.early, ...(isRead(flaw.late) || isRead(flaw.early) ? [] : [flaw.longest])]
      : flaw.kind === 'incompatible'
        ? [flaw.read, flaw.longest]
        : [flaw.read];
  const elements = new Set(core.flatMap((operation) => codesOf(history, operation).slice(initial.length)));
  const appends = [...history.members].filter(
    (operation) =>
      (kinds[operation] === ListKind.append || kinds[operation] === ListKind.info) &&
      elements.has(columns.element.cells[operation] as number),
  );
  const all = new Set([...core, ...appends]);
  if (all.size <= bruteForceLimit) return all;
  const at = 'at' in flaw ? flaw.at : 0;
  const telling = new Set(core.flatMap((operation) => codesOf(history, operation).slice(at, at + 1)));
  const told = appends.filter((operation) => telling.has(columns.element.cells[operation] as number));
  return new Set([...core, ...('at' in flaw ? told : [])]);
}

const codesOf = ({ columns }: ListHistory, operation: number): number[] =>
  (columns.lists[operation] ?? []).map((value) => columns.codes.codeOf(value));

function forcedIn(operations: readonly Operation[]): ForcedOrder[] {
  return [...forcedOrders(new Evidence(null, [], []), operations), ...readsFrom(operations)];
}

function stepsOf(model: Model<unknown>, order: readonly Operation[]): OrderStep[] {
  let state = model.init;
  return order.map((operation) => {
    const next = model.step(state, operation);
    if (!(next instanceof Rejection)) state = next;
    return { operation: operation.id, state: model.describe(state) };
  });
}
