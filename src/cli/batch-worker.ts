/** A thread of a simulated batch: runs the seeds that it is sent, one after the other, and keeps nothing on disk. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../core/errors.ts';
import { simulation } from '../environments/simulation/simulation.ts';
import { type SeedResult, seedResult } from '../harness/batch.ts';
import { type PlanRequest, expand } from '../harness/expand.ts';
import { ordinaryLimits } from '../harness/models.ts';
import { run } from '../harness/run.ts';
import { catalogue } from './catalogue.ts';

export interface WorkerTask {
  readonly request: PlanRequest;
  readonly reason: string;
}

export type WorkerAnswer =
  | { readonly ok: true; readonly result: SeedResult }
  | { readonly ok: false; readonly error: string };

const { request, reason } = workerData as WorkerTask;
const environment = simulation();
const { signal } = new AbortController();

async function runSeed(seed: number): Promise<WorkerAnswer> {
  try {
    const test = expand({ ...request, seed }, { name: 'sim', reason, faults: environment.faults }, catalogue);
    const limits = { ...ordinaryLimits, workers: 0 };
    const { report } = await run({ test, environment, store: null, version: '', program: '', limits, signal });
    return { ok: true, result: seedResult(report) };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}

parentPort?.on('message', (seed: number) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  void runSeed(seed).then((answer) => parentPort?.postMessage(answer));
});
