import { describe, expect, test } from 'vitest';
import { must } from '../testing/legal-order.ts';
import { seeded } from '../testing/seeded.ts';
import { checkModelsSync } from './check-models.ts';
import { consistencyModels, implies, maximal, weakerThan } from './models.ts';
import { eventsOf } from './testing/events-of.ts';
import { oracleFor } from './testing/oracle.ts';
import { generators, type DecidedModel } from './testing/trial.ts';

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
        const decided = consistencyModels.filter((model): model is DecidedModel => model !== 'linearizable');
        const held = new Set(decided.filter((model) => oracleFor(model)(history, initial)));
        const wrong = [...held].flatMap((model) =>
          [...weakerThan(model)].filter((weaker) => !held.has(weaker as DecidedModel)),
        );
        must(wrong.length === 0, () => `${wrong.join()} is implied and does not hold: ${JSON.stringify(history)}`);
      }
      expect(runs).toBe(600);
    },
  );
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
        const { verdicts } = checkModelsSync(eventsOf(history), { initial: 0 });
        for (const [model, verdict] of verdicts) {
          const answer = model === 'linearizable' ? verdict.valid : oracleFor(model)(history, initial);
          must(verdict.valid === answer, () => `${model} is not ${verdict.valid}: ${JSON.stringify(history)}`);
          must(
            verdict.valid !== false || verdict.counterexample.verified,
            () => `${model}: ${JSON.stringify(verdict)}`,
          );
        }
        const isLinearizable = verdicts.get('linearizable')?.valid;
        const isSequential = verdicts.get('sequential')?.valid;
        must(isLinearizable !== true || isSequential === true, () => JSON.stringify(history));
      }
      expect(runs).toBe(600);
    },
  );
});
