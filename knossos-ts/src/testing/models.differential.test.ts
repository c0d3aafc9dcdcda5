/** Every model against brute force. KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import { expect, test } from 'vitest';
import { searchFor } from '../engines/search.ts';
import { hasLegalOrder } from '../explain/brute-force.ts';
import { modelNames, models } from '../models/catalogue.ts';
import { mustBeLegalOrder } from './legal-order.ts';
import { randomHistory } from './random-history.ts';
import { seeded } from './seeded.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test.each(modelNames)(
  `%s: search and brute force agree on ${runs} small histories (seed ${seed})`,
  { timeout: 60_000 + runs * 2 },
  (name) => {
    const counts = { legal: 0, illegal: 0 };
    for (let run = 0; run < runs; run++) {
      const { initial, operations } = randomHistory(name, seeded(seed + run));
      const model = models[name](initial);
      const legal = hasLegalOrder(model, operations);
      counts[legal ? 'legal' : 'illegal']++;
      const search = searchFor(model, operations);
      const result = search.advance(1_000_000);
      if (result?.legal !== legal) {
        throw new Error(
          `Seed ${seed + run}: the search says ${result?.legal}, brute force ${legal}: ${JSON.stringify({ initial, operations })}`,
        );
      }
      if (legal) mustBeLegalOrder(model, operations, search.order() ?? []);
    }
    console.log(name, counts);
    expect(Math.min(counts.legal, counts.illegal)).toBeGreaterThan(runs / 20);
  },
);
