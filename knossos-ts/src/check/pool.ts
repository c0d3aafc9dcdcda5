/**
 * Checks keys over worker threads. The threads fetch batches as they go; each key's verdict comes back as soon as it
 * is known, so that whatever ends a thread early (an abort, its deadline, its memory) costs only the keys that it had
 * not decided.
 */
import { Worker } from 'node:worker_threads';
import type { UnknownReason, Verdict } from '../verdict.ts';
import type { KeyHistory } from './key-history.ts';
import { unknown } from './key-task.ts';
import { defaultBudget, type CheckOptions } from './options.ts';
import type { FromWorker, NumberedHistory, ToWorker, WorkerSetup } from './worker-protocol.ts';

/** Threads run compiled code, also when this file itself runs from its source. */
export const workerFile: URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/check/worker.js' : './worker.js',
  import.meta.url,
);

const operationsPerBatch = 4_000;
/** What a thread may take beyond its deadline, for a story that it has begun; then it is ended. */
const graceMilliseconds = 2_000;

/** By the place of the key; undefined for those that no thread came to. */
export async function checkInPool(
  keys: readonly KeyHistory[],
  options: CheckOptions,
  workers: number,
): Promise<(Verdict | undefined)[]> {
  const verdicts: (Verdict | undefined)[] = keys.map(() => undefined);
  const batches = inBatches(keys);
  const budget = { ...defaultBudget, ...options.budget };
  const deadline = performance.now() + budget.milliseconds;
  const hire = async (): Promise<void> => {
    const setup: WorkerSetup = {
      model: options.model,
      initial: options.initial ?? null,
      budget: { milliseconds: Math.max(deadline - performance.now(), 0), bytes: budget.bytes / workers },
    };
    await runWorker(setup, batches, verdicts, options.signal);
  };
  await Promise.all(Array.from({ length: workers }, hire));
  // What a dead thread did not fetch is still there for a new one, which fetches at least one batch.
  while (batches.length > 0 && options.signal?.aborted !== true) await hire();
  return verdicts;
}

function inBatches(keys: readonly KeyHistory[]): NumberedHistory[][] {
  const batches: NumberedHistory[][] = [];
  let size = Infinity;
  for (const [number, history] of keys.entries()) {
    if (size >= operationsPerBatch) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push({ number, ...history });
    size += history.operations.length;
  }
  return batches;
}

/** Resolves when the thread has ended, for whatever reason; each key that it was given has a verdict then. */
async function runWorker(
  setup: WorkerSetup,
  batches: NumberedHistory[][],
  verdicts: (Verdict | undefined)[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted === true) return;
  const worker = new Worker(workerFile, {
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil((setup.budget.bytes / 2 ** 20) * 2) + 256 },
  });
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  const given: number[] = [];
  let ending: readonly [UnknownReason, string] = ['error', 'its thread ended'];
  const end = (...why: typeof ending): void => {
    ending = why;
    void worker.terminate();
  };
  const abort = (): void => end('aborted', 'stopped by the caller');
  const patience = setup.budget.milliseconds + graceMilliseconds;
  const overdue = setTimeout(() => end('time', 'its thread did not stop in time'), patience);
  signal?.addEventListener('abort', abort, { once: true });
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') feed(worker, batches, given);
    else verdicts[message.number] = message.verdict;
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    ending = [error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'error', error.message];
  });
  feed(worker, batches, given);
  await exited;
  clearTimeout(overdue);
  signal?.removeEventListener('abort', abort);
  for (const number of given) verdicts[number] ??= unknown(...ending);
}

function feed(worker: Worker, batches: NumberedHistory[][], given: number[]): void {
  const keys = batches.shift();
  const message: ToWorker = keys === undefined ? { kind: 'finish' } : { kind: 'batch', keys };
  given.push(...(keys ?? []).map(({ number }) => number));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(message);
}
