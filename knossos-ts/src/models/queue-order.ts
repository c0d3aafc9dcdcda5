/**
 * An order for a first-in-first-out queue whose values are enqueued once each. A value goes in, and comes out, before
 * another when time says so of either; whoever is first by both is next. Where no two values contradict each other that
 * leads to the end (Henzinger, Sezgin & Vafeiadis, "Aspect-oriented linearizability proofs", 2013). Whoever asks tries
 * the order on the model, so that nothing depends on it.
 */
import type { Operation } from '../history/operation.ts';
import { valueKey, type ValueKey } from '../history/value.ts';

interface Passage {
  readonly enqueue: Operation;
  readonly dequeue: Operation | undefined;
}

/** Undefined where values repeat or were there before, where one found the queue empty, or where it gets stuck. */
export function queueOrder(operations: readonly Operation[]): readonly Operation[] | undefined {
  const passages = passagesOf(operations);
  const sequence = passages === undefined ? undefined : sequenceOf(passages);
  return sequence === undefined ? undefined : placed(sequence);
}

function passagesOf(operations: readonly Operation[]): Passage[] | undefined {
  const dequeues = new Map<ValueKey, Operation>();
  for (const operation of operations) {
    if (operation.f !== 'dequeue' || operation.type !== 'ok') continue;
    const name = valueKey(operation.output);
    if (operation.output === null || dequeues.has(name)) return undefined;
    dequeues.set(name, operation);
  }
  const enqueues = operations.filter(({ f }) => f === 'enqueue');
  const known = new Set(enqueues.map(({ input }) => valueKey(input)));
  if (known.size < enqueues.length || [...dequeues.keys()].some((name) => !known.has(name))) return undefined;
  return enqueues.map((enqueue) => ({ enqueue, dequeue: dequeues.get(valueKey(enqueue.input)) }));
}

/** A value cannot come out before it may go in, and must be in before it is out. */
const outCalled = ({ enqueue, dequeue }: Passage): number =>
  dequeue === undefined ? Infinity : Math.max(dequeue.called, enqueue.called);
const inReturned = (passage: Passage): number => Math.min(passage.enqueue.returned, outReturned(passage));
const outReturned = ({ dequeue }: Passage): number => dequeue?.returned ?? Infinity;

function sequenceOf(passages: readonly Passage[]): readonly Passage[] | undefined {
  const byCall = passages.toSorted((one, other) => one.enqueue.called - other.enqueue.called);
  const ins = passages.toSorted((one, other) => inReturned(one) - inReturned(other));
  const outs = passages.toSorted((one, other) => outReturned(one) - outReturned(other));
  const taken = new Set<Passage>();
  /** Those that nothing else must go in before, the one that may come out first at the end. */
  const open: Passage[] = [];
  const sequence: Passage[] = [];
  let [called, firstIn, firstOut] = [0, 0, 0];
  while (sequence.length < passages.length) {
    while (taken.has(ins[firstIn] as Passage)) firstIn++;
    while (taken.has(outs[firstOut] as Passage)) firstOut++;
    const until = inReturned(ins[firstIn] as Passage);
    for (; called < byCall.length && (byCall[called] as Passage).enqueue.called <= until; called++) {
      insert(open, byCall[called] as Passage);
    }
    const next = open.pop();
    if (next === undefined || outCalled(next) > outReturned(outs[firstOut] as Passage)) return undefined;
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
    if (outCalled(open[middle] as Passage) > outCalled(passage)) low = middle + 1;
    else high = middle;
  }
  open.splice(low, 0, passage);
}

/** Each operation as early as its call and those that must be before it allow. */
function placed(sequence: readonly Passage[]): readonly Operation[] {
  const places: { readonly operation: Operation; readonly at: number; readonly rank: number }[] = [];
  let [lastIn, lastOut] = [-Infinity, -Infinity];
  for (const [rank, { enqueue, dequeue }] of sequence.entries()) {
    lastIn = Math.max(lastIn, enqueue.called);
    places.push({ operation: enqueue, at: lastIn, rank: 2 * rank });
    if (dequeue === undefined) continue;
    lastOut = Math.max(lastOut, dequeue.called, lastIn);
    places.push({ operation: dequeue, at: lastOut, rank: 2 * rank + 1 });
  }
  return places.toSorted((one, other) => one.at - other.at || one.rank - other.rank).map(({ operation }) => operation);
}
