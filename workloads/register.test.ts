import { describe, expect, test } from 'vitest';
import type { ProcessId } from '../src/core/ids.ts';
import type { Json } from '../src/core/json.ts';
import { nodeNames } from '../src/core/ids.ts';
import { nanoseconds } from '../src/core/time.ts';
import { homeOf } from '../src/generators/interpreter.ts';
import { fail, functionsOf, info, invoked, ok, play, type Played } from '../src/generators/testing/play.ts';
import type { OptionValues } from '../src/generators/workload.ts';
import type { Call } from '../src/protocol/client.ts';
import type { Outcome } from '../src/protocol/outcomes.ts';
import { readersFor, register } from './register.ts';

const defaults: OptionValues = Object.fromEntries(register.options.map(({ name, fallback }) => [name, fallback]));

/** A store that answers as one copy would, at the end of each operation. */
function store(): (call: Call) => Outcome {
  const held = new Map<string, Json>();
  return ({ f, key, value }) => {
    const current = held.get(key) ?? null;
    if (f === 'read') return ok(current);
    if (f === 'write') return (held.set(key, value), ok());
    const [from, to] = value as readonly [number, number];
    if (from !== current) return ok({ swapped: false, current });
    held.set(key, to);
    return ok({ swapped: true });
  };
}

interface Run {
  readonly values?: OptionValues;
  readonly nodeCount?: number;
  readonly concurrency?: number;
  readonly most?: number;
  readonly seed?: number;
  readonly answer?: (call: Call) => Outcome;
}

function run({ values = {}, nodeCount = 5, concurrency = 10, most = 5000, seed = 1, answer = store() }: Run): Played[] {
  const all = { ...defaults, ...values };
  const plan = { values: all, rate: 100, timeLimit: nanoseconds(1), nodeCount, concurrency };
  const main = register.generator(plan);
  const final = register.final(plan);
  const takes = (): ReturnType<typeof nanoseconds> => nanoseconds(10);
  return play({ main, final, nodeCount, concurrency, most, seed, answer, takes });
}

const mainCalls = (events: readonly Played[]): Played[] => invoked(events).filter(({ phase }) => phase === 'main');

const share = (events: readonly Played[], f: string): number =>
  functionsOf(events).filter((name) => name === f).length / invoked(events).length;

const hasSwapped = ({ outcome }: Played): boolean =>
  outcome?.type === 'ok' && (outcome.value as { readonly swapped: boolean }).swapped;

/** The values that the calls would write, by key. */
function issued(events: readonly Played[]): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const { call } of invoked(events)) {
    const value = call.f === 'write' ? call.value : call.f === 'cas' ? (call.value as Json[])[1] : null;
    if (value !== null) values.set(call.key, [...(values.get(call.key) ?? []), value as number]);
  }
  return values;
}

test('no value is issued twice for a key, not even after failures, and none is null', () => {
  let turn = 0;
  const honest = store();
  const events = run({
    most: 8000,
    answer: (call) => (turn++ % 7 === 0 ? info : turn % 5 === 0 ? fail : honest(call)),
  });
  const values = issued(events);

  expect(values.size).toBeGreaterThan(30);
  for (const list of values.values()) {
    expect(new Set(list).size).toBe(list.length);
    for (const value of list) expect(value).toBeGreaterThan(0);
  }
});

test('a key has at most its number of operations before the final reads', () => {
  const counts = new Map<string, number>();
  for (const { call } of mainCalls(run({ values: { 'operations-per-key': 50 } })))
    counts.set(call.key, (counts.get(call.key) ?? 0) + 1);

  expect(Math.max(...counts.values())).toBe(50);
  expect([...counts.values()].filter((count) => count < 50).length).toBeLessThanOrEqual(5);
});

