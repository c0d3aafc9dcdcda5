/**
 * Eventual consistency of a finished run. After the writes have ended and the faults are healed, every key is read at
 * every replica, again and again (`peek`): the replicas have converged when all of them agree on every key. The model is
 * kept when they do, and every final value was issued: by an operation that completed or whose outcome is unknown, never
 * by one that failed. Replicas that differ while one of them is still catching up have proved nothing, unless one holds
 * what nobody ever tried to put there. Acknowledged writes that are gone without a successor are a number beside it,
 * since a store that lets the last writer win loses some by design.
 */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue, showKey, showValue, valueKey, type ValueKey } from '../../history/value.ts';
import { attemptedValue, observedValue, producedValue } from '../../models/register-values.ts';
import { CatchingUp, type Peek } from './catching-up.ts';

export type ConvergenceVerdict =
  | { readonly valid: true }
  | { readonly valid: false; readonly sentence: string; readonly peeks: readonly Peek[] }
  | { readonly valid: 'unknown'; readonly detail: string };

export interface Convergence {
  readonly verdict: ConvergenceVerdict;
  /** By key, what all replicas had in the end; only keys on which they agree. */
  readonly agreed: ReadonlyMap<ValueKey, Value>;
  /** Nanoseconds from `since` until the last replica came to its final value; undefined when they do not agree. */
  readonly timeToConverge: number | undefined;
  /** Acknowledged writes to agreed keys that nothing that happened came after, and that are not there. */
  readonly lost: readonly Operation[];
}

export interface ConvergenceOptions {
  readonly initial?: Value;
  /** When the writes had ended and all faults were healed, in nanoseconds since the run began. */
  readonly since: number;
  /** Replicas that must have been seen for every key; default: all that occur. */
  readonly replicas?: readonly string[];
}

/** `operations`: those of the clients. `peeks` by time. */
export function judgeConvergence(
  operations: readonly Operation[],
  peeks: readonly Peek[],
  options: ConvergenceOptions,
): Convergence {
  const { initial = null, since } = options;
  const replicas = options.replicas ?? [...new Set(peeks.map(({ replica }) => replica))];
  const keys = finalPeeks(peeks);
  const catchingUp = new CatchingUp();
  for (const peek of peeks) catchingUp.note(peek);
  const isOnItsWay = (replica: string): boolean => catchingUp.includes(replica);
  const written = writesByKey(operations);
  const agreed = new Map<ValueKey, Value>();
  let verdict: ConvergenceVerdict =
    keys.size === 0 ? { valid: 'unknown', detail: 'no replica was read after the run' } : { valid: true };
  for (const [name, finals] of keys) {
    const judged = judgeKey(finals, { replicas, initial, isOnItsWay }, written.get(name) ?? noWrites);
    if (
      judged.verdict.valid === false
        ? verdict.valid !== false
        : judged.verdict.valid === 'unknown' && verdict.valid === true
    ) {
      verdict = judged.verdict;
    }
    if (judged.agreed !== undefined) agreed.set(name, judged.agreed.value);
  }
  const unread = verdict.valid === true ? operationOfUnread(written, keys) : undefined;
  if (unread !== undefined) {
    const detail = `key ${showKey(unread.key)} was written to, and no replica was read for it after the run`;
    verdict = { valid: 'unknown', detail };
  }
  const isConverged = agreed.size === keys.size && keys.size > 0;
  return {
    verdict,
    agreed,
    timeToConverge: isConverged ? Math.max(settledAt(peeks, agreed) - since, 0) : undefined,
    lost: [...agreed].flatMap(([name, final]) => lostWrites(written.get(name) ?? noWrites, final)),
  };
}

/** A write to a key that nobody was asked for in the end. */
function operationOfUnread(
  written: ReadonlyMap<ValueKey, Writes>,
  keys: ReadonlyMap<ValueKey, unknown>,
): Operation | undefined {
  return [...written].flatMap(([name, { all }]) => (keys.has(name) ? [] : all))[0];
}

/** By key and replica, the last. */
function finalPeeks(peeks: readonly Peek[]): Map<ValueKey, Map<string, Peek>> {
  const keys = new Map<ValueKey, Map<string, Peek>>();
  for (const peek of peeks) {
    const name = valueKey(peek.key);
    const finals = keys.get(name) ?? new Map<string, Peek>();
    keys.set(name, finals.set(peek.replica, peek));
  }
  return keys;
}

/** What was done to one key. */
interface Writes {
  /** But for what surely failed. */
  readonly all: Operation[];
  /** What somebody wanted to put there, whatever became of it. */
  readonly tried: Set<ValueKey>;
  /** What these put there. */
  readonly values: Set<ValueKey>;
  /** What a cas took, or may have taken. */
  readonly taken: Set<ValueKey>;
  /** Its value is made of what was appended, and no value by itself. */
  isList: boolean;
}

const none = (): Writes => ({ all: [], tried: new Set(), values: new Set(), taken: new Set(), isList: false });
const noWrites = none();

function writesByKey(operations: readonly Operation[]): Map<ValueKey, Writes> {
  const byKey = new Map<ValueKey, Writes>();
  for (const operation of operations) {
    const wanted = operation.f === 'append' ? operation.input : attemptedValue(operation);
    if (wanted === undefined) continue;
    const name = valueKey(operation.key);
    let writes = byKey.get(name);
    if (writes === undefined) byKey.set(name, (writes = none()));
    writes.tried.add(valueKey(wanted));
    writes.isList ||= operation.f === 'append';
    const made = operation.type === 'fail' ? undefined : producedBy(operation);
    if (made === undefined) continue;
    writes.all.push(operation);
    writes.values.add(valueKey(made));
    const seen = operation.f === 'cas' ? observedValue(operation) : undefined;
    if (seen !== undefined) writes.taken.add(valueKey(seen));
  }
  return byKey;
}

