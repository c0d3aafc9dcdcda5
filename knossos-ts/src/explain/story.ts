/**
 * Says in one sentence what is wrong with a few operations. Each kind of story has conditions that make its sentence
 * true, judged by the whole history of the key; what fits none of them is told without a cause. The flicker is the
 * overlap of two forward zones of Gibbons & Korach, "Testing shared memories" (1997).
 */
import type { Operation, Value } from '../history/operation.ts';
import { isList, sameValue, showKey, showValue, valueKey } from '../history/value.ts';
import { observedValue, producedValue, refusal } from '../models/register-values.ts';
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

/** Undefined when no kind fits. `at` is accused where there is a choice. */
export function tell(evidence: Evidence, operations: readonly Operation[], at: Operation): Story | undefined {
  const suspects = [at, ...operations.filter((operation) => operation !== at)].filter(({ type }) => type === 'ok');
  const kinds = [unfounded, lostUpdate, stale, wronglyRefused, flicker];
  for (const kind of kinds) {
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
  const [failed] = evidence.failedMakers(seen);
  if (failed !== undefined) {
    const sentence = `${who}, although ${whose(failed)} surely failed and nothing else ever wrote ${shown}.`;
    return { kind: 'failed-write-seen', sentence, subject };
  }
  return { kind: 'thin-air', sentence: `${who}, but nothing ever tried to write ${shown} there.`, subject };
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
    const again = evidence.isUnique(seen)
      ? ''
      : `, with nothing that could make it ${showValue(seen)} in progress since`;
    return { kind: 'stale', sentence: `${who}, ${later} ${knower} ${knowledge(witness)}${newer}${again}.`, subject };
  }
  const earlier = gap(witness.completedAt, subject.invokedAt, 'before');
  const sentence = `${who}, although ${knower} ${knowledge(witness, ` ${earlier}`)}, and nothing that could put ${showValue(seen)} back was ever invoked.`;
  return { kind: 'lost-write', sentence, subject };
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
  const sentence = `${who}, ${later} ${knower} ${knowledge(maker)}, and nothing that could change it was invoked since.`;
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
