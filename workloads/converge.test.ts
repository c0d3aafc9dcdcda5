import { expect, test } from 'vitest';
import { nodeNames } from '../src/core/ids.ts';
import { nanoseconds } from '../src/core/time.ts';
import { homeOf } from '../src/generators/interpreter.ts';
import { functionsOf, invoked, ok, play, type Played } from '../src/generators/testing/play.ts';
import { converge } from './converge.ts';

const run = (keys: number, writeShare: number): Played[] => {
  const values = { keys, 'write-share': writeShare };
  const plan = { values, rate: 100, timeLimit: nanoseconds(1), nodeCount: 5, concurrency: 10 };
  return play({
    main: converge.generator(plan),
    final: converge.final(plan),
    nodeCount: 5,
    concurrency: 10,
    most: 2_000,
    seed: 1,
    answer: () => ok(null),
    takes: () => nanoseconds(10),
  });
};

const calls = (events: readonly Played[], phase: 'main' | 'final'): Played[] =>
  invoked(events).filter((event) => event.phase === phase);

test('no value is written twice to a key, all keys are written, and the share of writes is as asked for', () => {
  const writes = calls(run(4, 0.3), 'main').filter(({ call }) => call.f === 'write');
  const written = writes.map(({ call }) => `${call.key} ${JSON.stringify(call.value)}`);

  expect(new Set(written).size).toBe(written.length);
  expect(new Set(writes.map(({ call }) => call.key)).size).toBe(4);
  expect(writes.length / 2_000).toBeCloseTo(0.3, 1);
});

test('in the end every key is read through every node, and nothing is written', () => {
  const final = calls(run(4, 1), 'final');
  const places = new Set(final.map(({ call, process }) => `${call.key} ${homeOf(process, nodeNames(5))}`));

  expect(new Set(functionsOf(final))).toEqual(new Set(['read']));
  expect(places.size).toBe(20);
});

test('the nodes are asked for what they hold, which decides whether they converged', () => {
  expect(converge.peeks).toBe(true);
  expect(converge.decides.map(({ model }) => model)).toContain('eventual');
});

test('a run that only writes says so, so that nobody demands a read before the end', () => {
  expect(functionsOf(calls(run(4, 1), 'main'))).not.toContain('read');
  expect(converge.functions({ keys: 4, 'write-share': 1 })).toEqual(['write']);
  expect(converge.functions({ keys: 4, 'write-share': 0.9 })).toEqual(['read', 'write']);
});
