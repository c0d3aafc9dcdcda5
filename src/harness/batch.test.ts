import { describe, expect, it } from 'vitest';
import { type SeedResult, batchReport, checkedAgain, runSeeds } from './batch.ts';

const result = (seed: number, more: Partial<SeedResult> = {}): SeedResult => ({
  seed,
  kind: 'valid',
  headline: 'Kept.',
  reasons: [],
  counts: { ok: 10, fail: 2, info: 1 },
  leaderChanges: 3,
  nemeses: ['kill'],
  proven: { kill: 2 },
  provenVariants: { 'kill:one': 2 },
  coverage: [{ name: 'read ok', met: true }],
  undecidable: [],
  inputs: { 'append > follower': 5 },
  findings: [],
  trace: { events: 100, hash: 'x' },
  compared: false,
  ...more,
});

const seeds = (count: number, more: (seed: number) => Partial<SeedResult> = () => ({})): readonly SeedResult[] =>
  Array.from({ length: count }, (_, index) => result(index + 1, more(index + 1)));

const never = new AbortController().signal;

describe('a batch', () => {
  it('adds up what its seeds did', () => {
    expect(batchReport(seeds(4), 4, ['kill'])).toEqual({
      schema: 1,
      first: 1,
      last: 4,
      kinds: { valid: 4, violated: 0, unknown: 0, inconclusive: 0, finding: 0 },
      conclusiveShare: 1,
      counts: { ok: 40, fail: 8, info: 4 },
      leaderChanges: 12,
      proven: { kill: 8 },
      events: 400,
      outcome: { kind: 'valid', exitCode: 0, headline: 'All 4 seeds kept the promise.', reasons: [] },
      failing: null,
    });
  });

  it('lets a violation win over an unknown', () => {
    const mixed = seeds(3, (seed) => (seed === 1 ? { kind: 'unknown' } : seed === 3 ? { kind: 'violated' } : {}));
    expect(batchReport(mixed, 3, []).outcome).toMatchObject({
      kind: 'violated',
      exitCode: 1,
      headline: 'Seed 3: Kept.',
    });
  });

  it('is unknown when a seed could not be decided', () => {
    const mixed = seeds(10, (seed) => (seed === 4 ? { kind: 'unknown', reasons: ['out of time.'] } : {}));
    expect(batchReport(mixed, 10, []).outcome).toEqual({
      kind: 'unknown',
      exitCode: 2,
      headline: '1 of 10 seeds could not be decided.',
      reasons: ['Seed 4: out of time.'],
    });
  });

  it('is inconclusive, and says what was judged, when no checker can decide what is claimed', () => {
    const local = (more: Partial<SeedResult> = {}): readonly SeedResult[] =>
      seeds(10, () => ({ kind: 'inconclusive', undecidable: ['sequential'], ...more }));
    expect(batchReport(local(), 10, [])).toMatchObject({
      conclusiveShare: 1,
      outcome: {
        kind: 'inconclusive',
        exitCode: 2,
        headline: 'Nothing went wrong in 10 seeds, but whether sequential holds was not decided.',
        reasons: [
          'No checker can decide sequential on this workload: only crashes, liveness and determinism were judged.',
        ],
      },
    });
    // Seeds that lack something else, too, are counted as ever.
    expect(batchReport(local({ coverage: [{ name: 'read ok', met: false }] }), 10, []).conclusiveShare).toBe(0);
    const failing = [...local().slice(0, 9), result(10, { kind: 'finding' })];
    expect(batchReport(failing, 10, []).outcome).toMatchObject({ kind: 'finding', exitCode: 1 });
  });

  it('needs four of five seeds to be conclusive by themselves', () => {
    const some = (bad: number): readonly SeedResult[] =>
      seeds(10, (seed) => (seed <= bad ? { kind: 'inconclusive', reasons: ['No cas ever swapped.'] } : {}));
    expect(batchReport(some(2), 10, []).outcome.kind).toBe('valid');
    expect(batchReport(some(3), 10, []).outcome).toEqual({
      kind: 'inconclusive',
      exitCode: 2,
      headline: 'The batch proved too little.',
      reasons: [
        'Only 70.0% of the seeds were conclusive by themselves; 80.0% are needed.',
        'Seed 1: No cas ever swapped.',
      ],
    });
  });

  it('needs each nemesis proven and each kind of operation ok in some seed', () => {
    const idle = seeds(10, (seed) => ({
      coverage: [
        { name: 'cas swapped', met: false },
        { name: 'read ok', met: seed === 7 },
      ],
    }));
    expect(batchReport(idle, 10, ['kill', 'pause']).outcome.reasons).toEqual([
      'No fault of pause was proven in any seed.',
      'In no seed: cas swapped.',
    ]);
  });

  it('is inconclusive when it was interrupted, or ran nothing', () => {
    expect(batchReport(seeds(3), 5, []).outcome).toMatchObject({
      exitCode: 2,
      reasons: ['Only 3 of 5 seeds were run.'],
    });
    expect(batchReport([], 5, []).outcome.exitCode).toBe(2);
  });
});

