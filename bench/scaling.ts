/** How many seeds a second `harness explore` runs with one thread, and with one for each processor. */
import { availableParallelism } from 'node:os';
import { SeedPool } from '../src/cli/seed-pool.ts';
import { simulated } from '../src/cli/environments.ts';
import { swarmOf } from '../src/cli/explore.ts';
import { runSeeds } from '../src/harness/batch.ts';
import { type Figure, measured } from './figure.ts';

const seedsPerThread = 60;

export async function scalingFigures(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const threads of new Set([1, availableParallelism()])) figures.push(await scalingFigure(threads));
  return figures;
}

async function scalingFigure(threads: number): Promise<Figure> {
  const chosen = simulated();
  const draw = swarmOf({ system: 'raft', nemesis: 'partition,kill,pause', seed: 1, liveness: true }, chosen);
  await using pool = new SeedPool(chosen.reason, threads);
  const lanes = pool.lanes(draw);
  const { signal } = new AbortController();
  const explore = async (first: number, count: number): Promise<number> =>
    (await runSeeds({ first, count, keepGoing: true }, lanes, () => {}, signal)).length;
  // The compiler of each thread warms up first.
  await explore(100_000, 15 * threads);
  // The threads must live until it is done.
  return await measured(`explore ${threads}`, 'seeds', () => explore(1, seedsPerThread * threads));
}