describe('cas', () => {
  test.for([5, 200])('takes from what its key was last seen to hold, but for one in five; %i operations', (perKey) => {
    // Given one client, so that what was last seen is what the key holds.
    const values = { 'operations-per-key': perKey };
    const events = run({ concurrency: 1, most: 10_000, values });
    const outcomes = events.filter(({ kind, call }) => kind === 'complete' && call.f === 'cas');
    const swapped = outcomes.filter(hasSwapped);

    expect(outcomes.length).toBeGreaterThan(500);
    expect(swapped.length / outcomes.length).toBeGreaterThan(0.77);
    expect(swapped.length / outcomes.length).toBeLessThan(0.83);
  });

  test('still swaps often when many clients work on the same key', () => {
    const events = run({ values: { keys: 1 }, most: 4000 });
    const outcomes = events.filter(({ kind, call }) => kind === 'complete' && call.f === 'cas');
    const swapped = outcomes.filter(hasSwapped);

    expect(swapped.length / outcomes.length).toBeGreaterThan(0.1);
  });

  test('learns from a refused cas what the key holds', () => {
    // Given that 99 is what every read and every cas says, and that nothing else is ever seen.
    const events = mainCalls(
      run({
        values: { read: 0, write: 1, cas: 99 },
        concurrency: 1,
        most: 3000,
        answer: ({ f }) => (f === 'cas' ? ok({ swapped: false, current: 99 }) : ok()),
      }),
    );
    const cas = events.filter(({ call }) => call.f === 'cas');
    const from99 = cas.filter(({ call }) => (call.value as Json[])[0] === 99);

    expect(from99.length / cas.length).toBeGreaterThan(0.75);
  });

  test('never starts from null or from its own value', () => {
    for (const { call } of mainCalls(run({ answer: ({ f }) => (f === 'read' ? ok(null) : fail) })))
      expect(call.f).not.toBe('cas');
    for (const { call } of mainCalls(run({})).filter((event) => event.call.f === 'cas')) {
      const [from, to] = call.value as readonly [number, number];
      expect(from).toBeGreaterThanOrEqual(0);
      expect(from).toBeLessThan(to);
    }
  });
});

describe('shares', () => {
  test('decide the mix of the processes that do everything', () => {
    const events = mainCalls(run({ concurrency: 5, values: { read: 10, write: 60, cas: 30 }, most: 10_000 }));

    expect(share(events, 'read')).toBeCloseTo(0.1, 1);
    expect(share(events, 'write')).toBeCloseTo(0.6, 1);
    expect(share(events, 'cas')).toBeCloseTo(0.3, 1);
  });

  test.for(['read', 'write', 'cas'])('of 0 switches %s off in the main phase', (f) => {
    const cas = f === 'write' ? { cas: 0 } : {};

    expect(new Set(functionsOf(mainCalls(run({ values: { [f]: 0, ...cas } }))))).not.toContain(f);
  });

  test('that are all 0 are refused, and so is cas without write', () => {
    expect(() => register.check?.({ ...defaults, read: 0, write: 0, cas: 0 })).toThrow(
      'The shares of read, write and cas are all 0, so there is nothing to do: raise one of them.',
    );
    expect(() => register.check?.({ ...defaults, write: 0 })).toThrow(
      'A cas has nothing to swap unless something was written: give write a share above 0.',
    );
    expect(register.check?.(defaults)).toBeUndefined();
  });

  test('of 0 leave the function out of what it says it generates, but for the final reads', () => {
    expect(register.functions(defaults)).toEqual(['read', 'write', 'cas']);
    expect(register.functions({ ...defaults, read: 0, cas: 0 })).toEqual(['read', 'write']);
  });
});

describe('reserved readers', () => {
  test('are one for each node when there are two threads for each, and fewer when there are fewer', () => {
    const at = (concurrency: number): number => readersFor({ concurrency, nodeCount: 5 });

    expect([1, 5, 6, 9, 10, 50].map(at)).toEqual([0, 0, 1, 4, 5, 5]);
  });

  test('only read, one at each node, while the others do everything', () => {
    const events = mainCalls(run({ answer: store() }));
    const does = (process: number): Set<string> =>
      new Set(functionsOf(events.filter((event) => event.process === process)));

    for (const process of [0, 1, 2, 3, 4]) expect(does(process)).toEqual(new Set(['read']));
    for (const process of [5, 6, 7, 8, 9]) expect(does(process)).toEqual(new Set(['read', 'write', 'cas']));
  });
});

test('the final phase reads the newest keys at every node and every key somewhere', () => {
  const events = run({ most: 5000, answer: store() });
  const nodes = nodeNames(5);
  const final = invoked(events).filter(({ phase }) => phase === 'final');
  const newest = `k${new Set(mainCalls(events).map(({ call }) => call.key)).size}`;
  const homes = (key: string): Set<string> =>
    new Set(
      final.filter(({ call }) => call.key === key).map(({ process }: { process: ProcessId }) => homeOf(process, nodes)),
    );

  expect(new Set(final.map(({ call }) => call.f))).toEqual(new Set(['read']));
  expect(homes(newest).size).toBe(5);
  expect(new Set(final.map(({ call }) => call.key))).toEqual(new Set(mainCalls(events).map(({ call }) => call.key)));
});
