/** Reads a run back from its folder. A torn last line is dropped; any other malformed line ends the command. */
import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { HistoryError, parseJsonLines } from 'knossos-ts';
import { UsageError, messageOf } from '../core/errors.ts';
import type { Recording } from './analysis.ts';
import type { Catalogue } from './catalogue.ts';
import { resolve } from './expand.ts';
import { type RunFolder, openRunFolder } from './store.ts';
import { readStoredPlan } from './stored-plan.ts';

/** Throws a UsageError that names the file, the line and what was expected there. */
export function readRecording(
  path: string,
  catalogue: Catalogue,
  program: string,
): { readonly recording: Recording; readonly folder: RunFolder } {
  const folder = realFolder(path);
  const stored = readStoredPlan(folder);
  const file = join(folder, 'history.jsonl');
  const { events, torn } = asUsage(file, () => parseJsonLines(readText(file)));
  const name = `${basename(dirname(folder))}/${basename(folder)}`;
  const { startedAt, versions, plan } = stored;
  const test = resolve(plan, catalogue);
  const recording = { test, name, startedAt, versions, program, setup: setupOf(folder), events, torn };
  const shown = relative('.', folder);
  return { recording, folder: openRunFolder(shown.startsWith('..') ? folder : shown, name) };
}

/** Turns the complaint of a parser or a checker into one about the file. Events are lines there, counted from 1. */
export function asUsage<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw usageOf(file, error);
  }
}

export function usageOf(file: string, error: unknown): unknown {
  if (!(error instanceof HistoryError)) return error;
  const line = error.line === undefined && error.index !== undefined ? ` (line ${error.index + 1})` : '';
  return new UsageError(`${file}: ${error.message}${line}.`);
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${messageOf(error)}.`);
  }
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new UsageError(`There is no run at ${path}. Give the folder of a run, or run harness test first.`);
  }
}

/** Set-up is not in the history; an earlier report of the same run knows it. */
function setupOf(folder: string): number {
  try {
    const { durations } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as {
      durations?: { setup?: unknown };
    };
    return typeof durations?.setup === 'number' ? durations.setup : 0;
  } catch {
    return 0;
  }
}
