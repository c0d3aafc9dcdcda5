/** A check that goes on for long asks for the time all along, so that no budget is overrun by much. */
import { describe, expect, test } from 'vitest';
import { Script } from '../testing/script.ts';
import { pairOperations } from '../history/pair-operations.ts';
import { Deciders } from './deciders.ts';
import { buildIndex } from './index/build-index.ts';
import type { ConsistencyModel } from './models.ts';
import { TimeUp } from './watch.ts';

type Weak = Exclude<ConsistencyModel, 'linearizable'>;

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

/** How often the clock was asked while a model was decided; or that it was late. */
function asked(script: Script, model: Weak, isLate: boolean): number | 'late' {
  const operations = pairOperations(script.events);
  const indexed = buildIndex(operations);
  if (indexed.kind !== 'indexed') throw new Error(indexed.kind);
  let times = 0;
  const limits = { isLate: () => (++times, isLate), bytes: 2 ** 30 };
  try {
    new Deciders(indexed.index, operations, limits).decide(model);
    return times;
  } catch (error) {
    if (error instanceof TimeUp) return 'late';
    throw error;
  }
}

const views = ['sequential', 'causal-memory', 'causal-convergence', 'causal', 'pram'] as const;
const guarantees = ['read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'] as const;

describe.each([
  ['write', views],
  // Of registers the guarantees are one pass over the history, and as fast as reading it.
  ['append', [...views, ...guarantees]],
] as const)('of histories that %s', (mutator, models) => {
  test.each(models)('%s is decided with an eye on the clock', (model) => {
    const rounds = 200;
    expect(asked(turns(mutator, rounds), model, false)).toBeGreaterThanOrEqual(rounds - 2);
    expect(asked(turns(mutator, rounds), model, true)).toBe('late');
  });
});
