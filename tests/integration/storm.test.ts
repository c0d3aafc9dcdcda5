/** A run that the simulation ends by itself, because its nodes never stop talking, is told like any other. */
import { expect, test } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.ts';
import { simulation } from '../../src/environments/simulation/simulation.ts';
import { expand } from '../../src/harness/expand.ts';
import { ordinaryLimits } from '../../src/harness/models.ts';
import { run } from '../../src/harness/run.ts';

test('a run that was ended as a storm is a finding, and its operations are reported', async () => {
  const environment = simulation({ stormLimit: 5000 });
  const choice = { name: 'sim', reason: '', faults: environment.faults } as const;
  const planned = expand({ system: 'raft', nemesis: 'none', rate: 1000, seed: 1 }, choice, catalogue);
  const limits = { ...ordinaryLimits, workers: 0 };
  const { signal } = new AbortController();
  const { report } = await run({
    test: planned,
    environment,
    store: null,
    version: '',
    program: '',
    limits,
    signal,
  });
  expect(report.outcome).toMatchObject({ kind: 'finding', exitCode: 1 });
  expect(report.outcome.reasons[0]).toMatch(
    /^storm: the machines took 5,000 steps within one second of virtual time: they answer messages with more messages/,
  );
  expect(report.counts.ok).toBeGreaterThan(100);
});
