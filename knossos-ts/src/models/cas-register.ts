/** A register with compare-and-set. */
import type { Value } from '../history/operation.ts';
import type { Model } from './model.ts';
import { registerModel } from './register-step.ts';

export const casRegister = (initial: Value): Model<Value> =>
  registerModel('cas-register', initial, ['read', 'write', 'delete', 'cas']);
