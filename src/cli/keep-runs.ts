/**
 * What failed is run once more, into the store: the same seed gives the same run. The verdict has been printed by then,
 * so a store that fills up costs the folder only.
 */
import { messageOf } from '../core/errors.ts';
import type { SeedResult } from '../harness/batch.ts';
import type { FinishedRun } from '../harness/run.ts';

export interface Keeping {
  readonly failures: readonly Pick<SeedResult, 'seed' | 'trace'>[];
  /** Runs a seed into the store. */
  readonly runAgain: (
    seed: number,
  ) => Promise<Pick<FinishedRun, 'folder'> & { readonly report: Pick<FinishedRun['report'], 'trace'> }>;
  readonly note: (text: string) => void;
  readonly print: (text: string) => void;
}

export async function keepRuns({ failures, runAgain, note, print }: Keeping): Promise<void> {
  for (const { seed, trace } of failures) {
    try {
      const { folder, report } = await runAgain(seed);
      if (report.trace?.hash !== trace?.hash)
        note(`Seed ${seed} took other steps when it was run again: try --check-determinism.`);
      if (folder !== null) print(`  kept        seed ${seed}: ${folder.path}`);
    } catch (error) {
      note(`The run of seed ${seed} could not be kept: ${messageOf(error)}`);
    }
  }
}
