/** `harness analyze`: judges a recorded run again, or a bare history file. The exit codes are those of `test`. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type HistoryEvent, type ModelName, check, parseEdn, parseJsonLines } from 'knossos-ts';
import { UsageError } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import { ordinaryLimits } from '../harness/models.ts';
import { asUsage, readRecording, readText, usageOf } from '../harness/recorded.ts';
import { finish } from '../harness/run.ts';
import { catalogue } from './catalogue.ts';
import { type Texts, textOf } from './flags.ts';
import { programName } from './program.ts';
import type { Terminal } from './terminal.ts';
import { defaultStore, showRun } from './test-command.ts';

export async function analyzeCommand(flags: Texts, terminal: Terminal): Promise<number> {
  const path = textOf(flags, 'path') ?? join(textOf(flags, 'store') ?? defaultStore, 'latest');
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return bare(path, flags, terminal);
  if (flags['model'] !== undefined)
    throw new UsageError('--model is for a bare history file; a run knows its own model.');
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

const models: readonly ModelName[] = ['register', 'cas-register'];

async function bare(path: string, flags: Texts, terminal: Terminal): Promise<number> {
  const name = textOf(flags, 'model');
  const model = models.find((known) => known === (name ?? 'cas-register'));
  if (model === undefined) throw unknownName('model', name ?? '', models);
  const events = asUsage(path, () => eventsOf(path, readText(path), flags['independent'] !== false, terminal));
  try {
    const { verdict, summary } = await check(events, { model });
    terminal.print(`linearizable as ${model}: ${verdict.valid} (${summary})`);
    if (verdict.valid === false) terminal.print(verdict.counterexample.sentence);
    if (verdict.valid === 'unknown') terminal.print(verdict.detail);
    return verdict.valid === true ? 0 : verdict.valid === false ? 1 : 2;
  } catch (error) {
    throw usageOf(path, error);
  }
}

function eventsOf(path: string, text: string, independent: boolean, terminal: Terminal): readonly HistoryEvent[] {
  if (path.endsWith('.edn')) return parseEdn(text, { independent });
  const { events, torn } = parseJsonLines(text);
  if (torn) terminal.note('Warning: the last line of the history is torn; it was dropped.');
  return events;
}