describe('a seed that was run again', () => {
  const other = result(1, { trace: { events: 100, hash: 'y' } });

  it('is a finding when it took other steps', () => {
    const report = batchReport(seeds(2), 2, []);
    expect(checkedAgain(report, result(1), result(1))).toBe(report);
    expect(checkedAgain(report, result(1), other).outcome).toEqual({
      kind: 'finding',
      exitCode: 1,
      headline: 'Seed 1 gave two different runs: trace x, then y.',
      reasons: [
        'Something in the system, or in the harness, does not come from the seed.',
        'All 2 seeds kept the promise.',
      ],
    });
  });

  it('does not hide a violation', () => {
    const report = batchReport([result(1, { kind: 'violated' })], 1, []);
    expect(checkedAgain(report, result(1), other)).toBe(report);
  });
});

describe('running the seeds', () => {
  const lane = (delay: (seed: number) => number, failing: readonly number[]) => async (seed: number) => {
    for (let turn = delay(seed); turn > 0; turn--) await Promise.resolve();
    return result(seed, failing.includes(seed) ? { kind: 'violated' } : {});
  };

  it('ends with the lowest seed that failed, whichever lane was faster', async () => {
    for (const delay of [(seed: number) => 100 - seed, (seed: number) => seed, (seed: number) => (seed % 3) * 40]) {
      const lanes = [lane(delay, [5, 6, 7]), lane(delay, [5, 6, 7]), lane(delay, [5, 6, 7])];
      const results = await runSeeds({ first: 1, count: 50 }, lanes, () => {}, never);
      expect(results.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it('runs each seed once and in all', async () => {
    const seen: number[] = [];
    await runSeeds(
      { first: 10, count: 7 },
      [lane(() => 1, []), lane(() => 5, [])],
      ({ seed }) => void seen.push(seed),
      never,
    );
    expect(seen.toSorted((one, other) => one - other)).toEqual([10, 11, 12, 13, 14, 15, 16]);
  });

  it('rejects when a run fails, but not when it was the abort that ended it', async () => {
    const controller = new AbortController();
    const failing = async (seed: number): Promise<SeedResult> => {
      if (seed < 3) return result(seed);
      throw new Error('no more');
    };
    const run = (onResult: () => void) => runSeeds({ first: 1, count: 9 }, [failing], onResult, controller.signal);
    await expect(run(() => {})).rejects.toThrow('no more');
    const aborting = async (seed: number): Promise<SeedResult> => {
      if (seed === 3) controller.abort();
      return failing(seed);
    };
    const results = await runSeeds({ first: 1, count: 9 }, [aborting], () => {}, controller.signal);
    expect(results.map(({ seed }) => seed)).toEqual([1, 2]);
  });

  it('takes no more seeds once it is aborted', async () => {
    const controller = new AbortController();
    const results = await runSeeds(
      { first: 1, count: 50 },
      [lane(() => 1, [])],
      () => controller.abort(),
      controller.signal,
    );
    expect(results.map(({ seed }) => seed)).toEqual([1]);
  });
});
