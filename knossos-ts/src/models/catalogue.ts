/** The models by their names. */
import type { Value } from '../history/operation.ts';
import { casRegister } from './cas-register.ts';
import type { Model } from './model.ts';
import { register } from './register.ts';

export type ModelName = 'register' | 'cas-register';

export const models: { readonly [name in ModelName]: (initial: Value) => Model<Value> } = {
  register,
  'cas-register': casRegister,
};
