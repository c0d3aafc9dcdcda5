import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordPage, recordSection } from './record-page.ts';
import { type ScoreboardSettings, readScoreboard, writeScoreboard } from './scoreboard-file.ts';
import type { Campaign, Entry, Showing, Twin } from './scoreboard.ts';
import { complaintOf, exitCodeOf, isRepresentative, standingOf } from './track-record.ts';

const campaign = (runs: number, found = true): Campaign => ({
  first: 1,
  runs,
  seconds: runs / 10,
  found: found ? { seed: runs, kind: 'violation', headline: 'Broken.' } : null,
});
const twin = (more: Partial<Twin> = {}): Twin => ({ first: 1, runs: 100, accused: [], conclusiveShare: 0.95, ...more });
const entry = (campaigns: readonly Campaign[], twins: readonly Twin[]): Entry => ({
  system: 'ledger',
  bug: 'blot',
  campaigns,
  twins,
});
const good = standingOf(entry([campaign(4), campaign(30), campaign(5)], [twin(), twin(), twin()]));
const missed = standingOf(entry([campaign(4), campaign(900, false)], [twin(), twin()]));
const accused = standingOf(entry([campaign(4), campaign(6)], [twin(), twin({ accused: [17] })]));
const vague = standingOf(entry([campaign(4), campaign(6)], [twin(), twin({ conclusiveShare: 0.5 })]));
const never = standingOf(entry([campaign(900, false)], [twin()]));

