import { expect, test } from 'vitest';
import type { Json } from '../src/core/json.ts';
import { nanoseconds } from '../src/core/time.ts';
import { functionsOf, invoked, ok, play } from '../src/generators/testing/play.ts';
import type { Played } from '../src/generators/testing/play.ts';
import type { OptionValues } from '../src/generators/workload.ts';
import type { Call } from '../src/protocol/client.ts';
import type { Outcome } from '../src/protocol/outcomes.ts';
import { insert } from './insert.ts';

const defaults: OptionValues = Object.fromEntries(insert.options.map(({ name, fallback }) => [name, fallback]));

/** A store that answers as one copy would, at the end of each operation. */
function store(): (call: Call) => Outcome {
  const held = new Map<string, Json>();
  return ({ f, key, value }) => {
    const current = held.get(key) ?? null;
    if (f === 'read') return ok(current);
    if (current !== null) return ok({ inserted: false, current });
    held.set(key, value);
    return ok({ inserted: true });
  };
}

function run(values: OptionValues = {}, concurrency = 10): Played[] {
  const plan = { values: { ...defaults, ...values }, rate: 100, timeLimit: nanoseconds(1), nodeCount: 5, concurrency };
  const [main, final] = [insert.generator(plan), insert.final(plan)];
  const takes = (): ReturnType<typeof nanoseconds> => nanoseconds(10);
  return play({ main, final, nodeCount: 5, concurrency, most: 4000, seed: 1, answer: store(), takes });
}

const main = (events: readonly Played[]): Played[] => invoked(events).filter(({ phase }) => phase === 'main');

test('no value is issued twice for a key', () => {
  const values = main(run())
    .filter(({ call }) => call.f === 'insert')
    .map(({ call }) => `${call.key} ${JSON.stringify(call.value)}`);

  expect(values.length).toBeGreaterThan(500);
  expect(new Set(values).size).toBe(values.length);
});

test('each key is wanted by several clients, of whom most are told that they came too late', () => {
  const ended = run().filter(({ kind, call }) => kind === 'complete' && call.f === 'insert');
  const won = ended.filter(({ outcome }) => outcome?.type === 'ok' && JSON.stringify(outcome.value).includes('true'));
  const keys = new Set(ended.map(({ call }) => call.key));

  expect(won.length).toBe(keys.size);
  expect(ended.length / keys.size).toBeGreaterThan(4);
});

test('a key has at most its number of operations before the final reads', () => {
  const counts = new Map<string, number>();
  for (const { call } of main(run({ 'operations-per-key': 7 }))) counts.set(call.key, (counts.get(call.key) ?? 0) + 1);

  expect(Math.max(...counts.values())).toBe(7);
});

test('shares decide the mix of the processes that do everything, and reserved readers only read', () => {
  const share = (events: readonly Played[]): number =>
    functionsOf(main(events)).filter((f) => f === 'insert').length / main(events).length;

  expect(share(run({ read: 20, insert: 80 }, 5))).toBeCloseTo(0.8, 1);
  expect(share(run({ read: 0 }))).toBe(1);
  const readers = main(run()).filter(({ process }) => process < 5);
  expect(new Set(functionsOf(readers))).toEqual(new Set(['read']));
});

test('it generates what it says', () => {
  expect(insert.functions(defaults)).toEqual(['read', 'insert']);
  expect(new Set(functionsOf(run()))).toEqual(new Set(['read', 'insert']));
});
