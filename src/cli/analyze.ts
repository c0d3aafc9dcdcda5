/** `harness analyze`: judges a recorded run again, or a bare history file. The exit codes are those of `test`. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Analysis, type HistoryEvent, type ModelName, check, parseEdn, parseJsonLines } from 'knossos-ts';
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
    const analysis = await check(events, { model });
    const { verdict, summary, keys } = analysis;
    if (flags['json'] === true) terminal.print(analysisText(analysis));
    else terminal.print(`linearizable as ${model}: ${verdict.valid} (${summary})`);
    const say = flags['json'] === true ? terminal.note : terminal.print;
    if (verdict.valid === false) say(verdict.counterexample.sentence);
    if (verdict.valid === 'unknown') say(verdict.detail);
    // A history without operations proves nothing.
    if (keys.length === 0) say('There is no operation in this history, so that nothing was judged.');
    return verdict.valid === false ? 1 : verdict.valid === true && keys.length > 0 ? 0 : 2;
  } catch (error) {
    throw usageOf(path, error);
  }
}

/** As JSON, where an operation that never returned has null for its end, and a large integer is a text. */
const analysisText = (analysis: Analysis): string =>
  JSON.stringify(analysis, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2);

function eventsOf(path: string, text: string, independent: boolean, terminal: Terminal): readonly HistoryEvent[] {
  if (path.endsWith('.edn')) return parseEdn(text, { independent });
  const { events, torn } = parseJsonLines(text);
  if (torn) terminal.note('Warning: the last line of the history is torn; it was dropped.');
  return events;
}
