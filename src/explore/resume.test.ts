import { describe, expect, it } from 'vitest';
import { type ResumeRequest, resume } from './resume.ts';
import type { FoundScoreboard, ScoreboardSettings } from './scoreboard-file.ts';
import type { Entry } from './scoreboard.ts';

const settings: ScoreboardSettings = { code: 'c0de', seed: 9, campaignSeconds: 120, twinRuns: 300, nemesis: null };
const entry = (bug: string): Entry => ({
  system: 'ledger',
  bug,
  campaigns: [{ first: 9, runs: 3, seconds: 1, found: null }],
  twins: [],
});
const blot = { system: 'ledger', bug: 'blot' };
const ours: FoundScoreboard = {
  kind: 'ours',
  board: { schema: 2, settings, entries: [entry('blot'), entry('smear')] },
};
const request = (more: Partial<ResumeRequest> = {}): ResumeRequest => ({
  ...settings,
  seed: undefined,
  newSeed: () => 77,
  fresh: false,
  contenders: [blot],
  path: 'scoreboard.json',
  ...more,
});
const bugs = (entries: readonly Entry[]): readonly string[] => entries.map(({ bug }) => bug);

describe('a scoreboard that is there', () => {
  it('goes on with its own seed', () => {
    const { settings: now, entries, note } = resume(ours, request());
    expect(now).toEqual(settings);
    expect(bugs(entries)).toEqual(['blot', 'smear']);
    expect(note).toBe('Going on: 1 campaigns are in scoreboard.json. --fresh starts over.');
  });

  it('is started over, in one line, when other code made it', () => {
    for (const code of ['0123456789abcdef', null]) {
      const { settings: now, entries, note } = resume({ kind: 'foreign', code }, request());
      expect(now).toEqual({ ...settings, seed: 77 });
      expect(entries).toEqual([]);
      const theirs = code === null ? 'does not say which' : '0123456789ab';
      expect(note).toBe(`scoreboard.json is of other code (${theirs}; this is c0de): starting over.`);
    }
  });

  it.each([
    ['seed', { seed: 10 }],
    ['campaignSeconds', { campaignSeconds: 5 }],
    ['twinRuns', { twinRuns: 10 }],
    ['nemesis', { nemesis: 'none' }],
  ])('is not mixed with one of another %s', (name, other) => {
    expect(() => resume(ours, request(other))).toThrow(
      new RegExp(`^scoreboard\\.json is of another scoreboard: its ${name} is .* Start over with --fresh for all bugs`),
    );
  });

  it('with --fresh loses only what is run again', () => {
    const one = resume(ours, request({ fresh: true }));
    expect(bugs(one.entries)).toEqual(['smear']);
    expect(one.settings).toEqual(settings);
    expect(one.note).toBeNull();
    // The others would be of another scoreboard.
    expect(() => resume(ours, request({ fresh: true, seed: 10 }))).toThrow('its seed is 9, not 10');
    const all = resume(ours, request({ fresh: true, contenders: [blot, { system: 'ledger', bug: 'smear' }] }));
    expect(all).toEqual({ settings: { ...settings, seed: 77 }, entries: [], note: null });
  });

  it('takes what it is told where there is none', () => {
    expect(resume({ kind: 'none' }, request()).settings.seed).toBe(77);
    expect(resume({ kind: 'none' }, request({ seed: 5 })).settings.seed).toBe(5);
  });
});
