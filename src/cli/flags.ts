/** The command line as text: which flags there are, and how their texts become a request for a run. */
import { randomInt } from 'node:crypto';
import type { Options } from 'yargs';
import { UsageError } from '../core/errors.ts';
import type { PlanRequest } from '../harness/expand.ts';

/** Everything is read as text, so that a wrong number can be shown as it was typed. */
export type Texts = { readonly [flag: string]: unknown };

export const text = (describe: string): Options => ({ type: 'string', requiresArg: true, describe });

export const storeFlag: { readonly store: Options } = { store: text('where runs are kept (default ./store)') };
export const jsonFlag: { readonly json: Options } = {
  json: { type: 'boolean', describe: 'print JSON, for other programs' },
};

export const imagesFlags: { readonly [flag: string]: Options } = {
  base: text('make them from this image, which has Node on Debian; holds until the images are removed'),
  ...jsonFlag,
};

export const cleanFlags: { readonly [flag: string]: Options } = {
  images: { type: 'boolean', describe: 'also remove our images that no container uses' },
  ...jsonFlag,
};

export const doctorFlags: { readonly [flag: string]: Options } = {
  env: text('ask about one environment only: docker, local, sim'),
  ...jsonFlag,
};

export const listFlags: { readonly [flag: string]: Options } = {
  claims: { type: 'boolean', describe: 'only what each option set of each system promises' },
  measured: {
    type: 'boolean',
    describe:
      'with --claims: also what a simulation shows of it, in about a minute; renews docs/consistency.md where it is',
  },
  seed: text('with --measured: where all randomness comes from (default 1)'),
  output: text('with --measured: where to write the page'),
  ...jsonFlag,
};

/** What there is to choose from, for the texts of the flags. */
interface PartNames {
  readonly systems: readonly string[];
  readonly workloads: readonly string[];
  readonly nemeses: readonly string[];
}

/** Where nobody asks for help, nobody reads the texts, and the catalogue takes long to load. */
export async function partNames(asksHelp: boolean): Promise<PartNames> {
  if (!asksHelp) return { systems: [], workloads: [], nemeses: [] };
  const { systems, workloads, nemeses } = (await import('./catalogue.ts')).catalogue;
  return { systems: Object.keys(systems), workloads: Object.keys(workloads), nemeses: Object.keys(nemeses) };
}

export const testFlags = ({ systems, workloads, nemeses }: PartNames): { readonly [flag: string]: Options } => ({
  system: text(`what to test: ${systems.join(', ')}`),
  workload: text(`what the clients do: ${workloads.join(', ')} (default register)`),
  nemesis: text(`what to break, as in partition:ring,kill: ${nemeses.join(', ')}, or all (default none)`),
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
  env: text(
    'docker: containers; local: processes on this machine; sim: simulated, repeatable to the byte (default docker where an engine answers, else local)',
  ),
  'node-memory': text('the most memory that a node may use, as in 256m or 2g; docker only (default all there is)'),
  'node-cpus': text('the most processors that a node may use, as in 0.5; docker only (default all there are)'),
  bug: text('a planted bug of the system; harness list names them'),
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    describe:
      'options of the system or the workload, as in keys=10,lease=400; a name that both have is the one of the system, unless written workload.NAME',
  },
  ...storeFlag,
  ...jsonFlag,
});

/** What `explore` draws where it is not given, and how much of it there is to be. */
export const exploreFlags = (names: PartNames): { readonly [flag: string]: Options } => {
  const { env: _env, 'test-count': _count, liveness: _liveness, ...rest } = testFlags(names);
  const { 'node-memory': _memory, 'node-cpus': _cpus, ...flags } = rest;
  return {
    ...flags,
    nemesis: text(`what to break, as in partition,kill: all, ${names.nemeses.join(', ')} (default all)`),
    seeds: text('how many seeds (default 1000)'),
    seed: text('the first seed (default: drawn and printed)'),
    'keep-going': { type: 'boolean', describe: 'go on after a seed has failed, and list all that do' },
    'check-determinism': text(
      'how many of the seeds are run twice, in different threads, to compare their steps (default 0)',
    ),
    liveness: {
      type: 'boolean',
      default: true,
      describe: 'end each run with a liveness phase; --no-liveness: without',
    },
  };
};

export const bugsFlags = ({ systems }: PartNames): { readonly [flag: string]: Options } => ({
  system: text(`whose bugs: ${systems.join(', ')} (default all)`),
  bug: text('one bug only; harness list names them'),
  campaigns: text('how many campaigns for each bug, with seeds of their own (default 5)'),
  'campaign-seconds': text('real seconds after which a campaign gives up (default 120)'),
  'twin-runs': text('how often the correct twin of each bug is run at least, over all campaigns (default 300)'),
  seed: text('the first seed (default: that of the scoreboard that goes on, or drawn and printed)'),
  nemesis: text('break this instead of what the bug names; none: nothing, so that nothing should be found'),
  fresh: { type: 'boolean', describe: 'run these bugs again, instead of going on with the scoreboard in the store' },
  output: text(
    'where to write the table (default docs/track-record.md where it is there, once all bugs of a system have had their due)',
  ),
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
    nodeLimits: limitsFrom(flags),
    liveness: flags['liveness'] === true,
    set: (flags['set'] as readonly string[] | undefined) ?? [],
  };
}

const byteUnits: { readonly [unit: string]: number } = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
/** Node itself needs that much. */
const leastMemory = 64 * 2 ** 20;

/** What a node may use, as far as it was said. */
export function limitsFrom(flags: Texts): { readonly memory?: number; readonly cpus?: number } {
  const memory = textOf(flags, 'node-memory');
  const cpus = numberOf(flags, 'node-cpus');
  if (cpus !== undefined && !(cpus >= 0.01 && cpus <= 1_000))
    throw new UsageError(`--node-cpus wants a number from 0.01 to 1000, and got ${cpus}.`);
  if (memory === undefined) return cpus === undefined ? {} : { cpus };
  const [, count = '', unit = ''] = /^(\d+)([kmg]?)$/i.exec(memory) ?? [];
  const bytes = Number(count) * (byteUnits[unit.toLowerCase()] ?? 0);
  if (!(bytes >= leastMemory))
    throw new UsageError(`--node-memory wants an amount such as 256m or 2g, from 64m on, and got "${memory}".`);
  return { memory: bytes, ...(cpus === undefined ? {} : { cpus }) };
}

/** A whole number of runs; `fallback` is also the least one where it is 0 or 1. */
export function countOf(flags: Texts, flag: string, fallback: number): number {
  const count = numberOf(flags, flag) ?? fallback;
  const least = Math.min(1, fallback);
  if (Number.isInteger(count) && count >= least && count <= 1_000_000) return count;
  throw new UsageError(`--${flag} wants a whole number from ${least} to 1000000, and got ${count}.`);
}

export function textOf(flags: Texts, flag: string): string | undefined {
  const value = flags[flag];
  if (value === undefined || typeof value === 'string') return value;
  throw new UsageError(`--${flag} was given twice. Keep one.`);
}

export function numberOf(flags: Texts, flag: string): number | undefined {
  const given = textOf(flags, flag);
  if (given === undefined) return undefined;
  const number = given.trim() === '' ? Number.NaN : Number(given);
  if (Number.isFinite(number)) return number;
  throw new UsageError(`--${flag} wants a number, and got "${given}".`);
}
