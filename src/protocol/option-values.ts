import { invariant } from '../core/errors.ts';
import type { SystemOptions } from './protocol.ts';
import type { OptionDefinition } from './system.ts';

/** Reads the options that are numbers by their names; what was not given has its fallback. */
export const numbersIn =
  (options: readonly OptionDefinition[], given: SystemOptions) =>
  (name: string): number => {
    const value = given.values[name] ?? options.find((option) => option.name === name)?.fallback;
    invariant(typeof value === 'number', () => `option ${name} is a number, not ${String(value)}`);
    return value;
  };
