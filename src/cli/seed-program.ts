/** A thread that runs simulated seeds: what it is sent, one after the other. It keeps nothing on disk. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../core/errors.ts';
import { simulation } from '../environments/simulation/simulation.ts';
import type { Step } from '../explore/determinism.ts';
import { type SeedResult, seedResult } from '../harness/batch.ts';
import { type PlanRequest, expand } from '../harness/expand.ts';
import { ordinaryLimits } from '../harness/models.ts';
import { breakingNames } from '../harness/plan.ts';
import { run } from '../harness/run.ts';
import { catalogue } from './catalogue.ts';

export interface WorkerTask {
  readonly reason: string;
}

export interface SeedJob {
  readonly request: PlanRequest;
  /** Whether every step is to be sent back, too. */
  readonly record: boolean;
}

export interface SeedRun {
  readonly result: SeedResult;
  /** Empty unless they were asked for. */
  readonly steps: readonly Step[];
}

export type WorkerAnswer =
  | { readonly ok: true; readonly value: SeedRun }
  | { readonly ok: false; readonly error: string };

const { reason } = workerData as WorkerTask;
const { signal } = new AbortController();
const limits = { ...ordinaryLimits, workers: 0, onlyClaims: true } as const;

async function runSeed({ request, record }: SeedJob): Promise<WorkerAnswer> {
  const steps: Step[] = [];
  const environment = record
    ? simulation({ observe: (at, who, kind, input) => void steps.push({ at, who, kind, input }) })
    : simulation();
  try {
    const test = expand(request, { ...environment, reason }, catalogue);
    const finished = await run({ test, environment, store: null, version: '', program: '', limits, signal });
    return { ok: true, value: { result: seedResult(finished, breakingNames(test)), steps } };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}

parentPort?.on('message', (job: SeedJob) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  void runSeed(job).then((answer) => parentPort?.postMessage(answer));
});
