/** A check that goes on for long asks for the time all along, so that no budget is overrun by much. */
import { describe, expect, test } from 'vitest';
import { Script } from '../testing/script.ts';
import { joined, pairOperations } from '../history/pair-operations.ts';
import { Deciders } from './deciders.ts';
import { buildIndex } from './index/build-index.ts';
import { unlessLate, watchOf } from '../check/watch.ts';

/** Two processes that write and read one key in turns, `rounds` times. */
function turns(mutator: 'write' | 'append', rounds: number): Script {
  const script = new Script();
  const list: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    list.push(round);
    script.does(round % 2, mutator, round, null);
    script.does((round + 1) % 2, 'read', null, mutator === 'write' ? round : [...list]);
  }
  return script;
}

/** How often the clock was asked while something was done; or that it was late. */
function asked(act: (isLate: () => boolean) => void, isLate: boolean): number | 'late' {
  let times = 0;
  const done = unlessLate(() => {
    act(() => (++times, isLate));
    return times;
  });
  return done ?? 'late';
}

const deciding =
  (script: Script, decide: (deciders: Deciders) => unknown) =>
  (isLate: () => boolean): void => {
    const operations = pairOperations(script.events);
    const indexed = buildIndex(operations);
    if (indexed.kind !== 'indexed') throw new Error(indexed.kind);
    decide(new Deciders(indexed.index, operations, { isLate, bytes: 2 ** 30 }));
  };

const views = ['sequential', 'causal-memory', 'causal-convergence', 'causal', 'pram'] as const;
const guarantees = ['read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'] as const;

describe.each([
  ['write', views],
  // Of registers the guarantees are one pass over the history, and as fast as reading it.
  ['append', [...views, ...guarantees]],
] as const)('of histories that %s', (mutator, models) => {
  const rounds = 200;
  const script = turns(mutator, rounds);

  test.each(models)('%s is decided with an eye on the clock', (model) => {
    const act = deciding(script, (deciders) => deciders.decide(model));
    expect(asked(act, false)).toBeGreaterThanOrEqual(rounds - 2);
    expect(asked(act, true)).toBe('late');
  });

  test('the index is built with an eye on the clock', () => {
    const operations = pairOperations(script.events);
    const act = (isLate: () => boolean) => buildIndex(operations, null, watchOf(isLate));
    // In each of its passes over the operations.
    expect(asked(act, false)).toBeGreaterThanOrEqual(3 * operations.length);
    expect(asked(act, true)).toBe('late');
  });
});

describe('with an eye on the clock, a thousand times less often,', () => {
  const { events } = turns('write', 5_000);

  test('events are gathered and joined', () => {
    for (const history of [events, new Set(events)]) {
      const act = (isLate: () => boolean) => joined(history, 'ordered', watchOf(isLate));
      expect(asked(act, false)).toBeGreaterThanOrEqual(events.length / 1_000);
      expect(asked(act, true)).toBe('late');
    }
  });

  test('an order of everything is attempted', () => {
    const act = deciding(turns('write', 5_000), (deciders) => deciders.hasOrder());
    expect(asked(act, false)).toBeGreaterThanOrEqual(events.length / 1_000);
    expect(asked(act, true)).toBe('late');
  });
});
