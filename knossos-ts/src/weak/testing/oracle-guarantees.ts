/** The session guarantees: of registers by trying every order of each key's writes, of lists by reading the lists. */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue, valueKey } from '../../history/value.ts';
import { observedValue } from '../../models/register-values.ts';
import type { Small } from './oracle-orders.ts';
import { closure, elementsOf, written } from './oracle-relations.ts';

type Guarantee = 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads';

export const guarantees: { readonly [guarantee in Guarantee]: (small: Small) => boolean } = {
  'read-your-writes': (small) =>
    isOfLists(small) ? small.operations.every((read) => showsOwn(small, read)) : everyView(small, readsOwn),
  'monotonic-reads': (small) =>
    isOfLists(small) ? everyPairOfReads(small, isSubsequence) : everyView(small, readsOnward),
  'monotonic-writes': (small) => !isOfLists(small) || small.operations.every((read) => showsFirsts(small, read)),
  'writes-follow-reads': followsReads,
};

const isOfLists = ({ operations }: Small): boolean => operations.some(({ f }) => f === 'append');

/** The writes of one key in an order, and the operations of one process on that key. */
type View = (order: readonly Value[], own: readonly Operation[]) => boolean;

function everyView({ operations, initial }: Small, holds: View): boolean {
  const keys = [...new Set(operations.map(({ key }) => valueKey(key)))];
  const processes = [...new Set(operations.map(({ process }) => process))];
  return keys.every((key) => {
    const onKey = operations.filter((operation) => valueKey(operation.key) === key);
    const writes = onKey.filter((operation) => written(operation) !== undefined);
    return processes.every((process) =>
      permutations(writes).some((order) =>
        holds(
          [initial, ...order.map((write) => written(write) as Value)],
          onKey.filter((operation) => operation.process === process),
        ),
      ),
    );
  });
}

/** Those that keep each session's order. */
function permutations(writes: readonly Operation[]): Operation[][] {
  if (writes.length === 0) return [[]];
  return writes.flatMap((first) => {
    const rest = writes.filter((other) => other !== first);
    if (rest.some((other) => other.process === first.process && other.called < first.called)) return [];
    return permutations(rest).map((order) => [first, ...order]);
  });
}

const readsOwn: View = (order, own) =>
  own.every((operation, place) => {
    const earlier = own.slice(0, place);
    const seen = observedValue(operation);
    const made = written(operation);
    const placeOf = (value: Value): number => order.findIndex((other) => sameValue(other, value));
    const sees = seen === undefined ? Infinity : placeOf(seen);
    const follows = made === undefined ? -1 : placeOf(made);
    return (
      earlier.every((other) => written(other) === undefined || placeOf(written(other) as Value) <= sees) &&
      (made === undefined ||
        [...earlier, operation].every(
          (other) => observedValue(other) === undefined || placeOf(observedValue(other) as Value) < follows,
        ))
    );
  });

const readsOnward: View = (order, own) => {
  const seen = own.flatMap((operation) => {
    const value = observedValue(operation);
    return value === undefined ? [] : [order.findIndex((other) => sameValue(other, value))];
  });
  return seen.every((place, number) => number === 0 || place >= (seen[number - 1] as number));
};

function everyPairOfReads(
  { operations }: Small,
  holds: (one: readonly Value[], other: readonly Value[]) => boolean,
): boolean {
  return operations.every((later) =>
    operations.every(
      (earlier) =>
        earlier.f !== 'read' ||
        later.f !== 'read' ||
        earlier.process !== later.process ||
        earlier.called >= later.called ||
        !sameValue(earlier.key, later.key) ||
        holds(elementsOf(earlier.output), elementsOf(later.output)),
    ),
  );
}

const isSubsequence = (one: readonly Value[], other: readonly Value[]): boolean => {
  const places = one.map((value) => other.findIndex((candidate) => sameValue(candidate, value)));
  return places.every((place, number) => place >= 0 && (number === 0 || place > (places[number - 1] as number)));
};

const placeIn = (list: readonly Value[], append: Operation): number =>
  list.findIndex((element) => sameValue(element, append.input));

const sameKeyAppends = ({ operations }: Small, read: Operation): Operation[] =>
  operations.filter(({ f, key }) => f === 'append' && sameValue(key, read.key));

function showsOwn(small: Small, read: Operation): boolean {
  if (read.f !== 'read') return true;
  const list = elementsOf(read.output);
  const isOwn = ({ process, called }: Operation): boolean => process === read.process && called > read.called;
  if (sameKeyAppends(small, read).some((append) => isOwn(append) && placeIn(list, append) >= 0)) return false;
  const own = sameKeyAppends(small, read).filter(
    ({ process, called }) => process === read.process && called < read.called,
  );
  const places = own.map((append) => placeIn(list, append));
  if (places.some((place, number) => place < 0 || (number > 0 && place < (places[number - 1] as number)))) return false;
  return own.every((append) =>
    small.operations
      .filter((earlier) => earlier.f === 'read' && earlier.process === read.process && earlier.called < append.called)
      .filter((earlier) => sameValue(earlier.key, read.key))
      .flatMap((earlier) => elementsOf(earlier.output))
      .every((element) => {
        const place = list.findIndex((other) => sameValue(other, element));
        return place < 0 || place < placeIn(list, append);
      }),
  );
}

function showsFirsts(small: Small, read: Operation): boolean {
  if (read.f !== 'read') return true;
  const list = elementsOf(read.output);
  const appends = sameKeyAppends(small, read);
  return appends.every((later) =>
    appends.every((earlier) => {
      if (earlier.process !== later.process || earlier.called >= later.called || placeIn(list, later) < 0) return true;
      return placeIn(list, earlier) >= 0 && placeIn(list, earlier) < placeIn(list, later);
    }),
  );
}

function followsReads(small: Small): boolean {
  const { operations, sees, session } = small;
  const follows = closure(
    operations.map((_, first) =>
      operations.map(
        (second, place) =>
          written(second) !== undefined &&
          operations.some(
            (_reader, reader) =>
              sees[first]?.[reader] === true && (reader === place || session[reader]?.[place] === true),
          ),
      ),
    ),
  );
  if (follows.some((row, place) => row[place] === true)) return false;
  if (!isOfLists(small)) return true;
  return operations.every((read) => {
    if (read.f !== 'read') return true;
    const list = elementsOf(read.output);
    return operations.every((first, one) =>
      operations.every((second, other) => {
        if (follows[one]?.[other] !== true || second.f !== 'append' || first.f !== 'append') return true;
        if (!sameValue(first.key, read.key) || !sameValue(second.key, read.key) || placeIn(list, second) < 0)
          return true;
        return placeIn(list, first) >= 0 && placeIn(list, first) < placeIn(list, second);
      }),
    );
  });
}