const producedBy = (operation: Operation): Value | undefined =>
  operation.f === 'append' ? operation.input : producedValue(operation);

interface Judging {
  readonly replicas: readonly string[];
  readonly initial: Value;
  readonly isOnItsWay: (replica: string) => boolean;
}

function judgeKey(
  finals: ReadonlyMap<string, Peek>,
  { replicas, initial, isOnItsWay }: Judging,
  writes: Writes,
): { readonly verdict: ConvergenceVerdict; readonly agreed?: Peek } {
  const all = [...finals.values()];
  const [first] = all;
  if (first === undefined) return { verdict: { valid: true } };
  const settled = all.filter(({ replica }) => !isOnItsWay(replica));
  const apart = pairOf(settled);
  if (apart !== undefined) {
    const [one, other] = apart;
    const sentence = `Replica ${one.replica} ended with ${showValue(one.value)} for key ${showKey(one.key)} and replica ${other.replica} with ${showValue(other.value)}.`;
    return { verdict: { valid: false, sentence, peeks: apart } };
  }
  const late = pairOf(all)?.find(({ replica }) => isOnItsWay(replica));
  if (late !== undefined) {
    // It may still pass through what failed, but not come to what there never was.
    for (const peek of all) {
      const invented = strangeIn(peek.value, writes, writes.tried, initial);
      if (invented === undefined) continue;
      const sentence = `Replica ${peek.replica} ended with ${showValue(peek.value)} for key ${showKey(peek.key)}, but no operation ever tried to put ${showValue(invented)} there.`;
      return { verdict: { valid: false, sentence, peeks: [peek] } };
    }
    const detail = `replica ${late.replica} was still catching up when the last look was taken`;
    return { verdict: { valid: 'unknown', detail } };
  }
  const strange = strangeIn(first.value, writes, writes.values, initial);
  if (strange !== undefined) {
    const sentence = `All replicas ended with ${showValue(first.value)} for key ${showKey(first.key)}, but no operation that may have taken effect put ${showValue(strange)} there.`;
    return { verdict: { valid: false, sentence, peeks: [first] } };
  }
  const unseen = replicas.find((replica) => !finals.has(replica));
  if (unseen === undefined) return { verdict: { valid: true }, agreed: first };
  const detail = `replica ${unseen} was not read for key ${showKey(first.key)} after the run`;
  return { verdict: { valid: 'unknown', detail } };
}

/** A part of the value that is not among those that were put there. */
const strangeIn = (value: Value, writes: Writes, put: ReadonlySet<ValueKey>, initial: Value): Value | undefined =>
  sameValue(value, initial)
    ? undefined
    : partsOf(value, writes).find((part) => !sameValue(part, initial) && !put.has(valueKey(part)));

/** Two that differ. */
function pairOf([first, ...others]: readonly Peek[]): readonly [Peek, Peek] | undefined {
  const other = others.find(({ value }) => first !== undefined && !sameValue(value, first.value));
  return first === undefined || other === undefined ? undefined : [first, other];
}

const partsOf = (value: Value, { isList: isMadeOfParts }: Writes): readonly Value[] =>
  isMadeOfParts && isList(value) ? value : [value];

/** When the last replica first had what it then kept. */
function settledAt(peeks: readonly Peek[], agreed: ReadonlyMap<ValueKey, Value>): number {
  let settled = 0;
  const since = new Map<string, number>();
  for (const { replica, key, value, time } of peeks) {
    const name = `${replica} ${valueKey(key)}`;
    if (!sameValue(agreed.get(valueKey(key)) ?? null, value)) since.delete(name);
    else if (!since.has(name)) since.set(name, time);
  }
  for (const time of since.values()) settled = Math.max(settled, time);
  return settled;
}

/** Of a write, what it left behind. */
const nameOf = (write: Operation): ValueKey => valueKey(producedBy(write) as Value);

/**
 * A write is lost when it was acknowledged, its value is not the final one, and nothing that may have happened can have
 * replaced it: no other write ended after it began, and nobody's cas took its value. Of lists: it is not in the final one.
 * Of writes that may have replaced each other, and of which none is left, one is.
 */
function lostWrites(writes: Writes, final: Value): Operation[] {
  const there = new Set(partsOf(final, writes).map(valueKey));
  const latest = writes.all.toSorted((one, other) => other.returned - one.returned).slice(0, 2);
  const lost = writes.all.filter((write) => {
    if (write.type !== 'ok' || there.has(nameOf(write))) return false;
    if (write.f === 'append') return true;
    const isReplaced = latest.some((other) => other !== write && other.returned > write.called);
    return !isReplaced && !writes.taken.has(nameOf(write));
  });
  if (lost.length > 0 || writes.isList || writes.all.some(({ type }) => type === 'info')) return lost;
  // What is there may have been written several times, the last time after all others.
  const left = Math.max(...writes.all.map((write) => (there.has(nameOf(write)) ? write.returned : -Infinity)));
  const newer = writes.all.filter((write) => write.called > left && !writes.taken.has(nameOf(write)));
  return newer.toSorted((one, other) => other.returned - one.returned).slice(0, 1);
}
