/** One cell in this process: warm, the median of several runs, and how much memory there was in use at most. */
import { check } from '../src/index.ts';
import type { Cell } from './cells.ts';

export interface Measurement {
  readonly operations: number;
  /** Milliseconds of the clock: the median, and all of them. */
  readonly median: number;
  readonly runs: readonly number[];
  /** Of the processor, over all threads, at the median run. */
  readonly cpu: number;
  /** MiB: the history alone, and with everything that the check took. */
  readonly history: number;
  readonly peak: number;
  readonly sentence: string | undefined;
}

const warmUps = 2;

export async function measure(cell: Cell, repetitions = 5): Promise<Measurement> {
  const events = cell.make();
  const operations = events.reduce((sum, { type }) => sum + Number(type === 'invoke'), 0);
  const history = mebibytes(process.memoryUsage().rss);
  const runs: { readonly clock: number; readonly cpu: number }[] = [];
  let sentence: string | undefined;
  for (let run = -warmUps; run < repetitions; run++) {
    const begun = performance.now();
    const cpu = process.cpuUsage();
    // On one core: no threads.
    const { verdict } = await check(events, { model: 'cas-register', workers: 0 });
    const used = process.cpuUsage(cpu);
    const taken = { clock: performance.now() - begun, cpu: (used.user + used.system) / 1e3 };
    if (verdict.valid !== cell.valid) throw new Error(`${cell.name} is ${verdict.valid}, and should be ${cell.valid}`);
    if (!verdict.valid) sentence = verdict.counterexample.sentence;
    if (run >= 0) runs.push(taken);
  }
  const sorted = runs.toSorted((one, other) => one.clock - other.clock);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return {
    operations,
    median: middle?.clock ?? 0,
    runs: runs.map(({ clock }) => clock),
    cpu: middle?.cpu ?? 0,
    history,
    peak: mebibytes(process.resourceUsage().maxRSS * 1024),
    sentence,
  };
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
