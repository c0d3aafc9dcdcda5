/** The command line as text: which flags there are, and how their texts become a request for a run. */
import { randomInt } from 'node:crypto';
import type { Options } from 'yargs';
import { UsageError } from '../core/errors.ts';
import type { PlanRequest } from '../harness/expand.ts';
import type { Catalogue } from '../harness/catalogue.ts';

/** Everything is read as text, so that a wrong number can be shown as it was typed. */
export type Texts = { readonly [flag: string]: unknown };

const text = (describe: string): Options => ({ type: 'string', requiresArg: true, describe });

export const storeFlag: { readonly store: Options } = { store: text('where runs are kept (default ./store)') };
export const jsonFlag: { readonly json: Options } = {
  json: { type: 'boolean', describe: 'print JSON, for other programs' },
};

export const testFlags = ({ systems, workloads, nemeses }: Catalogue): { readonly [flag: string]: Options } => ({
  system: text(`what to test: ${Object.keys(systems).join(', ')}`),
  workload: text(`what the clients do: ${Object.keys(workloads).join(', ')} (default register)`),
  nemesis: text(`what to break, as in partition:ring,kill: ${Object.keys(nemeses).join(', ')} (default none)`),
  'nemesis-interval': text('mean seconds of a fault, and of the pause after it (default 5; in simulation 2)'),
  'node-count': text('how many nodes (default 5)'),
  concurrency: text('how many clients: 10, or 2n for twice the nodes (default 2n)'),
  rate: text('operations per second over all clients (default 100)'),
  'attempt-timeout': text('seconds until a client tries another node (default 1)'),
  'operation-timeout': text('seconds until a client gives an operation up (default 5)'),
  'time-limit': text('seconds of the main phase (default 60; in simulation 20, of virtual time)'),
  'test-count': text('how many runs, with seeds that count up (default 1)'),
  seed: text('where all randomness comes from (default: drawn and printed)'),
  weather: text(
    'the simulated network by itself, in milliseconds and shares: delay=1-20,slow=0.05,slowest=80,loss=0.01',
  ),
  liveness: {
    type: 'boolean',
    describe: 'then leave a healthy part of the nodes alone, break the rest for good, and demand progress',
  },
  env: text('local: processes on this machine; sim: simulated, repeatable to the byte'),
  bug: text('a planted bug of the system; harness list names them'),
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'an option of the system or the workload, as in keys=10; may be given several times',
  },
  ...storeFlag,
  ...jsonFlag,
});

export function requestFrom(flags: Texts, systems: readonly string[]): PlanRequest {
  const system = textOf(flags, 'system');
  if (system === undefined)
    throw new UsageError(`Say what to test: --system ${systems.length === 1 ? systems[0] : systems.join(' | ')}.`);
  return {
    system,
    bug: textOf(flags, 'bug'),
    workload: textOf(flags, 'workload'),
    nemesis: textOf(flags, 'nemesis'),
    nodeCount: numberOf(flags, 'node-count'),
    concurrency: textOf(flags, 'concurrency'),
    rate: numberOf(flags, 'rate'),
    timeLimit: numberOf(flags, 'time-limit'),
    nemesisInterval: numberOf(flags, 'nemesis-interval'),
    attemptTimeout: numberOf(flags, 'attempt-timeout'),
    operationTimeout: numberOf(flags, 'operation-timeout'),
    seed: numberOf(flags, 'seed') ?? randomInt(2 ** 32),
    weather: textOf(flags, 'weather'),
    liveness: flags['liveness'] === true,
    set: (flags['set'] as readonly string[] | undefined) ?? [],
  };
}

export function testCountOf(flags: Texts): number {
  const count = numberOf(flags, 'test-count') ?? 1;
  if (Number.isInteger(count) && count >= 1 && count <= 1_000_000) return count;
  throw new UsageError(`--test-count wants a whole number from 1 to 1000000, and got ${count}.`);
}

export function textOf(flags: Texts, flag: string): string | undefined {
  const value = flags[flag];
  if (value === undefined || typeof value === 'string') return value;
  throw new UsageError(`--${flag} was given twice. Keep one.`);
}

function numberOf(flags: Texts, flag: string): number | undefined {
  const given = textOf(flags, flag);
  if (given === undefined) return undefined;
  const number = given.trim() === '' ? Number.NaN : Number(given);
  if (Number.isFinite(number)) return number;
  throw new UsageError(`--${flag} wants a number, and got "${given}".`);
}
