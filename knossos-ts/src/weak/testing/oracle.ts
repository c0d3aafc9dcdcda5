/**
 * Each model from its definition, by trying everything. An operation of unknown outcome happened or not: some choice
 * must do. A cas that happened and swapped is a write to whoever did not issue it. For histories of some eight
 * operations whose values are unique; slow on purpose, and without any of the reasoning of the checks.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue } from '../../history/value.ts';
import { expectedValue, refusal, seesAbsence } from '../../models/register-values.ts';
import type { ConsistencyModel } from '../models.ts';
import { hasOrder, isExplained, isSequential, type Small } from './oracle-orders.ts';
import { guarantees } from './oracle-guarantees.ts';
import { closure, seenBy } from './oracle-relations.ts';

export type Oracle = (model: Exclude<ConsistencyModel, 'linearizable'>) => boolean;

/**
 * Which models a history keeps. A cas that was refused without a word about what it met counts for sequential consistency
 * only: elsewhere it might have met whatever a larger causal order puts before it, so that it forbids nothing by itself.
 */
export function oracleOf(operations: readonly Operation[], initial: Value): Oracle {
  const possible = (all: readonly Operation[]): Small[] =>
    choices(all)
      .filter((happened) => isWellRead(happened, initial))
      .map((happened) => prepared(happened, initial));
  const whole = possible(operations);
  const telling = operations.some(seesAbsence) ? possible(operations.filter((one) => !seesAbsence(one))) : whole;
  return (model) => (model === 'sequential' ? whole : telling).some(definitions[model]);
}

/** What happened: every ok operation, and each selection of those of unknown outcome. */
function choices(operations: readonly Operation[]): Operation[][] {
  const open = operations.filter(({ type, f }) => type === 'info' && f !== 'read');
  return Array.from({ length: 2 ** open.length }, (_, selection) =>
    operations.filter(
      (operation) =>
        operation.type === 'ok' || (open.includes(operation) && ((selection >> open.indexOf(operation)) & 1) === 1),
    ),
  );
}

/** Whatever was observed had been written, and no cas was refused for the value that it expected. */
const isWellRead = (operations: readonly Operation[], initial: Value): boolean =>
  operations.every((operation) => seenBy(operation, operations, initial) !== undefined && !isContradiction(operation));

function isContradiction(operation: Operation): boolean {
  const current = refusal(operation)?.current;
  return current !== undefined && sameValue(current, expectedValue(operation) ?? null);
}

function prepared(operations: readonly Operation[], initial: Value): Small {
  const session = operations.map((one) =>
    operations.map((other) => one.process === other.process && one.called < other.called),
  );
  const seen = operations.map((reader) => seenBy(reader, operations, initial) ?? []);
  const sees = operations.map((writer) => seen.map((writers) => writers.includes(writer)));
  const causal = closure(session.map((row, one) => row.map((before, other) => before || sees[one]?.[other] === true)));
  return { operations, initial, session, sees, causal, acyclic: causal.every((row, one) => row[one] !== true) };
}

const definitions: { readonly [model in Exclude<ConsistencyModel, 'linearizable'>]: (small: Small) => boolean } = {
  sequential: isSequential,
  'causal-memory': (small) =>
    small.acyclic &&
    processesOf(small).every((process) => {
      const own = placesWhere(small, (operation) => operation.process === process);
      const last = own.at(-1) as number;
      const past = placesWhere(small, (_, place) => place === last || small.causal[place]?.[last] === true);
      return hasOrder(small, past, small.causal, new Set(own));
    }),
  causal: (small) =>
    small.acyclic &&
    small.operations.every((_, place) => hasOrder(small, pastOf(small, place), small.causal, new Set([place]))),
  'causal-convergence': (small) => small.acyclic && converges(small, []),
  pram: (small) =>
    processesOf(small).every((process) => {
      const shown = placesWhere(small, ({ process: by, f }) => by === process || f !== 'read');
      return hasOrder(small, shown, small.session, new Set(placesWhere(small, ({ process: by }) => by === process)));
    }),
  ...guarantees,
};

const placesWhere = ({ operations }: Small, test: (operation: Operation, place: number) => boolean): number[] =>
  operations.flatMap((operation, place) => (test(operation, place) ? [place] : []));

const pastOf = (small: Small, place: number): number[] =>
  placesWhere(small, (_, other) => other === place || small.causal[other]?.[place] === true);

const processesOf = ({ operations }: Small): number[] => [...new Set(operations.map(({ process }) => process))];

/** One order of everything that keeps the causal one, and in which every operation's past explains what it returned. */
function converges(small: Small, order: readonly number[]): boolean {
  if (order.length === small.operations.length) return true;
  return small.operations.some((_, place) => {
    if (order.includes(place)) return false;
    const past = pastOf(small, place).filter((other) => other !== place);
    if (!past.every((other) => order.includes(other))) return false;
    const inOrder = order.filter((other) => past.includes(other));
    return isExplained(small, [...inOrder, place]) && converges(small, [...order, place]);
  });
}
