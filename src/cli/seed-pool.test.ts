import { describe, expect, it } from 'vitest';
import { seedResultOf } from '../explore/testing/results.ts';
import { type RunSeed, runSeeds } from '../harness/batch.ts';
import { SeedPool, type SeedRunner } from './seed-pool.ts';

/** Threads of which each takes steps of its own: what a check of determinism must notice, if it runs in two of them. */
function strangers(): { readonly start: () => SeedRunner; readonly closed: number[] } {
  const closed: number[] = [];
  let started = 0;
  const start = (): SeedRunner => {
    const thread = started++;
    return {
      run: async ({ seed }) => seedResultOf(seed, { trace: { events: 1, hash: `thread ${thread}` } }),
      record: async () => [{ at: thread, who: 'n1', kind: 'peer', input: '' }],
      close: async () => void closed.push(thread),
    };
  };
  return { start, closed };
}

const requestOf = (seed: number) => ({ system: 'ledger', seed });
const all = (lanes: readonly RunSeed[], count: number) =>
  runSeeds({ first: 1, count, keepGoing: true }, lanes, () => {}, new AbortController().signal);

describe('a pool of threads', () => {
  it('runs a seed that is wanted twice in two threads, and compares what both did', async () => {
    const { start, closed } = strangers();
    {
      await using pool = new SeedPool('', 2, start);
      const results = await all(
        pool.lanes(requestOf, (seed) => seed <= 3),
        6,
      );
      expect(results.map(({ kind }) => kind)).toEqual(['finding', 'finding', 'finding', 'valid', 'valid', 'valid']);
      expect(results.map(({ compared }) => compared)).toEqual([true, true, true, false, false, false]);
      expect(results[0]?.headline).toMatch(
        /^It took other steps when it was run again: trace thread \d, then thread \d\.$/,
      );
    }
    expect(new Set(closed).size).toBe(closed.length);
    expect(closed.length).toBeGreaterThan(1);
  });

  it('starts no second thread where nothing is run twice', async () => {
    const { start, closed } = strangers();
    {
      await using pool = new SeedPool('', 1, start);
      expect((await all(pool.lanes(requestOf), 4)).map(({ kind }) => kind)).toEqual(Array(4).fill('valid'));
    }
    expect(closed).toEqual([0]);
  });
});
