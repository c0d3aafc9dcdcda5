/** The models by their names. */
import type { Value } from '../history/operation.ts';
import { appendString } from './append-string.ts';
import { casRegister } from './cas-register.ts';
import { counter } from './counter.ts';
import { fifoQueue } from './fifo-queue.ts';
import { keyValue } from './key-value.ts';
import { listAppend } from './list-append.ts';
import type { Model } from './model.ts';
import { mutex } from './mutex.ts';
import { putIfAbsent } from './put-if-absent.ts';
import { register } from './register.ts';
import { set } from './set.ts';
import { unorderedQueue } from './unordered-queue.ts';

export type ModelName =
  | 'register'
  | 'cas-register'
  | 'put-if-absent'
  | 'key-value'
  | 'set'
  | 'fifo-queue'
  | 'unordered-queue'
  | 'counter'
  | 'mutex'
  | 'append-string'
  | 'list-append';

/** Each takes what the object holds at the beginning, in the form that its file says; null is empty in all of them. */
export const models: { readonly [name in ModelName]: (initial: Value) => Model<unknown> } = {
  register,
  'cas-register': casRegister,
  'put-if-absent': putIfAbsent,
  'key-value': keyValue,
  set,
  'fifo-queue': fifoQueue,
  'unordered-queue': unorderedQueue,
  counter,
  mutex,
  'append-string': appendString,
  'list-append': listAppend,
};

/**
 * The model of that name, which begins with `initial`.
 * @throws Error that names the models, or says what this one can begin with.
 */
export function modelNamed(name: string, initial: Value): Model<unknown> {
  if (!Object.hasOwn(models, name)) throw new Error(`Unknown model "${name}". Known: ${modelNames.join(', ')}`);
  return models[name as ModelName](initial);
}

export const modelNames: readonly ModelName[] = Object.keys(models) as ModelName[];
