/**
 * What can be asked of the harness, in the order of `--help`. A command's program is loaded when it is the one
 * that was chosen: all of them together take longer to load than most answers take.
 */
import type { Options } from 'yargs';
import {
  type Texts,
  bugsFlags,
  cleanFlags,
  doctorFlags,
  exploreFlags,
  imagesFlags,
  listFlags,
  partNames,
  testFlags,
} from './flags.ts';
import type { Terminal } from './terminal.ts';

interface Command {
  readonly summary: string;
  /** A word without a flag, after the command. */
  readonly positional?: { readonly name: string; readonly describe: string };
  /** Their texts name what can be chosen only for somebody who asks for help. */
  readonly flags: (asksHelp: boolean) => Promise<{ readonly [flag: string]: Options }>;
  /** The words after the name of the program, and what they are for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /** Resolves to the exit code. */
  readonly run: (given: Texts, screen: Terminal) => Promise<number>;
}

/** Commands that run systems. */
const running = {
  test: {
    summary: 'run a system under a workload and a nemesis, and judge the history',
    flags: async (asksHelp) => testFlags(await partNames(asksHelp)),
    examples: [
      ['test --system raft --nemesis partition', 'in containers, or on local processes, for a minute'],
      ['test --system raft --nemesis partition,kill --env sim --test-count 500 --seed 1', 'many, simulated'],
      ['test --system raft --bug stale-read --nemesis partition', 'a planted bug, to see one found'],
    ],
    run: async (given, screen) => (await import('./test.ts')).testCommand(given, screen),
  },
  explore: {
    summary: 'run many simulated seeds with options drawn from the seed: faults on and off, nodes, weather, load',
    flags: async (asksHelp) => exploreFlags(await partNames(asksHelp)),
    examples: [
      ['explore --system raft --nemesis all --seeds 10000', 'until one fails'],
      ['explore --system raft --nemesis kill --bug no-fsync --keep-going --seed 1', 'all that fail'],
      ['explore --system raft --nemesis all --seeds 100 --check-determinism 100', 'each seed twice'],
    ],
    run: async (given, screen) => (await import('./explore.ts')).exploreCommand(given, screen),
  },
  bugs: {
    summary: 'search for every planted bug in fresh campaigns, and try to accuse its correct twin',
    flags: async (asksHelp) => bugsFlags(await partNames(asksHelp)),
    examples: [
      ['bugs', 'all, and renew docs/track-record.md'],
      ['bugs --system raft --bug stale-read --campaigns 1', 'one of them, once'],
    ],
    run: async (given, screen) => (await import('./bugs.ts')).bugsCommand(given, screen),
  },
} satisfies { readonly [name: string]: Command };

/** Commands about what the environments need. */
const preparing = {
  images: {
    summary: 'build the images of the docker environment, which the first run would do otherwise',
    flags: async () => imagesFlags,
    examples: [
      ['images', 'from what is at hand'],
      ['images --base node:22-bookworm-slim', 'from an image of your choice'],
    ],
    run: async (given, screen) => (await import('./images.ts')).imagesCommand(given, screen),
  },
  clean: {
    summary:
      'remove the containers, networks and volumes of runs whose harness is dead, which the next run would do otherwise',
    flags: async () => cleanFlags,
    examples: [['clean', 'nothing of a harness that lives']],
    run: async (given, screen) => (await import('./clean.ts')).cleanCommand(given, screen),
  },
  doctor: {
    summary: 'try which environments and faults can be had here, and say what to do about the rest',
    flags: async () => doctorFlags,
    examples: [
      ['doctor', 'all environments'],
      ['doctor --env docker --json', 'one of them, for other programs'],
    ],
    run: async (given, screen) => (await import('./doctor.ts')).doctorCommand(given, screen),
  },
} satisfies { readonly [name: string]: Command };

/** Commands that look at what is there. */
const reading = {
  analyze: {
    summary: 'judge a recorded run again; without a path, the latest',
    positional: { name: 'path', describe: 'the folder of a run, a history file, or - for standard input' },
    flags: async () => (await import('./bare-flags.ts')).analyzeFlags,
    examples: [
      ['analyze', 'the latest run'],
      ['analyze history.edn --model cas-register --init 0', "a history of Jepsen's"],
    ],
    run: async (given, screen) => (await import('./analyze.ts')).analyzeCommand(given, screen),
  },
  list: {
    summary: 'show the systems with their bugs and options, the workloads, nemeses and reports',
    flags: async () => listFlags,
    examples: [
      ['list --json', 'for other programs'],
      ['list --claims', 'what each option set of each system promises'],
      ['list --claims --measured', 'and what the simulation shows of it, for docs/consistency.md'],
    ],
    run: async (given, screen) => (await import('./list.ts')).listCommand(given, screen),
  },
} satisfies { readonly [name: string]: Command };

export const commands: { readonly [name: string]: Command } = { ...running, ...preparing, ...reading };
