/**
 * One thread of the pool and the keys that it was given. What it is given goes over in parts of some milliseconds,
 * because copying a long history at once would block the event loop.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { UnknownReason, Verdict } from '../verdict.ts';
import { unknown } from './key-task.ts';
import {
  sharedClock,
  type FromWorker,
  type NumberedHistory,
  type NumberedPart,
  type ToWorker,
  type WorkerSetup,
} from './worker-protocol.ts';

/** Threads run compiled code, also when this file itself runs from its source. */
export const workerFile: URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/check/worker.js' : './worker.js',
  import.meta.url,
);

const operationsPerMessage = 4_000;

export class HiredWorker {
  readonly #worker: Worker;
  readonly #nextBatch: () => readonly NumberedHistory[] | undefined;
  readonly #verdicts: (Verdict | undefined)[];
  readonly #deadline: number;
  readonly #given: number[] = [];
  #ending: readonly [UnknownReason, string] = ['error', 'its thread ended'];
  #isOver = false;

  constructor(
    setup: WorkerSetup,
    nextBatch: () => readonly NumberedHistory[] | undefined,
    verdicts: (Verdict | undefined)[],
  ) {
    this.#deadline = setup.deadline;
    this.#nextBatch = nextBatch;
    this.#verdicts = verdicts;
    this.#worker = new Worker(workerFile, {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil((setup.bytes / 2 ** 20) * 2) + 256 },
    });
  }

  /** Resolves when the thread has ended, for whatever reason; each key that it was given has a verdict then. */
  async run(patience: number, signal: AbortSignal | undefined): Promise<void> {
    const exited = new Promise<void>((resolve) => void this.#worker.once('exit', () => resolve()));
    const abort = (): void => this.#end('aborted', 'stopped by the caller');
    const overdue = setTimeout(() => this.#end('time', 'its thread did not stop in time'), patience);
    signal?.addEventListener('abort', abort, { once: true });
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') void this.#feed();
      else this.#verdicts[message.number] = message.verdict;
    });
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      this.#ending = [error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'error', error.message];
    });
    void this.#feed();
    await exited;
    this.#isOver = true;
    clearTimeout(overdue);
    signal?.removeEventListener('abort', abort);
    for (const number of this.#given) this.#verdicts[number] ??= unknown(...this.#ending);
  }

  #end(...why: readonly [UnknownReason, string]): void {
    this.#ending = why;
    this.#isOver = true;
    void this.#worker.terminate();
  }

  async #feed(): Promise<void> {
    const batch = this.#nextBatch();
    if (batch === undefined) return this.#say({ kind: 'finish' });
    for (const { number } of batch) this.#given.push(number);
    try {
      for (const keys of inParts(batch)) {
        this.#say({ kind: 'part', keys });
        await breathe();
        if (this.#isOver) return;
        if (sharedClock() < this.#deadline) continue;
        // A part of a batch is of no use. What was begun before is handed in.
        this.#ending = ['time', 'not begun'];
        this.#say({ kind: 'finish' });
        return;
      }
      this.#say({ kind: 'begin' });
    } catch (thrown) {
      this.#end('error', thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  #say(message: ToWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(message);
  }
}

function* inParts(batch: readonly NumberedHistory[]): Generator<NumberedPart[]> {
  let part: NumberedPart[] = [];
  let size = 0;
  for (const { number, history } of batch) {
    for (let from = 0; from < history.size;) {
      const operations = history.slice(from, Math.min(from + operationsPerMessage - size, history.size));
      part.push({ number, key: history.key, operations });
      from += operations.length;
      size += operations.length;
      if (size < operationsPerMessage) continue;
      yield part;
      part = [];
      size = 0;
    }
  }
  if (part.length > 0) yield part;
}
