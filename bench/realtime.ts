/**
 * How much faster than real time a whole simulated run is, checked, on one core: 60 virtual seconds of 5 nodes and 10
 * clients, 50 operations a second, heartbeats every 100 ms, partitions and kills.
 */
import { simulation } from '../src/environments/simulation/simulation.ts';
import { expand } from '../src/harness/expand.ts';
import { ordinaryLimits } from '../src/harness/models.ts';
import { run } from '../src/harness/run.ts';
import { nemeses } from '../nemeses/index.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { type Figure, measured } from './figure.ts';

const virtualSeconds = 60;
const seeds = 5;

export async function realtimeFigure(): Promise<Figure> {
  const environment = simulation();
  const choice = { ...environment, reason: '' };
  const signal = new AbortController().signal;
  const limits = { ...ordinaryLimits, workers: 0 };
  const play = async (seed: number): Promise<void> => {
    const load = { nodeCount: 5, concurrency: '10', rate: 50, timeLimit: virtualSeconds, set: ['heartbeat=100'] };
    const request = { system: 'raft', nemesis: 'partition,kill', seed, ...load };
    const test = expand(request, choice, { systems, workloads, nemeses });
    const settings = { test, environment, store: null, version: '', program: '', limits, signal };
    const { report } = await run(settings);
    if (report.outcome.exitCode !== 0) throw new Error(`Seed ${seed}: ${report.outcome.headline}`);
  };
  await play(1000);
  return measured('realtime', 'virtual seconds', async () => {
    for (let seed = 1; seed <= seeds; seed++) await play(seed);
    return seeds * virtualSeconds;
  });
}
