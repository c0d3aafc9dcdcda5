/** One cell in this process: warm, the median of several runs, and how much memory there was in use at most. */
import { check, type HistoryEvent } from '../src/index.ts';
import type { Cell } from './cells.ts';

export interface Measurement {
  readonly operations: number;
  /** Milliseconds of the clock: the median, and all of them. */
  readonly median: number;
  readonly runs: readonly number[];
  /** Of the processor, over all threads: the median. Both without making the events, where nobody keeps them. */
  readonly cpu: number;
  /** MiB: the history alone, and with everything that the check took. */
  readonly history: number;
  readonly peak: number;
  readonly sentence: string | undefined;
}

/** On a busy machine ten million operations may take longer than the minute that a check has by default. */
const patience = 600_000;

interface Run {
  readonly clock: number;
  readonly cpu: number;
}

async function timed(work: () => unknown): Promise<Run> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const used = process.cpuUsage(cpu);
  return { clock: performance.now() - begun, cpu: (used.user + used.system) / 1e3 };
}

export async function measure(cell: Cell): Promise<Measurement> {
  const [warmUps, repetitions] = cell.isLarge === true ? [1, 3] : [2, 5];
  const made = cell.make();
  const kept = Array.isArray(made) ? (made as HistoryEvent[]) : undefined;
  let operations = 0;
  for (const { type } of kept ?? made) operations += Number(type === 'invoke');
  const history = mebibytes(process.memoryUsage().rss);
  const runs: Run[] = [];
  let sentence: string | undefined;
  for (let run = -warmUps; run < repetitions; run++) {
    let making: Run = { clock: 0, cpu: 0 };
    if (kept === undefined) {
      making = await timed(() => {
        for (const _ of cell.make());
      });
    }
    const all = await timed(async () => {
      // On one core: no threads.
      const options = { model: 'cas-register', workers: 0, budget: { milliseconds: patience } } as const;
      const { verdict } = await check(kept ?? cell.make(), options);
      if (verdict.valid !== cell.valid)
        throw new Error(`${cell.name} is ${verdict.valid}, and should be ${cell.valid}`);
      if (!verdict.valid) sentence = verdict.counterexample.sentence;
    });
    if (run >= 0) runs.push({ clock: all.clock - making.clock, cpu: all.cpu - making.cpu });
  }
  const sorted = runs.toSorted((one, other) => one.cpu - other.cpu);
  return {
    operations,
    median: runs.map(({ clock }) => clock).toSorted((one, other) => one - other)[Math.floor(runs.length / 2)] ?? 0,
    runs: runs.map(({ clock }) => clock),
    cpu: sorted[Math.floor(sorted.length / 2)]?.cpu ?? 0,
    history,
    peak: mebibytes(process.resourceUsage().maxRSS * 1024),
    sentence,
  };
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
