/** `harness analyze`: judges a recorded run again, or a bare history file. The exit codes are those of `test`. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FileAnalysis,
  type FileOptions,
  type ModelsFileAnalysis,
  type ModelsFileOptions,
  type ReadOptions,
  type Value,
  analysisJson,
  analysisText,
  checkFile,
  checkModelsFile,
  checkModelsStream,
  checkStream,
  consistencyModels,
  formatNames,
  modelNames,
  tieWarning,
  modelsText,
} from 'knossos-ts';
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import { ordinaryLimits } from '../harness/models.ts';
import { readRecording, usageOf } from '../harness/recorded.ts';
import { finish } from '../harness/run.ts';
import { catalogue } from './catalogue.ts';
import { bareFlags } from './bare-flags.ts';
import { type Texts, numberOf, textOf } from './flags.ts';
import { programName } from './program.ts';
import type { Terminal } from './terminal.ts';
import { defaultStore, showRun } from './test-command.ts';

export async function analyzeCommand(flags: Texts, terminal: Terminal): Promise<number> {
  const path = textOf(flags, 'path') ?? join(textOf(flags, 'store') ?? defaultStore, 'latest');
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() === true) return bare(path, flags, terminal);
  const idle = Object.keys(bareFlags).find((flag) => flags[flag] !== undefined);
  if (idle !== undefined && existsSync(path))
    throw new UsageError(`--${idle} is for a bare history file; a run knows its own model.`);
  const { recording, folder } = readRecording(path, catalogue, programName());
  if (recording.torn) terminal.note('Warning: the last line of the history is torn; it was dropped.');
  try {
    const finished = await finish(recording, ordinaryLimits, folder);
    await showRun({ terminal, json: flags['json'] === true }, finished);
    return finished.report.outcome.exitCode;
  } catch (error) {
    throw usageOf(join(path, 'history.jsonl'), error);
  }
}

async function bare(path: string, flags: Texts, terminal: Terminal): Promise<number> {
  const names = textOf(flags, 'models');
  if (names !== undefined) return bareModels(path, names, flags, terminal);
  const model = chosen('model', textOf(flags, 'model') ?? 'cas-register', modelNames);
  const options = { model, ...readOptions(flags), ...limitOptions(flags) };
  const analysis = await judged(path, options);
  if (analysis.torn !== undefined) terminal.note('Warning: the last line of the history is torn; it was dropped.');
  const tied = tieWarning(analysis, options.ties);
  if (tied !== undefined) terminal.note(tied);
  const { verdict, operations } = analysis;
  if (flags['json'] === true) {
    terminal.print(analysisJson(analysis));
    if (verdict.valid === false) terminal.note(verdict.counterexample.sentence);
    if (verdict.valid === 'unknown') terminal.note(verdict.detail);
  } else terminal.print(analysisText(analysis, { model }));
  // A history without operations proves nothing.
  return verdict.valid === false ? 1 : verdict.valid === true && operations > 0 ? 0 : 2;
}

/** What a bare history keeps of the consistency models. */
async function bareModels(path: string, names: string, flags: Texts, terminal: Terminal): Promise<number> {
  for (const flag of ['model', 'witness']) {
    if (flags[flag] !== undefined)
      throw new UsageError(`--${flag} is about one kind of object, and --models about consistency: give one of them.`);
  }
  const models =
    names === 'all'
      ? ('all' as const)
      : names.split(',').map((name) => chosen('consistency model', name, consistencyModels));
  const options = { models, ...readOptions(flags), ...limitOptions(flags) };
  const analysis = await judgedFor(path, options);
  if (analysis.torn !== undefined) terminal.note('Warning: the last line of the history is torn; it was dropped.');
  terminal.print(flags['json'] === true ? analysisJson(analysis) : modelsText(analysis));
  const all = [...analysis.verdicts.values()].map(({ valid }) => valid);
  if (all.includes(false)) return 1;
  return all.every((valid) => valid === true) && analysis.operations > 0 ? 0 : 2;
}

async function judgedFor(path: string, options: ModelsFileOptions): Promise<ModelsFileAnalysis> {
  try {
    return await (path === '-' ? checkModelsStream(process.stdin, options) : checkModelsFile(path, options));
  } catch (error) {
    throw usageOf(path === '-' ? 'standard input' : path, error);
  }
}

async function judged(path: string, options: FileOptions): Promise<FileAnalysis> {
  try {
    return await (path === '-' ? checkStream(process.stdin, options) : checkFile(path, options));
  } catch (error) {
    throw usageOf(path === '-' ? 'standard input' : path, error);
  }
}

function chosen<Name extends string>(kind: string, name: string, known: readonly Name[]): Name {
  const found = known.find((one) => one === name);
  if (found === undefined) throw unknownName(kind, name, known);
  return found;
}

function readOptions(flags: Texts): ReadOptions {
  const format = textOf(flags, 'format');
  const independent = flags['independent'];
  return {
    ...(format === undefined ? {} : { format: chosen('format', format, formatNames) }),
    ...(typeof independent === 'boolean' ? { independent } : {}),
    ...(flags['nil-reads-match-anything'] === true ? { nilReadsMatchAnything: true } : {}),
  };
}

function limitOptions(flags: Texts): Pick<FileOptions, 'initial' | 'budget' | 'ties' | 'witness'> {
  const seconds = numberOf(flags, 'time-limit');
  const init = textOf(flags, 'init');
  const ties = textOf(flags, 'ties');
  return {
    ...(seconds === undefined ? {} : { budget: { milliseconds: seconds * 1_000 } }),
    ...(init === undefined ? {} : { initial: initialOf(init) }),
    ...(ties === undefined ? {} : { ties: chosen('rule for ties', ties, ['concurrent', 'ordered'] as const) }),
    ...(flags['witness'] === true ? { witness: true } : {}),
  };
}

/** As JSON; `nil` as Clojure calls it. */
function initialOf(text: string): Value {
  try {
    return text === 'nil' ? null : (JSON.parse(text) as Value);
  } catch {
    throw new UsageError(`--init wants JSON, such as 0, null or '"a text"', and got ${text}.`);
  }
}
