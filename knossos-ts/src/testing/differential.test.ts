import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchFor } from '../engines/search.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import { models, type ModelName } from '../models/catalogue.ts';
import { smallHistory } from './histories.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 12_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

for (const name of Object.keys(models) as ModelName[]) {
  test(
    `${name}: search and brute force agree on ${runs} small histories (seed ${seed})`,
    { timeout: 60_000 + runs },
    () => {
      const model = models[name](null);
      const counts = { legal: 0, illegal: 0 };
      fc.assert(
        fc.property(smallHistory(name), (history) => {
          const found = searchFor(model, history).advance(100_000);
          const legal = hasLegalOrder(model, history);
          counts[legal ? 'legal' : 'illegal']++;
          expect(found?.legal).toBe(legal);
        }),
        { numRuns: runs, seed, endOnFailure: false },
      );
      console.log(name, counts);
    },
  );
}
