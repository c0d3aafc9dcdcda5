/** One value that is read and written as a whole. "Not found" is a read of null, and a delete writes that. */
import type { Value } from '../history/operation.ts';
import type { Model } from './model.ts';
import { registerModel } from './register-step.ts';

export const register = (initial: Value): Model<Value> =>
  registerModel('register', initial, ['read', 'write', 'delete']);
