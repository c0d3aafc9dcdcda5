/**
 * The ways of the search, each by itself: in a small history the first would mostly decide before the others begin.
 * KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one.
 */
import { expect, test } from 'vitest';
import { hasLegalOrder } from '../../explain/brute-force.ts';
import { modelNames, models } from '../../models/catalogue.ts';
import type { Model } from '../../models/model.ts';
import { mustBeLegalOrder } from '../../testing/legal-order.ts';
import { randomHistory } from '../../testing/random-history.ts';
import { seeded } from '../../testing/seeded.ts';
import type { Operation } from '../../history/operation.ts';
import type { SearchResult } from '../search.ts';
import { BreadthFirst } from './breadth-first.ts';
import { DepthFirst } from './depth-first.ts';
import { Moves } from './moves.ts';
import { planOf, type Plan } from './plan.ts';
import { States } from './states.ts';
import { UsedClasses } from './used-classes.ts';
import { Windows } from './windows.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 3_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test.each(modelNames)(
  `%s: breadth first and depth first agree with brute force, and no window of a legal history is illegal (seed ${seed})`,
  { timeout: 60_000 + runs * 2 },
  (name) => {
    let refuted = 0;
    for (let run = 0; run < runs; run++) {
      const { initial, operations } = randomHistory(name, seeded(seed + run));
      const model = models[name](initial);
      const legal = hasLegalOrder(model, operations);
      const plan = planned(model, operations);
      const [states, used] = [new States(model, plan.effects), new UsedClasses(plan.classes.length)];
      const moves = new Moves(model, plan, states, used);
      const ways = {
        breadth: new BreadthFirst(moves, 0, [moves.begin()]),
        depth: new DepthFirst(new Moves(model, plan, states, used)),
      };
      const results: SearchResult[] = [];
      for (const [way, search] of Object.entries(ways)) {
        const result = search.advance(50_000_000);
        if (result?.legal !== legal)
          throw new Error(`Seed ${seed + run}: ${way} says ${result?.legal}, brute force ${legal}`);
        if (legal) mustBeLegalOrder(model, operations, search.order() ?? []);
        results.push(result);
      }
      expect(results[0]).toEqual(results[1]);
      if (plan.returns.length > 0 && someWindowIsIllegal(model, plan, states, used)) {
        if (legal) throw new Error(`Seed ${seed + run}: a window of a legal history is illegal`);
        refuted++;
      }
    }
    // Only where mutators overwrite can the states at the beginning of a window be counted.
    expect(refuted).toBeGreaterThan(models[name](null).overwrites === true ? runs / 100 : -1);
  },
);

function planned(model: Model<unknown>, operations: readonly Operation[]): Plan {
  const plan = planOf(operations, model);
  for (;;) {
    const step = plan.next();
    if (step.done === true) return step.value;
  }
}

function someWindowIsIllegal(model: Model<unknown>, plan: Plan, states: States, used: UsedClasses): boolean {
  const windows = new Windows(
    model,
    plan,
    states,
    used,
    [1, 2, 3, 5].map((size) => [size, 1_000_000] as const),
  );
  return plan.returns.some((_, event) => {
    while (windows.hasMore(event)) if (windows.advance(1_000_000, event)?.legal === false) return true;
    return false;
  });
}
