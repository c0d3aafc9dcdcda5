/**
 * What is wrong with a queue, after Henzinger, Sezgin & Vafeiadis, "Aspect-oriented linearizability proofs" (2013):
 * values from nowhere, values that came out too often, values that overtook others, and a queue that was called empty
 * although it cannot have been.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue, showValue, valueKey, type ValueKey } from '../../history/value.ts';
import { foundEmpty, queueWords, type Contents } from '../../models/fifo-queue.ts';
import { deed, gap, whose } from '../phrases.ts';
import { count, listed } from '../words.ts';
import { groupedBy, isOk, mayHaveHappened, type Flaw } from './flaw.ts';

interface Traffic {
  readonly value: Value;
  /** Those that may have taken effect. */
  readonly enqueues: readonly Operation[];
  readonly dequeues: readonly Operation[];
  readonly failed: readonly Operation[];
  /** How often it was in the queue at the beginning. */
  readonly initially: number;
}

const isDequeue = (operation: Operation): boolean =>
  operation.f === 'dequeue' && isOk(operation) && !foundEmpty(operation);

export function queueFlaw(history: readonly Operation[], initial: Contents, isOrdered: boolean): Flaw | undefined {
  const certain = history.filter(mayHaveHappened);
  const traffic = [...trafficOf(history, initial).values()];
  for (const one of traffic) {
    const flaw = outOfNothing(one) ?? tooOften(one);
    if (flaw !== undefined) return flaw;
  }
  const unsure = certain.filter(({ f, type }) => f === 'dequeue' && type === 'info');
  const stays = traffic.filter(({ enqueues, initially }) => enqueues.length === 1 && initially === 0);
  const outOfOrder = isOrdered ? overtaken(stays, unsure) : undefined;
  return outOfOrder ?? calledEmpty(stays, certain.filter(foundEmpty), unsure);
}

function trafficOf(history: readonly Operation[], initial: Contents): Map<ValueKey, Traffic> {
  const enqueues = groupedBy(history, ({ f, input }) => (f === 'enqueue' ? valueKey(input) : undefined));
  const dequeues = groupedBy(history, (one) => (isDequeue(one) ? valueKey(one.output) : undefined));
  const names = new Set([...enqueues.keys(), ...dequeues.keys()]);
  return new Map(
    [...names].map((name) => {
      const all = enqueues.get(name) ?? [];
      const taken = dequeues.get(name) ?? [];
      const value = all[0]?.input ?? taken[0]?.output ?? null;
      const initially = initial.filter((one) => sameValue(one, value)).length;
      const failed = all.filter((one) => !mayHaveHappened(one));
      return [name, { value, enqueues: all.filter(mayHaveHappened), dequeues: taken, failed, initially }];
    }),
  );
}

function outOfNothing({ value, enqueues, dequeues, failed, initially }: Traffic): Flaw | undefined {
  if (initially > 0) return undefined;
  const subject = dequeues.find((dequeue) => !enqueues.some(({ called }) => called <= dequeue.returned));
  if (subject === undefined) return undefined;
  const who = `Process ${subject.process} ${deed(subject, queueWords)}`;
  const [early] = enqueues;
  const [idle] = failed;
  const why =
    early !== undefined
      ? `, ${gap(subject.completedAt, early.invokedAt, 'before')} ${whose(early, queueWords)} began`
      : idle !== undefined
        ? `, although ${whose(idle, queueWords)} surely failed and nothing else ever enqueued ${showValue(value)} there`
        : `, but nothing ever enqueued ${showValue(value)} there`;
  return { sentence: `${who}${why}.`, operations: early === undefined ? [subject] : [subject, early], subject };
}

function tooOften({ value, enqueues, dequeues, initially }: Traffic): Flaw | undefined {
  const times = enqueues.length + initially;
  if (dequeues.length <= times) return undefined;
  const taken = dequeues.toSorted((one, other) => one.returned - other.returned).slice(0, times + 1);
  const subject = taken.at(-1) as Operation;
  const shown = showValue(value);
  const processes = [...new Set(taken.map(({ process }) => process))];
  const who =
    processes.length === 1
      ? `Process ${processes[0]} dequeued ${shown} ${often(taken.length)}`
      : taken.length === 2
        ? `Processes ${listed(processes.map(String))} both dequeued ${shown}`
        : `${shown} was dequeued ${often(taken.length)}`;
  const sentence = `${who}, although it was in the queue only ${often(times)}.`;
  return { sentence, operations: [...enqueues, ...taken], subject };
}

