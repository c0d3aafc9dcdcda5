/**
 * Says in one sentence what is wrong with a few operations. Each kind of story has conditions that make its sentence
 * true, judged by the whole history of the key; what fits none of them is told without a cause. The flicker is the
 * overlap of two forward zones of Gibbons & Korach, "Testing shared memories" (1997).
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, sameValue, showKey, showValue, valueKey } from '../history/value.ts';
import { attemptedValue, observedValue, producedValue, refusal } from '../models/register-values.ts';
import type { Evidence } from './evidence.ts';
import { deed, gap, knowledge, whose } from './phrases.ts';

export type StoryKind =
  | 'thin-air'
  | 'failed-write-seen'
  | 'read-from-the-future'
  | 'lost-update'
  | 'lost-write'
  | 'stale'
  | 'flicker'
  | 'wrongly-refused';

export interface Story {
  readonly kind: StoryKind;
  readonly sentence: string;
  /** The operation that the sentence accuses. */
  readonly subject: Operation;
}

/** Beyond so many operations only `at` is looked at, with what takes no comparison of all with all. */
const few = 100;

/** Undefined when no kind fits. `at` is accused where there is a choice. */
export function tell(evidence: Evidence, operations: readonly Operation[], at: Operation): Story | undefined {
  const others = operations.length > few ? [] : operations.filter((operation) => operation !== at);
  const suspects = [at, ...others].filter(({ type }) => type === 'ok');
  const all = [unfounded, lostUpdate, stale, wronglyRefused, flicker];
  for (const kind of operations.length > few ? all.slice(0, 3) : all) {
    for (const suspect of suspects) {
      const story = kind(evidence, operations, suspect);
      if (story !== undefined) return story;
    }
  }
  return undefined;
}

/** It saw a value that nothing can have made by then. */
function unfounded(evidence: Evidence, _: readonly Operation[], subject: Operation): Story | undefined {
  const seen = observedValue(subject);
  if (seen === undefined || evidence.isInitial(seen)) return undefined;
  const makers = evidence.makers(seen).filter((maker) => maker !== subject);
  if (makers.some(({ called }) => called <= subject.returned)) return undefined;
  const [first] = makers;
  const who = `Process ${subject.process} ${deed(subject)}`;
  const shown = showValue(seen);
  if (first !== undefined) {
    const early = gap(subject.completedAt, first.invokedAt, 'before');
    return { kind: 'read-from-the-future', sentence: `${who}, ${early} ${whose(first)} began.`, subject };
  }
  const attempts = evidence.idleAttempts(seen);
  const [failed] = attempts.filter((attempt) => attempt !== subject);
  if (failed !== undefined) {
    const fate = failed.type === 'fail' ? `${whose(failed)} surely failed` : refusalOf(failed);
    const sentence = `${who}, although ${fate} and nothing else ever wrote ${shown}.`;
    return { kind: 'failed-write-seen', sentence, subject };
  }
  const nothing = attemptsItself(subject, seen) ? 'nothing else' : 'nothing';
  return { kind: 'thin-air', sentence: `${who}, but ${nothing} ever tried to write ${shown} there.`, subject };
}

const refusalOf = (cas: Operation): string =>
  whose(cas)
    .replace(/ refused (cas|insert)/, ' $1')
    .concat(' was refused');

function attemptsItself(subject: Operation, value: Value): boolean {
  const attempted = attemptedValue(subject);
  return attempted !== undefined && sameValue(attempted, value);
}

/** Two swaps of a value that was there during one stretch only. */
function lostUpdate(evidence: Evidence, operations: readonly Operation[], subject: Operation): Story | undefined {
  const from = swappedValue(subject);
  if (from === undefined || !evidence.isUnique(from)) return undefined;
  const rival = operations.find((other) => {
    const value = other === subject ? undefined : swappedValue(other);
    return value !== undefined && sameValue(value, from);
  });
  if (rival === undefined) return undefined;
  const named = subject.key === null ? '' : ` on key ${showKey(subject.key)}`;
  const shown = showValue(from);
  const once = evidence.isInitial(from) ? `was the value at the beginning only` : `was written only once`;
  const [one, other] = [made(rival), made(subject)];
  const who =
    rival.process === subject.process
      ? `Process ${rival.process} twice swapped`
      : `Process ${rival.process} and process ${subject.process} both swapped`;
  const sentence = `${who} ${shown}${named}, for ${one} and for ${other}, although ${shown} ${once}.`;
  return { kind: 'lost-update', sentence, subject };
}

function swappedValue(operation: Operation): Value | undefined {
  if (operation.f !== 'cas' || operation.type !== 'ok' || refusal(operation) !== undefined) return undefined;
  const [from, to] = [observedValue(operation), producedValue(operation)];
  return from === undefined || to === undefined || sameValue(from, to) ? undefined : from;
}

const made = (operation: Operation): string => showValue(producedValue(operation) ?? null);

