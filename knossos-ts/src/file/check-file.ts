/**
 * Judges the history of a file. What fits into memory is read and judged as a whole. A larger file is sorted by key
 * into temporary files first, and those are judged one after the other: the memory that this takes depends on the number
 * of keys and not on the number of operations.
 */
import { statSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { StreamCheck } from '../check/check.ts';
import { analysisOf } from '../check/summary.ts';
import { count } from '../explain/words.ts';
import { filePieces } from '../formats/history-file.ts';
import { readHistory, type HistoryReading } from '../formats/read-history.ts';
import type { Analysis, UnknownReason } from '../verdict.ts';
import { withTime, type FileAnalysis, type FileOptions } from './file-options.ts';
import { judgeParts, sortByKey } from './parted-file.ts';
import { take, type Pace, type Taken } from './paced-reading.ts';

/**
 * Whatever the format; see `FileOptions`. A time budget that is given counts from the start; the default one counts
 * from when the file has been read.
 * @throws HistoryError with the line of what is malformed, and the errors of the file system.
 */
export async function checkFile(path: string, options: FileOptions): Promise<FileAnalysis> {
  const begun = performance.now();
  const limit = options.bytesAtOnce ?? getHeapStatistics().heap_size_limit / 8;
  const deadline = begun + (options.budget?.milliseconds ?? Infinity);
  const pace: Pace = { deadline, signal: options.signal };
  const open = (): HistoryReading => readHistory(filePieces(path), options);
  return statSync(path).size <= limit
    ? checkWhole(open(), { options, pace, begun })
    : checkParted(open, { options, pace, begun, limit, size: statSync(path).size });
}

interface Task {
  readonly options: FileOptions;
  readonly pace: Pace;
  readonly begun: number;
}

async function checkWhole(reading: HistoryReading, { options, pace, begun }: Task): Promise<FileAnalysis> {
  const check = new StreamCheck(options);
  const taken = await take(reading, pace, (event) => check.add(event));
  const read = performance.now();
  if (taken.stopped !== undefined)
    return described(unread(taken, taken.stopped), reading, taken, { begun, read, parts: 1 });
  const analysis = await check.judge(withTime(options, pace.deadline - read));
  return described(analysis, reading, taken, { begun, read, parts: 1 });
}

interface LargeTask extends Task {
  readonly limit: number;
  readonly size: number;
}

async function checkParted(open: () => HistoryReading, task: LargeTask): Promise<FileAnalysis> {
  const { options, pace, begun, limit, size } = task;
  const reading = open();
  using sorted = await sortByKey(reading, open, { options, pace, limit, size });
  const read = performance.now();
  const { taken } = sorted;
  if (taken.stopped !== undefined)
    return described(unread(taken, taken.stopped), reading, taken, { begun, read, parts: 0 });
  const keys = await judgeParts(sorted, { options, pace, limit });
  return described(analysisOf(keys, sorted.tied, 0), reading, taken, { begun, read, parts: sorted.parts.length });
}

function unread({ events }: Taken, reason: UnknownReason): Analysis {
  const summary = `undecided: stopped while the file was read, after ${count(events)} events`;
  return { verdict: { valid: 'unknown', reason, detail: summary }, keys: [], summary, tied: 0, milliseconds: 0 };
}

function described(
  analysis: Analysis,
  { format, independent, torn }: HistoryReading,
  { events, operations }: Taken,
  { begun, read, parts }: { readonly begun: number; readonly read: number; readonly parts: number },
): FileAnalysis {
  return {
    ...analysis,
    milliseconds: performance.now() - begun,
    format,
    independent,
    events,
    operations,
    parts,
    readMilliseconds: read - begun,
    ...(torn === undefined ? {} : { torn }),
  };
}
