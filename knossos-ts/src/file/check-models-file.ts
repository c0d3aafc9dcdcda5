/** Which consistency models does the history of a file keep? It is read as a whole, since its keys are not independent. */
import { count } from '../explain/words.ts';
import { filePieces } from '../formats/history-file.ts';
import { readHistory, type ReadOptions } from '../formats/read-history.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { checkModels } from '../weak/check-models.ts';
import { wantedBy, type ModelsOptions } from '../weak/options.ts';
import type { ModelsAnalysis, ModelVerdict } from '../weak/verdict.ts';
import { withCopy } from './check-stream.ts';
import type { FileAnalysis } from './file-options.ts';
import { take } from './paced-reading.ts';

export interface ModelsFileOptions extends ModelsOptions, ReadOptions {}

export interface ModelsFileAnalysis
  extends ModelsAnalysis, Pick<FileAnalysis, 'format' | 'independent' | 'operations' | 'torn' | 'readMilliseconds'> {}

/**
 * Whatever the format; see `ModelsFileOptions`. A time budget that is given counts from the start; the default one counts
 * from when the file has been read.
 * @throws HistoryError with the line of what is malformed, and the errors of the file system.
 */
export async function checkModelsFile(path: string, options: ModelsFileOptions): Promise<ModelsFileAnalysis> {
  const begun = performance.now();
  const deadline = begun + (options.budget?.milliseconds ?? Infinity);
  const reading = readHistory(filePieces(path), options);
  const events: HistoryEvent[] = [];
  const { operations, stopped } = await take(reading, { deadline, signal: options.signal }, (event) =>
    events.push(event),
  );
  const readMilliseconds = performance.now() - begun;
  const left = deadline - performance.now();
  const budget = left === Infinity ? options.budget : { ...options.budget, milliseconds: Math.max(left, 0) };
  const analysis =
    stopped === undefined
      ? await checkModels(events, { ...options, ...(budget === undefined ? {} : { budget }) })
      : unread(options, {
          valid: 'unknown',
          reason: stopped,
          detail: `stopped while the file was read, after ${count(events.length)} events`,
        });
  const { format, independent, torn } = reading;
  const described = { format, independent, operations, ...(torn === undefined ? {} : { torn }) };
  return { ...analysis, ...described, readMilliseconds, milliseconds: performance.now() - begun };
}

/** As `checkModelsFile`, once the stream has ended. */
export const checkModelsStream = (
  input: NodeJS.ReadableStream,
  options: ModelsFileOptions,
): Promise<ModelsFileAnalysis> => withCopy(input, (path) => checkModelsFile(path, options));

function unread(options: ModelsOptions, verdict: ModelVerdict): ModelsAnalysis {
  const verdicts = new Map([...wantedBy(options)].map((model) => [model, verdict] as const));
  return { verdicts, holds: [], breaks: [], linearizability: undefined, milliseconds: 0 };
}
