/**
 * The command line. Exit codes: 0 valid, 1 a claim is violated or a finding, 2 unknown or inconclusive, 254 bad
 * arguments, 255 the harness itself failed. Nobody is ever shown a stack trace who did not ask for it.
 */
import yargs, { type Argv } from 'yargs';
import { UsageError, messageOf } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import { analyzeCommand } from './analyze.ts';
import { catalogue } from './catalogue.ts';
import { cleanCommand } from './clean.ts';
import { doctorCommand } from './doctor.ts';
import { exploreCommand } from './explore.ts';
import { bugsCommand } from './bugs.ts';
import {
  type Texts,
  analyzeFlags,
  bugsFlags,
  cleanFlags,
  doctorFlags,
  exploreFlags,
  imagesFlags,
  listFlags,
  testFlags,
} from './flags.ts';
import { imagesCommand } from './images.ts';
import { listCommand } from './list.ts';
import { type Terminal, terminal } from './terminal.ts';
import { testCommand } from './test.ts';
import { harnessVersion } from './version.ts';

export const exitCodes = { badArguments: 254, failed: 255 } as const;

/** Resolves to the exit code. */
export async function main(argv: readonly string[], screen: Terminal = terminal): Promise<number> {
  const result = { code: 0 };
  try {
    await commandLine(argv, screen, (code) => (result.code = code)).parseAsync();
    return result.code;
  } catch (error) {
    return explain(error, screen, isVerbose(argv));
  }
}

/**
 * Ends the program with 255 when something is thrown where nobody waits for it: Node's own answer would be 1, which says
 * that the system broke its promise. What still runs is cleaned up by its supervisor.
 */
export function guardProcess(argv: readonly string[], screen: Terminal = terminal): void {
  const fail = (error: unknown): never => process.exit(explain(error, screen, isVerbose(argv)));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
}

const isVerbose = (argv: readonly string[]): boolean =>
  argv.includes('--verbose') || (process.env['DEBUG'] ?? '') !== '';

/** What yargs hands to a command, and what becomes of its exit code. */
interface Running {
  readonly screen: Terminal;
  readonly exit: (code: number) => void;
}

function commandLine(argv: readonly string[], screen: Terminal, exit: (code: number) => void): Argv {
  const line = yargs([...argv])
    .scriptName('harness')
    .usage('$0 tests whether a replicated store keeps its consistency promise while things fail.\n\n$0 <command>')
    .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false, 'parse-numbers': false });
  const running = { screen, exit };
  return withReadingCommands(withPreparingCommands(withRunningCommands(line, running), running), running)
    .option('verbose', { type: 'boolean', describe: 'show the stack when the harness itself fails' })
    .demandCommand(1, 1, `Say what to do: ${Object.keys(flagsOf).join(', ')}. See harness --help.`)
    .strict()
    .version(harnessVersion())
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // What yargs itself throws is about the arguments: a flag without its value.
      const isTheirs = error === undefined || error.name === 'YError';
      throw isTheirs ? asUsageError(error?.message ?? message ?? 'Bad arguments.', argv) : error;
    });
}

const flagsOf = {
  test: testFlags(catalogue),
  explore: exploreFlags(catalogue),
  bugs: bugsFlags(catalogue),
  analyze: analyzeFlags,
  doctor: doctorFlags,
  images: imagesFlags,
  clean: cleanFlags,
  list: listFlags,
};

/** Commands that run systems. */
const withRunningCommands = (line: Argv, { screen, exit }: Running): Argv =>
  line
    .command(
      'test',
      'run a system under a workload and a nemesis, and judge the history',
      (options) =>
        options
          .options(flagsOf.test)
          .example('$0 test --system raft --nemesis partition', 'in containers, or on local processes, for a minute')
          .example(
            '$0 test --system raft --nemesis partition,kill --env sim --test-count 500 --seed 1',
            'many, simulated',
          )
          .example('$0 test --system raft --bug stale-read --nemesis partition', 'a planted bug, to see one found'),
      async (given: Texts) => exit(await testCommand(given, screen)),
    )
    .command(
      'explore',
      'run many simulated seeds with options drawn from the seed: faults on and off, nodes, weather, load',
      (options) =>
        options
          .options(flagsOf.explore)
          .example('$0 explore --system raft --nemesis all --seeds 10000', 'until one fails')
          .example('$0 explore --system raft --nemesis kill --bug no-fsync --keep-going --seed 1', 'all that fail')
          .example('$0 explore --system raft --nemesis all --seeds 100 --check-determinism 100', 'each seed twice'),
      async (given: Texts) => exit(await exploreCommand(given, screen)),
    )
    .command(
      'bugs',
      'search for every planted bug in fresh campaigns, and try to accuse its correct twin',
      (options) =>
        options
          .options(flagsOf.bugs)
          .example('$0 bugs', 'all, and renew docs/track-record.md')
          .example('$0 bugs --system raft --bug stale-read --campaigns 1', 'one of them, once'),
      async (given: Texts) => exit(await bugsCommand(given, screen)),
    );

