/**
 * An order for a queue whose values are enqueued once each. It is empty at the first moment at which it can be for each
 * dequeue that found it so, which cuts the history into stretches: a value passes in the first one in which it can come out.
 * In a stretch a value goes in, and comes out, before another when time says so of either; whoever is first by both is
 * next. Where no two values contradict each other that leads to the end (Henzinger, Sezgin & Vafeiadis, "Aspect-oriented
 * linearizability proofs", 2013). Whoever asks tries the order on the model, so that nothing depends on it.
 */
import type { Operation, Value } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';
import { EmptyMoments, passagesOf, type Inflow, type Passage, type Passages } from './queue-passages.ts';

/**
 * `isOrdered`: first in, first out. Undefined where values repeat, or come from nowhere, where the queue cannot have been
 * empty when one found it so, or where it gets stuck.
 */
export function queueOrder(
  operations: readonly Operation[],
  initial: readonly Value[],
  isOrdered: boolean,
): readonly Operation[] | undefined {
  const inflows = inflowsOf(operations, initial);
  if (inflows === undefined) return undefined;
  const takers = operations.filter(({ f, type }) => f === 'dequeue' && type !== 'ok');
  const passages = passagesOf(inflows, takers);
  const empties = operations.filter(({ f, type, output }) => f === 'dequeue' && type === 'ok' && output === null);
  const placed = new Placed(isOrdered);
  for (const { passing, from, found } of stretchesOf(passages, empties)) {
    if (from === Infinity) return undefined;
    const sequence = isOrdered ? sequenceOf(passing) : passing;
    if (sequence === undefined) return undefined;
    placed.add(found, sequence, from);
  }
  return placed.inOrder();
}

function inflowsOf(operations: readonly Operation[], initial: readonly Value[]): readonly Inflow[] | undefined {
  const dequeues = new Map<ValueKey, Operation>();
  for (const operation of operations) {
    if (operation.f !== 'dequeue' || operation.type !== 'ok' || operation.output === null) continue;
    const name = valueKey(operation.output);
    if (dequeues.has(name)) return undefined;
    dequeues.set(name, operation);
  }
  const known = new Set<ValueKey>();
  const inflow = (value: Value, enqueue: Operation | undefined): Inflow => {
    known.add(valueKey(value));
    return { value, enqueue, dequeue: dequeues.get(valueKey(value)) };
  };
  const inflows = [
    ...initial.map((value) => inflow(value, undefined)),
    ...operations.filter(({ f }) => f === 'enqueue').map((enqueue) => inflow(enqueue.input, enqueue)),
  ];
  const isOnce = known.size === inflows.length && [...dequeues.keys()].every((name) => known.has(name));
  return isOnce ? inflows : undefined;
}

interface Stretch {
  /** The queue is empty at this position, and these found it so. */
  readonly from: number;
  readonly found: Operation[];
  readonly passing: Passage[];
}

function stretchesOf(passages: Passages, empties: readonly Operation[]): readonly Stretch[] {
  const stretches: Stretch[] = [{ from: -Infinity, found: [], passing: [] }];
  const moments = new EmptyMoments(passages);
  for (const empty of empties.toSorted((one, other) => one.called - other.called)) {
    const from = moments.from(empty.called);
    const last = stretches.at(-1) as Stretch;
    if (last.from === from) last.found.push(empty);
    else stretches.push({ from, found: [empty], passing: [] });
  }
  let stretch = 0;
  for (const passage of passages.all.toSorted((one, other) => one.outCalled - other.outCalled)) {
    while ((stretches[stretch + 1]?.from ?? Infinity) < passage.outCalled) stretch++;
    (stretches[stretch] as Stretch).passing.push(passage);
  }
  return stretches;
}

const inReturned = (passage: Passage): number => Math.min(passage.inReturned, passage.outReturned);

function sequenceOf(passages: readonly Passage[]): readonly Passage[] | undefined {
  const byCall = passages.toSorted((one, other) => one.inCalled - other.inCalled);
  const ins = passages.toSorted((one, other) => inReturned(one) - inReturned(other));
  const outs = passages.toSorted((one, other) => one.outReturned - other.outReturned);
  const taken = new Set<Passage>();
  /** Those that nothing else must go in before, the one that may come out first at the end. */
  const open: Passage[] = [];
  const sequence: Passage[] = [];
  let [called, firstIn, firstOut] = [0, 0, 0];
  while (sequence.length < passages.length) {
    while (taken.has(ins[firstIn] as Passage)) firstIn++;
    while (taken.has(outs[firstOut] as Passage)) firstOut++;
    const until = inReturned(ins[firstIn] as Passage);
    for (; called < byCall.length && (byCall[called] as Passage).inCalled <= until; called++) {
      insert(open, byCall[called] as Passage);
    }
    const next = open.pop();
    if (next === undefined || next.outCalled > (outs[firstOut] as Passage).outReturned) return undefined;
    taken.add(next);
    sequence.push(next);
  }
  return sequence;
}

/** The later a value may come out, the further in front. */
function insert(open: Passage[], passage: Passage): void {
  let [low, high] = [0, open.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((open[middle] as Passage).outCalled > passage.outCalled) low = middle + 1;
    else high = middle;
  }
  open.splice(low, 0, passage);
}

/** Puts each operation as early as its call and those that must be before it allow. */
class Placed {
  readonly #isOrdered: boolean;
  readonly #places: { readonly operation: Operation; readonly at: number; readonly rank: number }[] = [];
  #rank = 0;

  constructor(isOrdered: boolean) {
    this.#isOrdered = isOrdered;
  }

  /** Those that found the queue empty at `from`, and the values that passed after that. */
  add(found: readonly Operation[], sequence: readonly Passage[], from: number): void {
    for (const empty of found) this.#put(empty, from);
    let [lastIn, lastOut] = [from, from];
    for (const { enqueue, dequeue, inCalled, outCalled } of sequence) {
      lastIn = Math.max(this.#isOrdered ? lastIn : from, inCalled);
      if (enqueue !== undefined) this.#put(enqueue, lastIn);
      if (dequeue === undefined) continue;
      lastOut = Math.max(this.#isOrdered ? lastOut : from, outCalled, lastIn);
      this.#put(dequeue, lastOut);
    }
  }

  inOrder(): readonly Operation[] {
    return this.#places
      .toSorted((one, other) => one.at - other.at || one.rank - other.rank)
      .map(({ operation }) => operation);
  }

  #put(operation: Operation, at: number): void {
    this.#places.push({ operation, at, rank: this.#rank++ });
  }
}
