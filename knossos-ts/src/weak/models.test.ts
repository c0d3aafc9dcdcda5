import { describe, expect, test } from 'vitest';
import { must } from '../testing/legal-order.ts';
import { seeded } from '../testing/seeded.ts';
import { seesAbsence } from '../models/register-values.ts';
import { checkSync } from '../check-history.ts';
import { consistencyModels, implies, maximal, weakerThan } from './models.ts';
import { eventsOf } from './testing/events-of.ts';
import { oracleOf } from './testing/oracle.ts';
import { decidedModels, generators, type DecidedModel } from './testing/trial.ts';

const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('the order of the models', () => {
  test('is one: no model implies itself, and each comes before all that it implies', () => {
    for (const [place, model] of consistencyModels.entries()) {
      for (const weaker of implies[model]) expect(consistencyModels.indexOf(weaker)).toBeGreaterThan(place);
    }
  });

  test('leaves causal memory and causal convergence, and causal and PRAM, side by side', () => {
    expect(maximal(['causal-memory', 'causal-convergence', 'causal', 'pram', 'read-your-writes'])).toEqual([
      'causal-memory',
      'causal-convergence',
    ]);
    expect(maximal(['causal', 'pram', 'monotonic-reads'])).toEqual(['causal', 'pram']);
  });

  test.each(Object.entries(generators))(
    `is that of the definitions, on small histories of %s (seed ${seed})`,
    (_, make) => {
      const random = seeded(seed);
      let runs = 0;
      for (; runs < 600; runs++) {
        const history = make(random);
        const initial = history.some(({ output }) => Array.isArray(output)) ? [] : 0;
        const held = new Set(decidedModels.filter(oracleOf(history, initial)));
        const wrong = [...held].flatMap((model) =>
          [...weakerThan(model)].filter((weaker) => !held.has(weaker as DecidedModel)),
        );
        must(wrong.length === 0, () => `${wrong.join()} is implied and does not hold: ${JSON.stringify(history)}`);
      }
      expect(runs).toBe(600);
    },
  );

  test(`leaves nothing out: whatever it does not say to follow fails beside the other somewhere (seed ${seed})`, () => {
    const random = seeded(seed + 2);
    const together = new Set(
      decidedModels.flatMap((one) =>
        decidedModels.filter((other) => other !== one && !weakerThan(one).has(other)).map((other) => `${one} ${other}`),
      ),
    );
    // Some are told apart by one history in thousands only.
    for (let run = 0; run < 100_000 && together.size > 0; run++) {
      const history = run % 2 === 0 ? generators['lists']!(random) : generators['registers']!(random);
      const oracle = oracleOf(history, run % 2 === 0 ? [] : 0);
      const held = decidedModels.filter(oracle);
      const broken = decidedModels.filter((model) => !held.includes(model));
      for (const one of held) for (const other of broken) together.delete(`${one} ${other}`);
    }
    expect([...together]).toEqual([]);
  });
});

describe('one check of all models', () => {
  test.each(Object.entries(generators))(
    `answers as the definitions do, on small histories of %s (seed ${seed})`,
    (_, make) => {
      const random = seeded(seed + 1);
      let runs = 0;
      for (; runs < 600; runs++) {
        const history = make(random);
        const initial = history.some(({ output }) => Array.isArray(output)) ? [] : 0;
        const { verdicts, holds } = checkSync(eventsOf(history), { models: 'all', initial: 0 });
        const keeps = oracleOf(history, initial);
        const isMute = history.some(seesAbsence);
        for (const [model, verdict] of verdicts) {
          const answer = model === 'linearizable' ? verdict.valid : keeps(model);
          const isOpen = verdict.valid === 'unknown' && isMute && verdict.reason === 'absence';
          must(
            isOpen || verdict.valid === answer,
            () => `${model} is not ${verdict.valid}: ${JSON.stringify(history)}`,
          );
          must(
            verdict.valid !== false || verdict.counterexample.verified,
            () => `${model}: ${JSON.stringify(verdict)}`,
          );
        }
        for (const model of holds) {
          for (const weaker of weakerThan(model))
            must(verdicts.get(weaker)?.valid === true, () => `${model}, not ${weaker}`);
        }
      }
      expect(runs).toBe(600);
    },
  );
});
