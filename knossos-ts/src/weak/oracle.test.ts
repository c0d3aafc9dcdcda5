/** KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import { describe, expect, test } from 'vitest';
import { consistencyModels } from './models.ts';
import { seeded } from '../testing/seeded.ts';
import { generators, newTally, tryModel, type DecidedModel } from './testing/trial.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 5_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Every kind of edge that a counterexample of the model can have must have come up. */
function rulesOf(model: DecidedModel, kind: string): string[] {
  if (kind === 'lists') return ['in-list', 'list-order', 'not-in-list', 'session'];
  if (model === 'monotonic-writes') return [];
  if (model === 'writes-follow-reads') return ['reads-from', 'session'];
  const derived = model === 'sequential' ? 'read-before-overwrite' : 'initial';
  return [derived, 'reads-from', 'seen-before-source', 'session'].toSorted();
}

describe.each(Object.entries(generators))('on random small histories of %s', (kind, generate) => {
  const decided = consistencyModels.filter((model): model is DecidedModel => model !== 'linearizable');
  test.each(decided)(
    `%s is what trying everything finds (seed ${seed})`,
    (model) => {
      const random = seeded(seed);
      const tally = newTally();
      for (let run = 0; run < (kind === 'views' ? runs / 5 : runs); run++) tryModel(model, generate(random), tally);
      if (process.env['KNOSSOS_TALLY'] !== undefined)
        console.log(model, JSON.stringify({ ...tally, rules: [...tally.rules] }));
      expect(tally.kept).toBeGreaterThan(runs / 50);
      const missing = kind === 'views' ? [] : rulesOf(model, kind).filter((rule) => !tally.rules.has(rule));
      expect(missing).toEqual([]);
    },
    runs * 20 + 60_000,
  );
});
