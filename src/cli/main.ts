/**
 * The command line. Exit codes: 0 valid, 1 a claim is violated or a finding, 2 unknown or inconclusive, 254 bad
 * arguments, 255 the harness itself failed. Nobody is ever shown a stack trace who did not ask for it.
 */
import yargs, { type Argv } from 'yargs';
import { UsageError, messageOf } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import { commands } from './commands.ts';
import type { Texts } from './flags.ts';
import { type Terminal, terminal } from './terminal.ts';
import { harnessVersion } from './version.ts';

export const exitCodes = { badArguments: 254, failed: 255 } as const;

/** Resolves to the exit code. */
export async function main(argv: readonly string[], screen: Terminal = terminal): Promise<number> {
  const result = { code: 0 };
  try {
    await commandLine(argv, screen, (code) => (result.code = code)).parseAsync();
    return result.code;
  } catch (error) {
    return explain(isOfYargs(error) ? await asUsageError(error.message, argv) : error, screen, isVerbose(argv));
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

/** In the words of yargs. */
class BadArguments extends Error {}

/** What it throws itself is about the arguments, too: a flag without its value. */
const isOfYargs = (error: unknown): error is Error =>
  error instanceof BadArguments || (error instanceof Error && error.name === 'YError');

function commandLine(argv: readonly string[], screen: Terminal, exit: (code: number) => void): Argv {
  const line = yargs([...argv])
    .scriptName('harness')
    .usage('$0 tests whether a replicated store keeps its consistency promise while things fail.\n\n$0 <command>')
    .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false, 'parse-numbers': false });
  return withCommands(line, screen, exit)
    .option('verbose', { type: 'boolean', describe: 'show the stack when the harness itself fails' })
    .demandCommand(1, 1, `Say what to do: ${Object.keys(commands).join(', ')}. See harness --help.`)
    .strict()
    .version(harnessVersion())
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new BadArguments(message ?? 'Bad arguments.');
    });
}

function withCommands(line: Argv, screen: Terminal, exit: (code: number) => void): Argv {
  for (const [name, { summary, positional, flags, examples, run }] of Object.entries(commands))
    line.command(
      positional === undefined ? name : `${name} [${positional.name}]`,
      summary,
      // That it is told so, only the types of yargs do not know.
      async (options: Argv, asksHelp: boolean = false) => {
        if (positional !== undefined)
          options.positional(positional.name, { type: 'string', describe: positional.describe });
        options.options(await flags(asksHelp));
        for (const [words, purpose] of examples) options.example(`$0 ${words}`, purpose);
        return options;
      },
      async (given: Texts) => exit(await run(given, screen)),
    );
  return line;
}

/** Yargs names an unknown flag or command; the nearest known one is added to it. */
async function asUsageError(message: string, argv: readonly string[]): Promise<Error> {
  const lacking = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (lacking !== undefined) return new UsageError(`--${lacking} wants a value. See harness --help.`);
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1];
  if (unknown === undefined) return new UsageError(message);
  const command = argv.find((word) => !word.startsWith('-')) ?? '';
  const flagsOf = Object.hasOwn(commands, command) ? commands[command]?.flags : undefined;
  if (flagsOf === undefined) return unknownName('command', command || unknown, Object.keys(commands));
  if (!argv.some((word) => word.startsWith('-') && word.includes(unknown)))
    return new UsageError(
      `harness ${command} does not know what to do with "${unknown}". See harness ${command} --help.`,
    );
  // A flag that is on by default is switched off by its negation.
  const known = Object.entries(await flagsOf(false)).flatMap(([flag, { default: isOn }]) =>
    isOn === true ? [flag, `no-${flag}`] : [flag],
  );
  const flags = [...known, 'verbose', 'help'].map((flag) => `--${flag}`);
  return unknownName(`flag of harness ${command}`, `--${unknown}`, flags);
}

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
