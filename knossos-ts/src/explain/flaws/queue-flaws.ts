/**
 * What is wrong with a queue, after Henzinger, Sezgin & Vafeiadis, "Aspect-oriented linearizability proofs" (2013):
 * values from nowhere, values that came out too often, values that overtook others, and a queue that was called empty
 * although it cannot have been. What dequeues of unknown outcome may have taken is counted (see queue-passages.ts).
 */
import type { Operation, Value } from '../../history/operation.ts';
import { sameValue, showValue, valueKey, type ValueKey } from '../../history/value.ts';
import { foundEmpty, queueWords, type Contents } from '../../models/fifo-queue.ts';
import { passagesOf, type Inflow, type Passage, type Passages } from '../../models/queue-passages.ts';
import { deed, gap, whose } from '../phrases.ts';
import { count, listed } from '../words.ts';
import { groupedBy, isOk, mayHaveHappened, type Flaw } from './flaw.ts';
import { calledEmpty } from './queue-emptiness.ts';
import { absence, atMost, operationsOf, shownValues, takersBefore } from './queue-proof.ts';

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
  const passages = passagesOf(inflowsOf(traffic, initial), unsure);
  return (isOrdered ? overtaken(passages) : undefined) ?? calledEmpty(passages, certain.filter(foundEmpty));
}

/** The values that were in the queue once, for sure or as somebody returned them; those from the beginning in their order. */
function inflowsOf(traffic: readonly Traffic[], initial: Contents): readonly Inflow[] {
  const byName = new Map(traffic.map((one) => [valueKey(one.value), one]));
  const there = initial.flatMap((value): Inflow[] => {
    const known = byName.get(valueKey(value));
    const isOnce = initial.filter((one) => sameValue(one, value)).length === 1 && (known?.enqueues.length ?? 0) === 0;
    return isOnce ? [{ value, enqueue: undefined, dequeue: known?.dequeues[0] }] : [];
  });
  const enqueued = traffic.flatMap(({ value, enqueues, dequeues, initially }): Inflow[] => {
    const [enqueue] = enqueues;
    const [dequeue] = dequeues;
    const isOnce = enqueue !== undefined && enqueues.length === 1 && initially === 0;
    return isOnce && (enqueue.type === 'ok' || dequeue !== undefined) ? [{ value, enqueue, dequeue }] : [];
  });
  return [...there, ...enqueued];
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

/** A later value came out first: of the values that went in before it for sure, the one that stays longest is looked at. */
function overtaken({ all, untaken }: Passages): Flaw | undefined {
  const late = all.filter(({ rank }) => rank < 0).toSorted((one, other) => one.inCalled - other.inCalled);
  let next = 0;
  let slowest: Passage | undefined;
  for (const fast of late) {
    for (; (all[next]?.inReturned ?? Infinity) < fast.inCalled; next++) {
      if (slowest === undefined || (all[next] as Passage).outCalled > slowest.outCalled) slowest = all[next];
    }
    if (slowest === undefined || slowest.outCalled <= fast.outReturned) continue;
    const slow =
      slowest.rank < 0 ? slowest : (untaken.find(({ outCalled }) => outCalled > fast.outReturned) ?? slowest);
    return overtaking(slow, fast, untaken);
  }
  return undefined;
}

function overtaking(slow: Passage, fast: Passage, untaken: readonly Passage[]): Flaw {
  const [in2, subject] = [fast.enqueue, fast.dequeue as Operation];
  const [one, other] = [showValue(slow.value), showValue(fast.value)];
  const accusation = `Process ${subject.process} ${deed(subject, queueWords)} out of order: `;
  if (slow.rank > 0) {
    const takers = takersBefore(slow.rank, untaken);
    const values = shownValues(untaken.slice(0, slow.rank + 1));
    const before =
      in2 === undefined
        ? `${values} were all in front of ${other} at the beginning`
        : `${values} were all in the queue before ${whose(in2, queueWords)} began`;
    const sentence = `${accusation}${before}, but nobody returned any of them, and ${atMost(takers)} may have taken one by the time ${other} was out.`;
    const enqueues = untaken.slice(0, slow.rank + 1).flatMap(({ enqueue }) => enqueue ?? []);
    return { sentence, operations: [...enqueues, ...takers, ...operationsOf(in2), subject], subject };
  }
  const out = slow.rank < 0 ? slow.dequeue : undefined;
  const before =
    in2 === undefined
      ? `${one} was in front of ${other} at the beginning`
      : slow.enqueue === undefined
        ? `${one} was in the queue from the beginning`
        : `${whose(slow.enqueue, queueWords)} was over before ${whose(in2, queueWords)} began`;
  const still = out === undefined ? `${one} ${absence(slow)}` : `${one} came out only after ${other} was out`;
  return {
    sentence: `${accusation}${before}, but ${still}.`,
    operations: [...operationsOf(slow.enqueue), ...operationsOf(in2), subject, ...operationsOf(out)],
    subject,
  };
}
