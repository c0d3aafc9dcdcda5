import { milliseconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { OptionDefinition } from '../../src/protocol/system.ts';
import { numbersIn } from '../../src/protocol/option-values.ts';
import { mistakesOf } from './bugs.ts';
import type { Mistakes } from './bugs.ts';

export const options: readonly OptionDefinition[] = [
  {
    name: 'resend',
    summary: 'Milliseconds before a node says again what was not answered, and asks for decisions that it waits for.',
    fallback: 100,
    range: [1, 60_000],
  },
  {
    name: 'patience',
    summary: 'Milliseconds that a coordinator waits for votes, and a read for a lock.',
    fallback: 600,
    range: [1, 600_000],
  },
  {
    name: 'batch',
    summary: 'Transactions that one message names at most.',
    fallback: 100,
    range: [1, 10_000],
    explored: [3],
  },
  {
    name: 'mostOpen',
    summary: 'Transactions that wait for acknowledgements before a coordinator refuses to begin more.',
    fallback: 1000,
    range: [1, 1_000_000],
    explored: [100],
  },
  {
    name: 'compactEvery',
    summary: 'Records after which a node begins its journal anew.',
    fallback: 1000,
    range: [1, 1_000_000],
    explored: [5, 50],
  },
];

/** The options of a run, read and checked once. */
export interface Settings {
  readonly resend: Duration;
  readonly patience: Duration;
  readonly batch: number;
  readonly mostOpen: number;
  readonly compactEvery: number;
  readonly mistakes: Mistakes;
}

export function settingsOf(given: SystemOptions): Settings {
  const number = numbersIn(options, given);
  return {
    resend: milliseconds(number('resend')),
    patience: milliseconds(number('patience')),
    batch: number('batch'),
    mostOpen: number('mostOpen'),
    compactEvery: number('compactEvery'),
    mistakes: mistakesOf(given),
  };
}
