/** KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import { describe, expect, test } from 'vitest';
import { consistencyModels } from './models.ts';
import { seeded } from '../testing/seeded.ts';
import { generators, newTally, tryModel, type DecidedModel } from './testing/trial.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 5_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe.each(Object.entries(generators))('on random small histories of %s', (_, generate) => {
  const decided = consistencyModels.filter((model): model is DecidedModel => model !== 'linearizable');
  test.each(decided)(
    `%s is what trying everything finds (seed ${seed})`,
    (model) => {
      const random = seeded(seed);
      const tally = newTally();
      for (let run = 0; run < runs; run++) tryModel(model, generate(random), tally);
      if (process.env['KNOSSOS_TALLY'] !== undefined)
        console.log(model, JSON.stringify({ ...tally, rules: [...tally.rules] }));
      expect(tally.kept).toBeGreaterThan(runs / 20);
    },
    runs * 20 + 60_000,
  );
});
