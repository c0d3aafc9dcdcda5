/** The threads that run simulated seeds, as many as there are processors. Each seed gives a request of its own. */
import { availableParallelism } from 'node:os';
import { type Twin, runTwice } from '../explore/determinism.ts';
import type { RunSeed } from '../harness/batch.ts';
import type { PlanRequest } from '../harness/expand.ts';
import { SeedWorker } from './seed-worker.ts';

/** What a thread can do. */
export type SeedRunner = Pick<SeedWorker, 'run' | 'record' | 'close'>;

export class SeedPool implements AsyncDisposable {
  readonly #workers: SeedRunner[] = [];
  readonly #lanes: number;
  readonly #start: () => SeedRunner;

  /** At most `most` threads at work at once. */
  constructor(reason: string, most: number, start: () => SeedRunner = () => new SeedWorker({ reason })) {
    this.#start = start;
    this.#lanes = Math.max(1, Math.min(most, availableParallelism()));
  }

  /** Seeds for which `isTwice` holds are run in two threads, one after the other, and compared. */
  lanes(
    requestOf: (seed: number) => PlanRequest,
    isTwice: (seed: number) => boolean = () => false,
  ): readonly RunSeed[] {
    return Array.from({ length: this.#lanes }, (_, index): RunSeed => {
      const first = this.#twin(2 * index, requestOf);
      // The second thread is only started when it is needed.
      const twice: RunSeed = (seed) => runTwice(first, this.#twin(2 * index + 1, requestOf))(seed);
      return (seed) => (isTwice(seed) ? twice(seed) : first.run(seed));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.#workers).map((worker) => worker.close()));
  }

  #twin(index: number, requestOf: (seed: number) => PlanRequest): Twin {
    const worker = (this.#workers[index] ??= this.#start());
    return { run: (seed) => worker.run(requestOf(seed)), record: (seed) => worker.record(requestOf(seed)) };
  }
}
