/** The command line as typed, and what it asks for. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { formatNames } from '../formats/catalogue.ts';
import type { FormatName } from '../formats/format.ts';
import { readJson } from '../formats/json-text.ts';
import type { ModelsFileOptions } from '../file/check-models-file.ts';
import type { FileOptions } from '../file/file-options.ts';
import type { Value } from '../history/operation.ts';
import { modelNamed, modelNames, type ModelName } from '../models/catalogue.ts';
import { consistencyModels, type ConsistencyModel } from '../weak/models.ts';
import { unknownName, UsageError } from './usage-error.ts';

export type Request =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'check'; readonly path: string; readonly options: FileOptions; readonly output: 'text' | 'json' }
  | {
      readonly kind: 'check-models';
      readonly path: string;
      readonly options: ModelsFileOptions;
      readonly output: 'text' | 'json';
    }
  | {
      readonly kind: 'convert';
      readonly path: string;
      readonly options: Omit<FileOptions, 'model'>;
      readonly to: FormatName;
    };

const commands = ['check', 'convert'];

const flags = {
  model: { type: 'string', short: 'm' },
  models: { type: 'string' },
  format: { type: 'string', short: 'f' },
  to: { type: 'string' },
  init: { type: 'string' },
  'time-limit': { type: 'string' },
  memory: { type: 'string' },
  workers: { type: 'string' },
  ties: { type: 'string' },
  witness: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  independent: { type: 'boolean' },
  'nil-reads-match-anything': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

type Given = { readonly [flag in keyof typeof flags]?: string | boolean };

/** @throws UsageError that says what to do instead. */
export function requestOf(argv: readonly string[]): Request {
  const { values, positionals } = parse(argv);
  if (values.help === true || argv.length === 0) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  const [command = '', path, ...more] = positionals;
  if (!commands.includes(command)) throw unknownName('command', command, commands);
  if (path === undefined)
    throw new UsageError(`Say which file to ${command}: knossos-ts ${command} history.edn, or - for standard input.`);
  if (more.length > 0) throw new UsageError(`knossos-ts ${command} takes one file, and got ${positionals.length - 1}.`);
  const reading = {
    ...given('format', chosen('format', values.format, formatNames)),
    ...given('independent', values.independent as boolean | undefined),
    ...given('nilReadsMatchAnything', values['nil-reads-match-anything'] as boolean | undefined),
  };
  if (command === 'convert') {
    const to = chosen('format', values.to, formatNames);
    if (to === undefined) throw new UsageError(`Say what to convert it to: --to ${formatNames.join(', --to ')}.`);
    return { kind: 'convert', path, options: reading, to };
  }
  const output = chosen('output', values.output, ['text', 'json'] as const) ?? 'text';
  if (values.models !== undefined) {
    return { kind: 'check-models', path, options: { ...reading, ...modelsOptions(values) }, output };
  }
  const model = chosen('model', values.model, modelNames);
  if (model === undefined)
    throw new UsageError(
      `Say what the object is: --model ${modelNames.join(', --model ')}; or ask for the consistency models: --models all.`,
    );
  const limited = limits(values);
  refuseUnfit(model, limited.initial ?? null);
  return { kind: 'check', path, options: { ...reading, model, ...limited }, output };
}

function modelsOptions(values: Given): Pick<ModelsFileOptions, 'models' | 'initial' | 'budget' | 'workers'> {
  for (const flag of ['model', 'witness'] as const) {
    if (values[flag] !== undefined)
      throw new UsageError(`--${flag} is about one kind of object, and --models about consistency: give one of them.`);
  }
  return { ...limits(values), models: modelsOf(String(values.models)) };
}

/** `all`, or names with commas between them. */
function modelsOf(text: string): 'all' | ConsistencyModel[] {
  if (text === 'all') return text;
  const known = ['all', ...consistencyModels];
  return text.split(',').map((name) => {
    const found = consistencyModels.find((model) => model === name);
    if (found === undefined) throw unknownName('consistency model', name, known);
    return found;
  });
}

/** Before anything is read: a model says itself what it cannot begin with. */
function refuseUnfit(model: ModelName, initial: Value): void {
  try {
    modelNamed(model, initial);
  } catch (error) {
    throw new UsageError(`--init does not fit: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function limits(values: Given): Pick<FileOptions, 'initial' | 'budget' | 'ties' | 'witness' | 'workers'> {
  const time = amount('time-limit', values['time-limit'], 'seconds');
  const memory = amount('memory', values.memory, 'megabytes');
  const workers = amount('workers', values.workers, 'threads');
  return {
    ...given('initial', values.init === undefined ? undefined : initialOf(String(values.init))),
    ...(time === undefined && memory === undefined
      ? {}
      : { budget: { ...given('milliseconds', time && time * 1_000), ...given('bytes', memory && memory * 2 ** 20) } }),
    ...given('workers', workers),
    ...given('ties', chosen('rule for ties', values.ties, ['concurrent', 'ordered'] as const)),
    ...(values.witness === true ? { witness: true } : {}),
  };
}

function parse(argv: readonly string[]): { readonly values: Given; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: withNegative(argv), options: flags, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '(--?[^' =]+)/.exec(message)?.[1];
    if (unknown !== undefined)
      throw unknownName(
        'flag',
        unknown,
        Object.keys(flags).map((flag) => `--${flag}`),
      );
    const ambiguous = /^Option '(?:-\w, )?(--?[\w-]+)[^']*' argument is ambiguous/.exec(message)?.[1];
    if (ambiguous !== undefined) {
      const flag = longName(ambiguous);
      throw new UsageError(`${flag} wants a value; one that begins with - is written ${flag}=-5.`);
    }
    const lacking = /^Option '(?:-\w, )?(--[\w-]+) <value>' argument missing/.exec(message)?.[1];
    throw new UsageError(
      lacking === undefined
        ? `${(message.split('\n', 1)[0] ?? '').replace(/\.$/, '')}. See knossos-ts --help.`
        : `${lacking} wants a value. See knossos-ts --help.`,
    );
  }
}

/** Only `--model=-5` can be said so, and not `-m=-5`. */
function longName(flag: string): string {
  const [name] = Object.entries(flags).find(([, about]) => 'short' in about && `-${about.short}` === flag) ?? [];
  return name === undefined ? flag : `--${name}`;
}

/** A number below 0 is no flag: `--init -5` is `--init=-5`. */
function withNegative(argv: readonly string[]): string[] {
  const args: string[] = [];
  for (const word of argv) {
    if (args.at(-1) === '--init' && /^-\d/.test(word)) args[args.length - 1] = `--init=${word}`;
    else args.push(word);
  }
  return args;
}

const given = <Name extends string, T>(name: Name, value: T | undefined): { readonly [name in Name]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: T };

function chosen<Name extends string>(
  kind: string,
  name: string | boolean | undefined,
  known: readonly Name[],
): Name | undefined {
  if (name === undefined) return undefined;
  const found = known.find((one) => one === name);
  if (found === undefined) throw unknownName(kind, String(name), known);
  return found;
}

function amount(flag: string, text: string | boolean | undefined, unit: string): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text !== '' && number >= 0 && number < Infinity) return number;
  throw new UsageError(`--${flag} wants a number of ${unit}, and got "${text}".`);
}

/** As JSON; `nil` as Clojure calls it. */
function initialOf(text: string): Value {
  const parsed = readJson(text === 'nil' ? 'null' : text);
  if (parsed !== undefined) return parsed.value as Value;
  throw new UsageError(`--init wants JSON, such as 0, null or '"a text"', and got ${text}.`);
}