const often = (times: number): string => (times === 1 ? 'once' : times === 2 ? 'twice' : `${count(times)} times`);

/** A later value came out first: sorted by when their enqueues were over, the earlier ones that stay longest are kept. */
function overtaken(values: readonly Traffic[], unsure: readonly Operation[]): Flaw | undefined {
  const early = values
    .filter(({ enqueues }) => enqueues[0]?.type === 'ok')
    .toSorted((one, other) => enqueueOf(one).returned - enqueueOf(other).returned);
  const late = values
    .filter(({ dequeues }) => dequeues.length === 1)
    .toSorted((one, other) => enqueueOf(one).called - enqueueOf(other).called);
  let next = 0;
  let slowest: Traffic | undefined;
  for (const other of late) {
    const taking = other.dequeues[0] as Operation;
    for (; next < early.length && enqueueOf(early[next] as Traffic).returned < enqueueOf(other).called; next++) {
      if (slowest === undefined || leaves(early[next] as Traffic) > leaves(slowest)) slowest = early[next];
    }
    if (slowest === undefined || leaves(slowest) <= taking.returned) continue;
    // What nobody is known to have taken may have been taken by one of which nobody knows.
    if (slowest.dequeues.length === 0 && unsure.some(({ called }) => called <= taking.returned)) continue;
    return overtaking(slowest, other, taking);
  }
  return undefined;
}

function overtaking(slow: Traffic, fast: Traffic, subject: Operation): Flaw {
  const [in1, in2] = [enqueueOf(slow), enqueueOf(fast)];
  const [out] = slow.dequeues;
  const before = `${whose(in1, queueWords)} was over before ${whose(in2, queueWords)} began`;
  const [one, other] = [showValue(slow.value), showValue(fast.value)];
  const still = out === undefined ? `${one} was never dequeued` : `${one} came out only after ${other} was out`;
  const sentence = `Process ${subject.process} ${deed(subject, queueWords)} out of order: ${before}, but ${still}.`;
  return { sentence, operations: [in1, in2, subject, ...(out === undefined ? [] : [out])], subject };
}

const enqueueOf = ({ enqueues }: Traffic): Operation => enqueues[0] as Operation;

/** When its dequeue began at the latest; Infinity where there is none. */
const leaves = ({ dequeues }: Traffic): number => dequeues[0]?.called ?? Infinity;

function calledEmpty(
  values: readonly Traffic[],
  empties: readonly Operation[],
  unsure: readonly Operation[],
): Flaw | undefined {
  const stays = values
    .filter(({ enqueues }) => enqueues[0]?.type === 'ok')
    .toSorted((one, other) => enqueueOf(one).returned - enqueueOf(other).returned);
  let next = 0;
  let slowest: Traffic | undefined;
  for (const subject of empties.toSorted((one, other) => one.called - other.called)) {
    for (; next < stays.length && enqueueOf(stays[next] as Traffic).returned < subject.called; next++) {
      if (slowest === undefined || leaves(stays[next] as Traffic) > leaves(slowest)) slowest = stays[next];
    }
    if (slowest === undefined || leaves(slowest) <= subject.returned) continue;
    if (slowest.dequeues.length === 0 && unsure.some(({ called }) => called <= subject.returned)) continue;
    const inside = enqueueOf(slowest);
    const [out] = slowest.dequeues;
    const later = gap(inside.completedAt, subject.invokedAt, 'after');
    const still = out === undefined ? 'was never dequeued' : 'was dequeued only later';
    const sentence = `Process ${subject.process} ${deed(subject, queueWords)}, ${later} ${whose(inside, queueWords)} was over, although ${showValue(slowest.value)} ${still}.`;
    return { sentence, operations: [inside, subject, ...(out === undefined ? [] : [out])], subject };
  }
  return undefined;
}
