/** Each model against trying everything; `npm run fuzz` goes through a million. KNOSSOS_SEED repeats a run. */
import { describe, expect, test } from 'vitest';
import { seeded } from '../testing/seeded.ts';
import { decidedModels, generators, Trial, type DecidedModel } from './testing/trial.ts';

const runs = 10_000;
const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** The kinds of violation that must have come up, of all that there are for the model and such histories. */
function kindsOf(model: DecidedModel, kind: string): readonly string[] {
  if (kind === 'lists') return ['in-list', 'list-order', 'not-in-list', 'session', 'duplicate', 'thin-air'];
  if (kind === 'views') return ofViews[model];
  const derived = model === 'sequential' ? 'read-before-overwrite' : 'initial';
  const stale = [derived, 'seen-before-source', 'reads-from', 'session'];
  const common =
    model === 'monotonic-writes' ? [] : model === 'writes-follow-reads' ? ['reads-from', 'session'] : stale;
  return [...common, 'thin-air', kind === 'absences' ? 'undecided' : 'contradiction'];
}

const initialOnly = ['initial', 'seen-before-source', 'session'];
const ofViews: { readonly [model in DecidedModel]: readonly string[] } = {
  sequential: ['read-before-overwrite', 'reads-from', 'seen-before-source', 'session'],
  'causal-memory': [...initialOnly, 'reads-from'],
  'causal-convergence': [...initialOnly, 'reads-from'],
  causal: [...initialOnly, 'reads-from'],
  pram: [...initialOnly, 'reads-from'],
  'read-your-writes': initialOnly,
  'monotonic-reads': [...initialOnly, 'reads-from'],
  'monotonic-writes': [],
  'writes-follow-reads': [],
};

describe.each(Object.entries(generators))('on random small histories of %s', (kind, generate) => {
  test(`each model is what trying everything finds (seed ${seed})`, () => {
    const random = seeded(seed);
    const found = new Map<string, number>();
    for (let run = 0; run < runs; run++) {
      const trial = new Trial(generate(random));
      for (const model of decidedModels) {
        for (const one of trial.try(model)) found.set(`${model} ${one}`, (found.get(`${model} ${one}`) ?? 0) + 1);
      }
    }
    const missing = decidedModels.flatMap((model) =>
      ['kept', ...kindsOf(model, kind)].map((one) => `${model} ${one}`).filter((one) => !found.has(one)),
    );
    expect(missing).toEqual([]);
  }, 300_000);
});
