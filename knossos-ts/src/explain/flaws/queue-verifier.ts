/**
 * The second opinion on a proof against a queue, where it holds more operations than all orders of which can be tried. It
 * rests on three counts alone, and shares nothing with what found the proof. Of values that were enqueued once:
 *
 * - a value does not come out more often than it can have gone in by then;
 * - of two values the one that was in before the other one's enqueue began comes out first. If somebody returned it, that
 *   dequeue must have begun by the time the other was out. If nobody did, a dequeue of unknown outcome must have taken it,
 *   and each takes one value at most;
 * - a queue that was found empty was so at some moment between call and return. Each value that is in for sure at a moment,
 *   and that the dequeue which returned it cannot have taken yet, says no; and so do values that nobody returned, where they
 *   are more than the dequeues of unknown outcome that had begun.
 *
 * Moments lie between positions, too: a value is in for sure after its enqueue returned, and can be out from the call of its
 * dequeue on. So the moments that say no lie in open intervals, and if there is one that does not, the first such is the
 * call of the accused or that of a dequeue.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { valueKey, type ValueKey } from '../../history/value.ts';
import { queueWords } from '../../models/fifo-queue.ts';
import type { Model } from '../../models/model.ts';
import { isOk, mayHaveHappened } from './flaw.ts';

/** All that the history tells of a value of the proof. */
interface Life {
  /** Those that may have taken effect, and how often it was there at the beginning, its first place there. */
  readonly enqueues: Operation[];
  readonly dequeues: Operation[];
  initially: number;
  place: number;
}

/** False also where it cannot say, or the model is no queue. `history`: everything, of which the proof is a part. */
export function isRefuted(
  model: Model<unknown>,
  proof: readonly Operation[],
  subject: Operation,
  history: readonly Operation[],
): boolean {
  if (model.words !== queueWords || subject.f !== 'dequeue' || !isOk(subject)) return false;
  const all = new Set(history);
  if (!proof.includes(subject) || !proof.every((operation) => all.has(operation))) return false;
  const isOrdered = model.name === 'fifo-queue';
  const initial = (isOrdered ? model.init : (model.init as readonly Value[])[0]) as readonly Value[];
  const lives = livesOf(proof, initial, history);
  // Whoever is called after the accused had returned had no part in it.
  const takers = history.filter(
    ({ f, type, called }) => f === 'dequeue' && type === 'info' && called <= subject.returned,
  );
  if (subject.output === null) return isNeverEmpty(subject, [...lives.values()], takers);
  const own = lives.get(valueKey(subject.output)) as Life;
  return isTooOften(own, subject) || (isOrdered && isOvertaking(own, subject, [...lives.values()], takers));
}

function livesOf(
  proof: readonly Operation[],
  initial: readonly Value[],
  history: readonly Operation[],
): ReadonlyMap<ValueKey, Life> {
  const lives = new Map<ValueKey, Life>();
  const begin = (value: Value): Life => {
    const life = lives.get(valueKey(value)) ?? { enqueues: [], dequeues: [], initially: 0, place: 0 };
    lives.set(valueKey(value), life);
    return life;
  };
  for (const [place, value] of initial.entries()) {
    const life = begin(value);
    if (life.initially++ === 0) life.place = place;
  }
  for (const operation of proof) {
    const value = valueOf(operation);
    if (value !== null) begin(value);
  }
  for (const operation of history) {
    const value = mayHaveHappened(operation) ? valueOf(operation) : null;
    const life = value === null ? undefined : lives.get(valueKey(value));
    (operation.f === 'enqueue' ? life?.enqueues : life?.dequeues)?.push(operation);
  }
  return lives;
}

/** What went in or came out; null where nobody knows, or nothing did. */
const valueOf = ({ f, type, input, output }: Operation): Value =>
  f === 'enqueue' ? input : f === 'dequeue' && type === 'ok' ? output : null;

function isTooOften({ enqueues, dequeues, initially }: Life, subject: Operation): boolean {
  const ins = enqueues.filter(({ called }) => called <= subject.returned).length + initially;
  return dequeues.filter(({ returned }) => returned <= subject.returned).length > ins;
}

const isOnce = ({ enqueues, dequeues, initially }: Life): boolean =>
  enqueues.length + initially === 1 && dequeues.length < 2;

/** When it was in for sure, as far as its own enqueue tells. */
const inside = ({ enqueues: [enqueue] }: Life): number => (enqueue === undefined ? -Infinity : enqueue.returned);

function isOvertaking(own: Life, subject: Operation, lives: readonly Life[], takers: readonly Operation[]): boolean {
  if (!isOnce(own)) return false;
  const [enqueue] = own.enqueues;
  const isBefore = (life: Life): boolean =>
    enqueue === undefined ? life.initially === 1 && life.place < own.place : inside(life) < enqueue.called;
  const ahead = lives.filter((life) => life !== own && isOnce(life) && isBefore(life));
  if (ahead.some(({ dequeues: [dequeue] }) => dequeue !== undefined && dequeue.called > subject.returned)) return true;
  return ahead.filter(({ dequeues }) => dequeues.length === 0).length > takers.length;
}

function isNeverEmpty(subject: Operation, lives: readonly Life[], takers: readonly Operation[]): boolean {
  const once = lives.filter(isOnce);
  const calls = takers.map(({ called }) => called).toSorted(ascending);
  const untaken = once
    .filter(({ dequeues }) => dequeues.length === 0)
    .map(inside)
    .toSorted(ascending);
  const stays = once
    .flatMap((life) => life.dequeues.map(({ called }) => ({ from: inside(life), to: called })))
    .toSorted((one, other) => one.from - other.from);
  const moments = [subject.called, ...stays.map(({ to }) => to), ...calls]
    .filter((moment) => moment >= subject.called && moment <= subject.returned)
    .toSorted(ascending);
  let [ins, outs, next, until] = [0, 0, 0, -Infinity];
  return moments.every((moment) => {
    for (; (untaken[ins] ?? Infinity) < moment; ins++);
    for (; (calls[outs] ?? Infinity) <= moment; outs++);
    for (; (stays[next]?.from ?? Infinity) < moment; next++) until = Math.max(until, stays[next]?.to ?? -Infinity);
    return ins > outs || until > moment;
  });
}

const ascending = (one: number, other: number): number => one - other;
