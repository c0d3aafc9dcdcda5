import { expect, test } from 'vitest';
import { checkSync } from '../../check/check.ts';
import { hasLegalOrder } from '../../explain/brute-force.ts';
import type { Operation, Value } from '../../history/operation.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { models, type ModelName } from '../../models/catalogue.ts';
import { casRegister } from '../../models/cas-register.ts';
import type { Model } from '../../models/model.ts';
import { seesAbsence } from '../../models/register-values.ts';
import { busyHistory } from '../../testing/busy-history.ts';
import { tryRegister } from '../../testing/engine-trial.ts';
import { eventsOf } from '../../testing/events-of.ts';
import { must, mustBeLegalOrder } from '../../testing/legal-order.ts';
import { randomHistory } from '../../testing/random-history.ts';
import { Script } from '../../testing/script.ts';
import { seeded } from '../../testing/seeded.ts';

const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);
const runs = Number(process.env['KNOSSOS_RUNS'] ?? 3_000);

/** The order that was found; undefined where it is left open. */
function orderOf(history: readonly Operation[], initial: Value = null): Operation[] | undefined {
  const judgement = tryRegister(casRegister(initial), 'cas-register', history);
  return judgement.kind === 'legal' ? judgement.witness().map((number) => history[number] as Operation) : undefined;
}

test.each<ModelName>(['register', 'cas-register', 'put-if-absent'])(
  `%s: hardly a small history that has an order is left to the search, and none is made up (seed ${seed})`,
  (name) => {
    let found = 0;
    let missed = 0;
    for (let run = seed; run < seed + runs; run++) {
      const { initial, operations } = randomHistory(name, seeded(run));
      if (operations.some(seesAbsence)) continue;
      const model = models[name](initial);
      const isFound = tryRegister(model as Model<Value>, name, operations).kind === 'legal';
      found += Number(isFound);
      const isThere = hasLegalOrder(model, operations);
      must(!isFound || isThere, () => `seed ${run}: made up`);
      missed += Number(isThere && !isFound);
    }
    expect(found).toBeGreaterThan(runs / 4);
    expect(missed).toBeLessThanOrEqual(runs / 100);
  },
);

test.each([
  [3, 0],
  [5, 0.05],
  [8, 0.3],
])('%i clients, %f of unknown outcome: the order of a long history is legal step by step', (clients, info) => {
  const history = busyHistory({ operations: 5_000, clients, info, values: 5 });

  const order = orderOf(history) ?? [];

  mustBeLegalOrder(casRegister(null), history, order);
  expect(order.length).toBeGreaterThan(history.length / 2);
});

test('one register after the other in the same arrays, a small one after a large one', () => {
  const histories = [300, 20, 500, 7, 7].map((operations, number) =>
    busyHistory({ operations, clients: 4, info: 0.1, values: 3, key: number, seed: number }),
  );
  const events = histories.flatMap((history) => eventsOf(history));
  const together = events.map((event, index) => ({
    ...event,
    index,
    process: Number(event.process) + 10_000 * Number(event.key),
  }));

  const { keys } = checkSync(together, { model: 'cas-register', witness: true });

  expect(keys.map(({ verdict }) => verdict.valid)).toEqual([true, true, true, true, true]);
  const all = pairOperations(together);
  for (const { key, verdict } of keys) {
    const own = all.filter((operation) => operation.key === key);
    const order = verdict.valid === true ? (verdict.witness ?? []) : [];
    mustBeLegalOrder(
      casRegister(null),
      own,
      order.map((id) => own.find((operation) => operation.id === id) as Operation),
    );
  }
});

test('a write is hidden by the one that came right after it, and the order says so', () => {
  const script = new Script().does(1, 'write', 2, null).invoke(2, 'write', 1).does(3, 'write', 2, null);
  const history = pairOperations(script.does(4, 'read', null, 2).ok(2, 'write').does(4, 'read', null, 2).events);

  const order = orderOf(history);

  mustBeLegalOrder(casRegister(null), history, order ?? []);
  expect(order?.map(({ id }) => id)).toEqual([0, 2, 3, 5, 8]);
});

test('what no order explains is left open, however much is pending, and soon', () => {
  const script = new Script().does(1, 'write', 0, null).does(1, 'write', 0, null);
  for (let process = 0; process < 200; process++) script.invoke(10 + process, 'write', 1 + (process % 4));
  for (const value of [1, 2, 3, 4, 5]) script.does(2, 'read', null, value);
  for (let process = 0; process < 200; process++) script.ok(10 + process, 'write');
  const crowd = new Script().does(1, 'write', 0, null).does(1, 'write', 0, null).does(1, 'read', null, 0);
  for (let process = 0; process < 1_000; process++) crowd.invoke(10 + process, 'write', process % 4);
  for (let process = 999; process >= 0; process--) crowd.ok(10 + process, 'write');

  expect(orderOf(pairOperations(script.events))).toBeUndefined();
  expect(orderOf(pairOperations(crowd.events))).toBeUndefined();
  expect(checkSync(crowd.events, { model: 'cas-register' }).verdict.valid).toBe(true);
});
