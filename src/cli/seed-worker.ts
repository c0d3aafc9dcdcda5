import { Worker } from 'node:worker_threads';
import { HarnessError } from '../core/errors.ts';
import type { Step } from '../explore/determinism.ts';
import type { SeedResult } from '../harness/batch.ts';
import type { PlanRequest } from '../harness/expand.ts';
import type { SeedJob, SeedRun, WorkerAnswer, WorkerTask } from './seed-program.ts';

/** Nearly all that a simulation makes is soon garbage: with more room for it, less is looked at twice. */
const maxYoungGenerationSizeMb = 96;

/** One thread that runs seeds, one at a time. */
export class SeedWorker {
  readonly #worker: Worker;

  constructor(workerData: WorkerTask) {
    const resourceLimits = { maxYoungGenerationSizeMb };
    this.#worker = new Worker(new URL('./seed-program.js', import.meta.url), { workerData, resourceLimits });
  }

  async run(request: PlanRequest): Promise<SeedResult> {
    return (await this.#ask({ request, record: false })).result;
  }

  /** Every step of every machine, in order. */
  async record(request: PlanRequest): Promise<readonly Step[]> {
    return (await this.#ask({ request, record: true })).steps;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(job: SeedJob): Promise<SeedRun> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(error);
      this.#worker.once('error', fail);
      this.#worker.once('message', (answer: WorkerAnswer) => {
        this.#worker.off('error', fail);
        if (answer.ok) resolve(answer.value);
        else reject(new HarnessError(`Seed ${job.request.seed}: ${answer.error}`));
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      this.#worker.postMessage(job);
    });
  }
}