/** Commands about what the environments need. */
const withPreparingCommands = (line: Argv, { screen, exit }: Running): Argv =>
  line
    .command(
      'images',
      'build the images of the docker environment, which the first run would do otherwise',
      (options) =>
        options
          .options(flagsOf.images)
          .example('$0 images', 'from what is at hand')
          .example('$0 images --base node:22-bookworm-slim', 'from an image of your choice'),
      async (given: Texts) => imagesCommand(given, screen),
    )
    .command(
      'clean',
      'remove the containers, networks and volumes of runs whose harness is dead, which the next run would do otherwise',
      (options) => options.options(flagsOf.clean).example('$0 clean', 'nothing of a harness that lives'),
      async (given: Texts) => exit(await cleanCommand(given, screen)),
    )
    .command(
      'doctor',
      'try which environments and faults can be had here, and say what to do about the rest',
      (options) =>
        options
          .options(flagsOf.doctor)
          .example('$0 doctor', 'all environments')
          .example('$0 doctor --env docker --json', 'one of them, for other programs'),
      async (given: Texts) => exit(await doctorCommand(given, screen)),
    );

/** Commands that look at what is there. */
const withReadingCommands = (line: Argv, { screen, exit }: Running): Argv =>
  line
    .command(
      'analyze [path]',
      'judge a recorded run again; without a path, the latest',
      (options) =>
        options
          .positional('path', {
            type: 'string',
            describe: 'the folder of a run, a history file, or - for standard input',
          })
          .options(flagsOf.analyze)
          .example('$0 analyze', 'the latest run')
          .example('$0 analyze history.edn --model cas-register --init 0', "a history of Jepsen's"),
      async (given: Texts) => exit(await analyzeCommand(given, screen)),
    )
    .command(
      'list',
      'show the systems with their bugs and options, the workloads, nemeses and reports',
      (options) =>
        options
          .options(flagsOf.list)
          .example('$0 list --json', 'for other programs')
          .example('$0 list --claims', 'what each option set of each system promises')
          .example('$0 list --claims --measured', 'and what the simulation shows of it, for docs/consistency.md'),
      async (given: Texts) => exit(await listCommand(given, screen)),
    );

/** Yargs names an unknown flag or command; the nearest known one is added to it. */
function asUsageError(message: string, argv: readonly string[]): Error {
  const lacking = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (lacking !== undefined) return new UsageError(`--${lacking} wants a value. See harness --help.`);
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1];
  if (unknown === undefined) return new UsageError(message);
  const command = argv.find((word) => !word.startsWith('-')) ?? '';
  if (!isCommand(command)) return unknownName('command', command || unknown, Object.keys(flagsOf));
  if (!argv.some((word) => word.startsWith('-') && word.includes(unknown)))
    return new UsageError(
      `harness ${command} does not know what to do with "${unknown}". See harness ${command} --help.`,
    );
  // A flag that is on by default is switched off by its negation.
  const known = Object.entries(flagsOf[command]).flatMap(([flag, { default: isOn }]) =>
    isOn === true ? [flag, `no-${flag}`] : [flag],
  );
  const flags = [...known, 'verbose', 'help'].map((flag) => `--${flag}`);
  return unknownName(`flag of harness ${command}`, `--${unknown}`, flags);
}

const isCommand = (word: string): word is keyof typeof flagsOf => Object.hasOwn(flagsOf, word);

function explain(error: unknown, { note }: Terminal, verbose: boolean): number {
  if (error instanceof UsageError) {
    note(error.message);
    return exitCodes.badArguments;
  }
  note(`The harness itself failed: ${messageOf(error)}`);
  if (verbose && error instanceof Error) note(error.stack ?? '');
  else note('Run it again with --verbose to see where.');
  return exitCodes.failed;
}
