import { describe, expect, it } from 'vitest';
import type { RunSeed, SeedResult } from '../harness/batch.ts';
import { type Contender, type Entry, type ScoreboardPlan, runScoreboard } from './scoreboard.ts';
import { seedResultOf } from './testing/results.ts';

interface Tried {
  readonly buggy: number[];
  readonly correct: number[];
}

const repeat = { buggy: (seed: number) => `buggy --seed ${seed}`, correct: (seed: number) => `correct --seed ${seed}` };

const contender = (
  bug: string,
  tried: Tried,
  buggy: (seed: number) => Partial<SeedResult>,
  correct: (seed: number) => Partial<SeedResult> = () => ({}),
): Contender => {
  const lane =
    (seeds: number[], more: (seed: number) => Partial<SeedResult>): RunSeed =>
    async (seed) => {
      await new Promise((resume) => setImmediate(resume));
      seeds.push(seed);
      return seedResultOf(seed, more(seed));
    };
  return { system: 'ledger', bug, buggy: [lane(tried.buggy, buggy)], correct: [lane(tried.correct, correct)], repeat };
};

const violated = { kind: 'violated' as const, headline: 'Broken.' };
const every = (nth: number) => (seed: number) => (seed % nth === 0 ? violated : {});
const nothing = (): Tried => ({ buggy: [], correct: [] });

async function scored(contenders: readonly Contender[], more: Partial<ScoreboardPlan> = {}) {
  const [notes, saved]: [string[], (readonly Entry[])[]] = [[], []];
  const entries = await runScoreboard({
    contenders,
    campaigns: 3,
    seed: 1,
    campaignSeconds: 60,
    twinRuns: 300,
    entries: [],
    save: (now) => void saved.push(now),
    note: (text) => void notes.push(text),
    clock: () => 0,
    after: () => new AbortController().signal,
    signal: new AbortController().signal,
    ...more,
  });
  return { entries, notes, saved };
}

describe('the scoreboard', () => {
  it('searches for a bug with fresh seeds in each campaign, until the first that finds it', async () => {
    const tried = nothing();
    const { entries, notes } = await scored([contender('blot', tried, every(7))]);
    expect(entries[0]?.campaigns).toEqual([
      { first: 1, runs: 7, seconds: 0, found: { seed: 7, kind: 'violation', headline: 'Broken.' } },
      { first: 1_000_001, runs: 6, seconds: 0, found: { seed: 1_000_006, kind: 'violation', headline: 'Broken.' } },
      { first: 2_000_001, runs: 5, seconds: 0, found: { seed: 2_000_005, kind: 'violation', headline: 'Broken.' } },
    ]);
    expect(new Set(tried.buggy).size).toBe(18);
    expect(notes[0]).toBe(
      'ledger blot, campaign 1 of 3: found by seed 7 after 7 runs, 0 s (violation)\n  buggy --seed 7',
    );
  });

  it('runs the correct twin with the same seeds, some hundreds at least, and as many as were needed', async () => {
    const tried = nothing();
    const { entries } = await scored([contender('blot', tried, every(130))]);
    expect(entries[0]?.campaigns.map(({ runs }) => runs)).toEqual([130, 90, 50]);
    expect(entries[0]?.twins.map(({ first, runs }) => [first, runs])).toEqual([
      [1, 130],
      [1_000_001, 100],
      [2_000_001, 100],
    ]);
    expect(tried.correct.slice(0, 130)).toEqual(tried.buggy.slice(0, 130));
  });

  it('counts every accusation of the correct twin, and goes on after one', async () => {
    const { entries, notes } = await scored([contender('blot', nothing(), every(2), every(50))], { campaigns: 1 });
    expect(entries[0]?.twins).toEqual([
      { first: 1, runs: 300, accused: [50, 100, 150, 200, 250, 300], conclusiveShare: 1 },
    ]);
    expect(notes[1]).toBe(
      'ledger blot, campaign 1 of 1: the correct twin was ACCUSED in 6 of 300 runs: seeds 50, 100, 150, 200, 250, 300\n' +
        '  correct --seed 50\n  correct --seed 100\n  correct --seed 150',
    );
  });

  it('gives a campaign up at its limit of time, and only the campaign', async () => {
    const limits: number[] = [];
    const cap = new AbortController();
    const slow = (seed: number): Partial<SeedResult> => {
      if (seed === 5) cap.abort();
      return {};
    };
    const { entries, notes } = await scored([contender('blot', nothing(), slow)], {
      campaigns: 1,
      campaignSeconds: 60,
      after: (seconds) => {
        limits.push(seconds);
        return cap.signal;
      },
    });
    expect(limits).toEqual([60]);
    expect(entries[0]?.campaigns).toEqual([{ first: 1, runs: 5, seconds: 0, found: null }]);
    expect(notes[0]).toBe('ledger blot, campaign 1 of 1: NOT FOUND in 5 runs, 0 s');
    // That it was not found asks for no more of the twin than ever.
    expect(entries[0]?.twins[0]?.runs).toBe(300);
  });

  it('tells how a bug came to light', async () => {
    const wrong = (findings: readonly string[]) => (): Partial<SeedResult> => ({ kind: 'finding', findings });
    const kindOf = async (buggy: (seed: number) => Partial<SeedResult>) => {
      const { entries } = await scored([contender('blot', nothing(), buggy)], { campaigns: 1, twinRuns: 1 });
      return entries[0]?.campaigns[0]?.found?.kind;
    };
    expect(await kindOf(() => ({ kind: 'violated', findings: ['liveness'] }))).toBe('violation');
    expect(await kindOf(wrong(['liveness', 'liveness']))).toBe('liveness');
    expect(await kindOf(wrong(['crash', 'liveness']))).toBe('finding');
    expect(await kindOf(wrong([]))).toBe('finding');
  });

  it('goes on where it was interrupted, and repeats nothing that was done', async () => {
    const [whole, again] = [nothing(), nothing()];
    const controller = new AbortController();
    const first = await scored([contender('blot', whole, every(7))], {
      signal: controller.signal,
      note: (text) => {
        if (text.includes('campaign 2 of 3: found')) controller.abort();
      },
    });
    expect(first.entries[0]?.campaigns).toHaveLength(2);
    expect(first.entries[0]?.twins).toHaveLength(1);
    expect(first.saved.at(-1)).toEqual(first.entries);
    const second = await scored([contender('blot', again, every(7))], { entries: first.entries });
    expect(again.buggy[0]).toBe(2_000_001);
    expect(again.correct[0]).toBe(1_000_001);
    const straight = await scored([contender('blot', nothing(), every(7))]);
    expect(second.entries).toEqual(straight.entries);
  });
});
