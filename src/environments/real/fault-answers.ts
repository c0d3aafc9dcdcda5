import { messageOf } from '../../core/errors.ts';
import type { Answer, Done } from '../faults.ts';
import { inTime } from './waiting.ts';

export const failure = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

export const success = <T>(value: T): Answer<T> => ({ ok: true, value });

/** Hands over what comes within the deadline (milliseconds), or why nothing did; exactly once. */
export function answer<T>(promise: Promise<Answer<T>>, within: number, done: Done<T>): void {
  const safe = promise.catch((error: unknown): Answer<T> => failure(messageOf(error)));
  void inTime(within, safe).then((settled) => done(settled ?? failure(`no proof within ${within / 1000} s`)));
}

/** The proofs of several parts as one, or everything that went wrong. */
export function together(answers: readonly Answer<string>[]): Answer<string> {
  const errors = answers.flatMap((each) => (each.ok ? [] : [each.error]));
  if (errors.length > 0) return failure(errors.join('; '));
  return success(answers.flatMap((each) => (each.ok ? [each.value] : [])).join('; '));
}
