/** Raft in simulation: 5 nodes, 10 clients, every nemesis, with the codec and the trace hash on; checking excluded. */
import { simulation } from '../src/environments/simulation/simulation.ts';
import { drive } from '../src/harness/drive.ts';
import { expand } from '../src/harness/expand.ts';
import { Journal } from '../src/harness/journal.ts';
import { systemOptionsOf } from '../src/harness/plan.ts';
import { nemeses } from '../nemeses/index.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { type Figure, measured } from './figure.ts';

const seeds = 40;

export async function simulatorFigure(): Promise<Figure> {
  const environment = simulation();
  const choice = { ...environment, reason: '' };
  const signal = new AbortController().signal;
  const run = async (seed: number): Promise<number> => {
    const request = { system: 'raft', nemesis: 'partition,kill,pause', seed };
    const test = expand(request, choice, { systems, workloads, nemeses });
    const { system, bug, plan } = test;
    const deployment = { system, options: systemOptionsOf(plan), bug, nodes: plan.nodes, seed, directory: null };
    await using cluster = await environment.deploy(deployment, signal);
    await drive({ test, cluster, journal: new Journal(null), signal });
    return cluster.trace()?.events ?? 0;
  };
  for (let seed = 1; seed <= 5; seed++) await run(seed);
  return measured('simulator', 'events', async () => {
    let events = 0;
    for (let seed = 1; seed <= seeds; seed++) events += await run(seed);
    return events;
  });
}
