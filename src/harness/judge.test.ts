import { describe, expect, it } from 'vitest';
import type { ModelReport } from '../report/run-report.ts';
import { type Evidence, judge } from './judge.ts';

const model = (valid: ModelReport['valid'], more: Partial<ModelReport> = {}): ModelReport => ({
  model: 'linearizable',
  claimed: true,
  judged: true,
  valid,
  summary: '3 of 4 keys proven',
  keys: { proven: 3, violated: 0, undecided: 1 },
  counterexamples: [],
  ...more,
});

const evidence = (more: Partial<Evidence>): Evidence => ({
  subject: 'Raft',
  models: [model(true)],
  findings: [],
  coverage: [{ name: 'read ok', met: true, text: '' }],
  notes: [],
  decidable: ['linearizable'],
  ...more,
});

const gap = { name: 'read ok', met: false, text: 'read never succeeded.' };
const finding = { kind: 'crash', node: 'n1', at: 1, text: 'boom' };

describe('the outcome', () => {
  it('is valid when each claim holds and the run proved enough', () => {
    expect(judge(evidence({}))).toEqual({
      kind: 'valid',
      exitCode: 0,
      headline: 'Raft kept its promise: linearizable.',
      reasons: [],
    });
  });

  it('is a violation whatever else is true', () => {
    const { kind, exitCode, headline } = judge(
      evidence({ models: [model('unknown'), model(false, { model: 'causal' })], findings: [finding], coverage: [gap] }),
    );
    expect({ kind, exitCode, headline }).toEqual({
      kind: 'violated',
      exitCode: 1,
      headline: 'Raft broke its promise: causal.',
    });
  });

  it('is a finding, and exit 1, also when every model holds', () => {
    expect(judge(evidence({ findings: [finding] }))).toEqual({
      kind: 'finding',
      exitCode: 1,
      headline: 'Raft went wrong by itself: one finding.',
      reasons: ['crash of n1: boom'],
    });
  });

  it('is unknown when a checker could not finish', () => {
    expect(judge(evidence({ models: [model('unknown')], coverage: [gap] }))).toEqual({
      kind: 'unknown',
      exitCode: 2,
      headline: 'Nobody knows whether Raft kept its promise: linearizable.',
      reasons: ['linearizable: 3 of 4 keys proven.', 'read never succeeded.'],
    });
  });

  it('is inconclusive when no checker of the run can decide a claimed model', () => {
    const { kind, exitCode, reasons } = judge(evidence({ models: [model('unknown')], decidable: [] }));
    expect({ kind, exitCode, reasons }).toEqual({
      kind: 'inconclusive',
      exitCode: 2,
      reasons: ['Nothing decided whether linearizable holds: 3 of 4 keys proven.'],
    });
  });

  it('is inconclusive when the run tested too little', () => {
    expect(judge(evidence({ coverage: [gap] }))).toMatchObject({
      kind: 'inconclusive',
      exitCode: 2,
      reasons: [gap.text],
    });
  });

  it('never accuses for a model that is not claimed, or not judged since a fault went too far', () => {
    const unclaimed = model(false, { model: 'causal', claimed: false, judged: false });
    expect(judge(evidence({ models: [model(true), unclaimed] })).kind).toBe('valid');
    expect(judge(evidence({ models: [model(false, { judged: false })] }))).toMatchObject({
      kind: 'inconclusive',
      exitCode: 2,
      reasons: ['No claim of Raft could be judged in this run.'],
    });
  });
});
