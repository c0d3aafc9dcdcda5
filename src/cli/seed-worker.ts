import { Worker } from 'node:worker_threads';
import { HarnessError } from '../core/errors.ts';
import type { SeedResult } from '../harness/batch.ts';
import type { WorkerAnswer, WorkerTask } from './batch-worker.ts';

/** One thread that runs seeds, one at a time. */
export class SeedWorker {
  readonly #worker: Worker;

  constructor(workerData: WorkerTask) {
    this.#worker = new Worker(new URL('./batch-worker.js', import.meta.url), { workerData });
  }

  run(seed: number): Promise<SeedResult> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(error);
      this.#worker.once('error', fail);
      this.#worker.once('message', (answer: WorkerAnswer) => {
        this.#worker.off('error', fail);
        if (answer.ok) resolve(answer.result);
        else reject(new HarnessError(`Seed ${seed}: ${answer.error}`));
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      this.#worker.postMessage(seed);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
