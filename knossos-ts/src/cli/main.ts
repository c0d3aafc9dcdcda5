/** The command line of the library. Nobody is shown a stack trace. */
import { readFileSync, statSync } from 'node:fs';
import { filePieces } from '../formats/history-file.ts';
import { readHistory } from '../formats/read-history.ts';
import { formatHistory } from '../formats/write-history.ts';
import { checkFile } from '../file/check-file.ts';
import { checkModelsFile, type ModelsFileAnalysis } from '../file/check-models-file.ts';
import { withCopy } from '../file/check-stream.ts';
import type { FileAnalysis } from '../file/file-options.ts';
import { HistoryError } from '../history/history-error.ts';
import { analysisJson } from '../text/analysis-json.ts';
import { analysisText } from '../text/analysis-text.ts';
import { tieWarning } from '../text/tie-warning.ts';
import { modelsText } from '../text/models-text.ts';
import { requestOf, type Request } from './arguments.ts';
import { help } from './help.ts';
import { UsageError } from './usage-error.ts';

/** What the program may do with the outside. */
export interface Screen {
  /** The result, with its line end. */
  readonly print: (text: string) => void;
  /** Everything else. */
  readonly note: (text: string) => void;
  readonly input: NodeJS.ReadableStream;
  /** Ends a check with what it has. */
  readonly signal?: AbortSignal | undefined;
  /** Columns. */
  readonly width?: number | undefined;
}

const exitCodes = { valid: 0, violated: 1, undecided: 2, badInput: 254, failed: 255 } as const;

/** Resolves to the exit code. */
export async function main(argv: readonly string[], screen: Screen): Promise<number> {
  try {
    return await run(requestOf(argv), screen);
  } catch (error) {
    return explain(error, screen);
  }
}

async function run(request: Request, screen: Screen): Promise<number> {
  if (request.kind === 'help' || request.kind === 'version') {
    screen.print(request.kind === 'help' ? help : `${version()}\n`);
    return exitCodes.valid;
  }
  const { path } = request;
  const work = (file: string): number | Promise<number> => {
    if (request.kind === 'check') return checked(file, request, screen);
    return request.kind === 'check-models' ? checkedForModels(file, request, screen) : convert(file, request, screen);
  };
  try {
    if (path === '-') return await withCopy(screen.input, work);
    refuseMissing(path);
    return await work(path);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new UsageError(`${path === '-' ? 'standard input' : path}: ${error.message}.`);
  }
}

type Checking = Extract<Request, { kind: 'check' }>;

async function checked(path: string, { options, output }: Checking, screen: Screen): Promise<number> {
  const { signal } = screen;
  const analysis = await checkFile(path, signal === undefined ? options : { ...options, signal });
  if (analysis.torn !== undefined) noteTorn(analysis.torn, screen);
  const tied = tieWarning(analysis, options.ties);
  if (tied !== undefined) screen.note(tied);
  const { model } = options;
  const { width } = screen;
  const text = (): string => analysisText(analysis, { model, ...(width === undefined ? {} : { width }) });
  screen.print(`${output === 'json' ? analysisJson(analysis) : text()}\n`);
  return exitCodeOf(analysis);
}

type CheckingModels = Extract<Request, { kind: 'check-models' }>;

async function checkedForModels(path: string, { options, output }: CheckingModels, screen: Screen): Promise<number> {
  const { signal } = screen;
  const analysis = await checkModelsFile(path, signal === undefined ? options : { ...options, signal });
  if (analysis.torn !== undefined) noteTorn(analysis.torn, screen);
  screen.print(`${output === 'json' ? analysisJson(analysis) : modelsText(analysis)}\n`);
  return exitCodeOfModels(analysis);
}

/** One model that is broken outweighs those that hold, and so does one that is not decided. */
function exitCodeOfModels({ verdicts, operations }: ModelsFileAnalysis): number {
  const all = [...verdicts.values()].map(({ valid }) => valid);
  if (all.includes(false)) return exitCodes.violated;
  return all.every((valid) => valid === true) && operations > 0 ? exitCodes.valid : exitCodes.undecided;
}

function exitCodeOf({ verdict, operations }: FileAnalysis): number {
  if (verdict.valid === false) return exitCodes.violated;
  // A history without operations proves nothing.
  return verdict.valid === true && operations > 0 ? exitCodes.valid : exitCodes.undecided;
}

type Converting = Extract<Request, { kind: 'convert' }>;

function convert(path: string, { options, to }: Converting, screen: Screen): number {
  const reading = readHistory(filePieces(path), options);
  let page = '';
  for (const line of formatHistory(reading, to)) {
    page += `${line}\n`;
    if (page.length < 2 ** 16) continue;
    screen.print(page);
    page = '';
  }
  if (page !== '') screen.print(page);
  if (reading.torn !== undefined) noteTorn(reading.torn, screen);
  return exitCodes.valid;
}

const noteTorn = (torn: string, { note }: Screen): void =>
  note(`Warning: the end of the history is torn and was dropped. ${torn}.`);

function refuseMissing(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`There is no file ${path}. Give a history, or - for standard input.`);
  if (found.isDirectory()) throw new UsageError(`${path} is a folder. Give the history file in it.`);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

function explain(error: unknown, { note }: Screen): number {
  if (error instanceof UsageError) {
    note(error.message);
    return exitCodes.badInput;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isOfTheSystem(error)) {
    note(`Cannot go on: ${message}.`);
    return exitCodes.badInput;
  }
  note(`knossos-ts itself failed: ${message}. Please report it with the history.`);
  return exitCodes.failed;
}

/** No permission, no space and the like. */
const isOfTheSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;