/** It saw a value although somebody had known a newer one before it began, and the older one never came back. */
function stale(evidence: Evidence, operations: readonly Operation[], subject: Operation): Story | undefined {
  const seen = observedValue(subject);
  if (seen === undefined) return undefined;
  const [witness] = operations
    .filter(
      (other) => other.type === 'ok' && other.returned < subject.called && knowsNewer(evidence, other, seen, subject),
    )
    // Whoever wrote the newer value knows best, and the earlier it was known, the worse.
    .toSorted((one, other) => rank(one) - rank(other) || one.returned - other.returned);
  if (witness === undefined) return undefined;
  const who = `Process ${subject.process} ${deed(subject)}`;
  const knower = witness.process === subject.process ? 'it' : `process ${witness.process}`;
  if (!evidence.isInitial(seen) || evidence.makers(seen).length > 0) {
    const later = gap(witness.completedAt, subject.invokedAt, 'after');
    const newer = rank(witness) === 1 ? `, which came after ${showValue(seen)}` : '';
    const sentence = `${who}, ${later} ${knower} ${knowledge(witness)}${newer}${noReturn(evidence, seen, witness, subject)}.`;
    return { kind: 'stale', sentence, subject };
  }
  const earlier = gap(witness.completedAt, subject.invokedAt, 'before');
  const shown = showValue(seen);
  const nothing = evidence.idleAttempts(seen).some((attempt) => attempt !== subject)
    ? `nothing that could have put ${shown} back took effect`
    : `nothing ${attemptsItself(subject, seen) ? 'else ' : ''}that could put ${shown} back was ever invoked`;
  const sentence = `${who}, although ${knower} ${knowledge(witness, ` ${earlier}`)}, and ${nothing}.`;
  return { kind: 'lost-write', sentence, subject };
}

/** Why the value cannot have come back, where that does not go without saying. */
function noReturn(evidence: Evidence, seen: Value, witness: Operation, subject: Operation): string {
  if (evidence.isUnique(seen)) return '';
  const shown = showValue(seen);
  if (evidence.isAtRest(seen, witness, subject)) return `, with nothing that could make it ${shown} in progress since`;
  return evidence.isUniqueFor(seen, subject) ? `, and ${shown} had been written only once by then` : '';
}

function knowsNewer(evidence: Evidence, witness: Operation, value: Value, subject: Operation): boolean {
  if (evidence.replaces(witness, value, subject)) return true;
  const seen = observedValue(witness);
  return seen !== undefined && evidence.isNewer(seen, value, subject);
}

const rank = (operation: Operation): number => (producedValue(operation) === undefined ? 1 : 0);

const knownValues = (operation: Operation): readonly Value[] =>
  [producedValue(operation), observedValue(operation)].filter((value) => value !== undefined);

function produces(operation: Operation, value: Value): boolean {
  const produced = producedValue(operation);
  return produced !== undefined && sameValue(produced, value);
}

/** A cas from the very value that was there all the time. */
function wronglyRefused(evidence: Evidence, operations: readonly Operation[], subject: Operation): Story | undefined {
  const refused = refusal(subject);
  const [from] = subject.f === 'cas' && isList(subject.input) ? subject.input : [];
  if (refused === undefined || from === undefined) return undefined;
  const who = `Process ${subject.process} ${deed(subject)}`;
  if (refused.current !== undefined && sameValue(refused.current, from)) {
    return { kind: 'wrongly-refused', sentence: `${who}, which is what the cas expected.`, subject };
  }
  const maker = operations.find(
    (other) =>
      other.type === 'ok' &&
      other.returned < subject.called &&
      produces(other, from) &&
      evidence.lastsFrom(other, subject),
  );
  if (maker === undefined) return undefined;
  const knower = maker.process === subject.process ? 'it' : `process ${maker.process}`;
  const later = gap(maker.completedAt, subject.invokedAt, 'after');
  const nothing = evidence.wasAttackedFrom(maker, subject)
    ? 'nothing that could have changed it took effect since'
    : 'nothing that could change it was invoked since';
  const sentence = `${who}, ${later} ${knower} ${knowledge(maker)}, and ${nothing}.`;
  return { kind: 'wrongly-refused', sentence, subject };
}

/** Two values that were there once each, and each was seen both before and after the other. */
function flicker(evidence: Evidence, operations: readonly Operation[], subject: Operation): Story | undefined {
  const certain = operations.filter(({ type }) => type === 'ok');
  const about = (value: Value): Operation[] =>
    certain.filter((operation) => knownValues(operation).some((known) => sameValue(known, value)));
  const values = new Map(certain.flatMap(knownValues).map((value) => [valueKey(value), value]));
  const unique = [...values.values()].filter((value) => evidence.isUnique(value));
  for (const mine of knownValues(subject).filter((value) => evidence.isUnique(value))) {
    for (const other of unique) {
      if (sameValue(mine, other)) continue;
      const forth = follow(about(mine), about(other));
      const back = about(other).find((operation) => operation.returned < subject.called);
      if (forth === undefined || back === undefined) continue;
      const [a, b] = [showValue(mine), showValue(other)];
      const first = `${capital(whose(forth.before))} was over before ${whose(forth.after)} began`;
      const second = `${whose(back)} was over before ${whose(subject)} began`;
      const sentence = `${first}, and ${second}; so ${a} and ${b} would each have to come wholly before the other.`;
      return { kind: 'flicker', sentence, subject };
    }
  }
  return undefined;
}

/** One of `ones` that returned before one of `others` was called. */
function follow(
  ones: readonly Operation[],
  others: readonly Operation[],
): { readonly before: Operation; readonly after: Operation } | undefined {
  const before = ones.toSorted((x, y) => x.returned - y.returned)[0];
  const after = others.toSorted((x, y) => y.called - x.called)[0];
  if (before === undefined || after === undefined || before.returned >= after.called) return undefined;
  return { before, after };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