describe('a standing', () => {
  it('has medians over all campaigns, of which one that did not find the bug is endless', () => {
    expect(good).toEqual({
      system: 'ledger',
      bug: 'blot',
      found: 3,
      campaigns: 3,
      kinds: { violation: 3, finding: 0, liveness: 0 },
      medianRuns: 5,
      medianSeconds: 0.5,
      twins: 3,
      twinRuns: 300,
      accused: [],
      conclusiveShare: 0.95,
    });
    expect(accused.medianRuns).toBe(5);
    const medians = [
      entry([campaign(4), campaign(900, false), campaign(8)], []),
      entry([campaign(4), campaign(900, false)], []),
      entry([campaign(900, false)], []),
      entry([], []),
    ].map((one) => [standingOf(one).medianRuns, standingOf(one).medianSeconds]);
    expect(medians).toEqual([
      [8, 0.8],
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it('is red when a bug was missed or a twin accused, and unknown when too little was run', () => {
    const wanted = (campaigns: number, twinRuns: number) => ({ campaigns, twinRuns });
    expect(exitCodeOf([good], wanted(3, 300))).toBe(0);
    expect(exitCodeOf([good, missed], wanted(2, 200))).toBe(1);
    expect(exitCodeOf([good, accused], wanted(2, 200))).toBe(1);
    expect(exitCodeOf([good, vague], wanted(2, 200))).toBe(2);
    expect(exitCodeOf([good], wanted(5, 300))).toBe(2);
    expect(exitCodeOf([vague, never], wanted(1, 100))).toBe(1);
    expect([good, missed, accused, vague].map((standing) => complaintOf(standing, wanted(2, 200)))).toEqual([
      null,
      'ledger blot: not found in 1 of 2 campaigns.',
      'ledger blot: its correct twin was accused once in 200 runs: seeds 17.',
      'ledger blot: only 72.5% of the runs of its twin were conclusive.',
    ]);
  });

  it('is not good before its twin has had all its runs: an interrupted scoreboard proves nothing', () => {
    const wanted = { campaigns: 2, twinRuns: 200 };
    const interrupted = [
      entry([], []),
      entry([campaign(4)], []),
      entry([campaign(4)], [twin()]),
      entry([campaign(4), campaign(5)], [twin()]),
      entry([campaign(4), campaign(5)], [twin(), twin({ runs: 90 })]),
    ].map(standingOf);
    expect(interrupted.map((standing) => [exitCodeOf([standing], wanted), complaintOf(standing, wanted)])).toEqual([
      [2, 'ledger blot: only 0 of 2 campaigns were run.'],
      [2, 'ledger blot: only 1 of 2 campaigns were run.'],
      [2, 'ledger blot: only 1 of 2 campaigns were run.'],
      [2, 'ledger blot: its correct twin was run in only 1 of 2 campaigns.'],
      [2, 'ledger blot: its correct twin was run only 190 times of 200.'],
    ]);
  });
});

describe('the track record', () => {
  it('is a page with a table, and says how it was made', () => {
    const circumstances = {
      command: './bin/harness bugs --seed 9',
      seed: 9,
      campaignSeconds: 120,
      code: '0123456789abcdef',
      machine: 'Node 20, 2 processors',
    };
    const found = (runs: number, kind: Showing): Campaign => ({
      ...campaign(runs),
      found: { seed: runs, kind, headline: 'Broken.' },
    });
    const mixed = standingOf(
      entry([found(4, 'liveness'), found(5, 'finding'), found(6, 'finding')], [twin(), twin(), twin()]),
    );
    const page = recordPage('', [recordSection('ledger', [good, mixed, never], circumstances)], ['ledger']);
    expect(page.split('\n').slice(11)).toEqual([
      '## ledger',
      '',
      '| system | bug    | found  | as                    | median runs | median seconds | twin accused  | twin conclusive |',
      '| ------ | ------ | ------ | --------------------- | ----------- | -------------- | ------------- | --------------- |',
      '| ledger | `blot` | 3 of 3 | violation             | 5           | 0.5            | 0 in 300 runs | 95.0%           |',
      '| ledger | `blot` | 3 of 3 | 2 finding, 1 liveness | 5           | 0.5            | 0 in 300 runs | 95.0%           |',
      '| ledger | `blot` | 0 of 1 | -                     | -           | -              | 0 in 100 runs | 95.0%           |',
      '',
      'Campaigns of at most 120 s, first seed 9; code 0123456789ab; Node 20, 2 processors. Repeat it with:',
      '',
      '    ./bin/harness bugs --seed 9',
      '',
    ]);
    expect(page).toContain('<!-- Generated by `harness bugs`: do not edit. -->');
  });

  it('renews the sections of the systems that were run, and keeps the others as they are', () => {
    const first = recordPage(
      '# Old',
      [
        { system: 'ledger', text: 'one' },
        { system: 'abacus', text: 'two\n\n    x' },
      ],
      ['ledger', 'abacus'],
    );
    const second = recordPage(first, [{ system: 'ledger', text: 'three' }], ['abacus', 'ledger', 'chronicle']);
    expect(second.split('\n').slice(11)).toEqual([
      '## abacus',
      '',
      'two',
      '',
      '    x',
      '',
      '## ledger',
      '',
      'three',
      '',
    ]);
    expect(recordPage(second, [], ['abacus', 'ledger'])).toBe(second);
    expect(recordPage(second, [], ['ledger'])).not.toContain('abacus');
  });

  it('is of all bugs, by their own faults, at no less than the ordinary strength', () => {
    const settings = { campaignSeconds: 120, nemesis: null };
    const five = Array.from({ length: 5 }, () => campaign(4));
    const whole = standingOf(
      entry(
        five,
        Array.from({ length: 5 }, () => twin({ runs: 60 })),
      ),
    );
    expect(isRepresentative([whole, whole], 2, settings)).toBe(true);
    expect(isRepresentative([whole], 2, settings)).toBe(false);
    expect(isRepresentative([whole, whole], 2, { ...settings, nemesis: 'none' })).toBe(false);
    expect(isRepresentative([whole, whole], 2, { ...settings, campaignSeconds: 5 })).toBe(false);
    for (const weak of [good, { ...whole, twins: 4 }, { ...whole, twinRuns: 299 }])
      expect(isRepresentative([whole, weak], 2, settings)).toBe(false);
  });
});

describe('the file of a scoreboard', () => {
  it('gives back what was written, and refuses what is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scoreboard-'));
    try {
      const path = join(folder, 'bugs', 'scoreboard.json');
      expect(readScoreboard(path, 'c0de')).toEqual({ kind: 'none' });
      const settings: ScoreboardSettings = {
        code: 'c0de',
        seed: 9,
        campaignSeconds: 120,
        twinRuns: 300,
        nemesis: null,
      };
      const entries = [entry([campaign(4), campaign(9, false)], [twin({ accused: [3] })])];
      writeScoreboard(path, { schema: 2, settings, entries });
      expect(readScoreboard(path, 'c0de')).toEqual({ kind: 'ours', board: { schema: 2, settings, entries } });
      expect(readScoreboard(path, 'c0ffee')).toEqual({ kind: 'foreign', code: 'c0de' });
      writeFileSync(path, readFileSync(path, 'utf8').slice(0, 40));
      expect(() => readScoreboard(path, 'c0de')).toThrow(/^Cannot go on with .*Start over with --fresh\.$/s);
      const { code: _code, twinRuns: _runs, ...older } = settings;
      writeFileSync(path, JSON.stringify({ schema: 1, settings: { ...older, version: '1' }, entries: [] }));
      expect(readScoreboard(path, 'c0de')).toEqual({ kind: 'foreign', code: null });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
