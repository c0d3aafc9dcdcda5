/** A register that an insert fills only where it is empty, as a service of locks or of unique names does. */
import type { Value } from '../history/operation.ts';
import type { Model } from './model.ts';
import { registerModel } from './register-step.ts';

export const putIfAbsent = (initial: Value): Model<Value> =>
  registerModel('put-if-absent', initial, ['read', 'insert', 'write', 'delete']);
