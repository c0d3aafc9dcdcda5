/** The claim `eventual`, through a whole run of a store that answers well, whatever its nodes hold. */
import { expect, test } from 'vitest';
import type { RunReport } from '../report/run-report.ts';
import type { Test } from './plan.ts';
import { run } from './run.ts';
import { type FakeBehaviour, fakeEnvironment } from './testing/fake-cluster.ts';
import { fakeTest, ledger } from './testing/fake-test.ts';

const operations = ['read', 'write', 'cas'];

function eventualTest(peeks: boolean): Test {
  const plain = fakeTest();
  const decides = [...plain.workload.decides, { model: 'eventual', dataModel: 'cas-register', operations } as const];
  return {
    ...plain,
    system: { ...ledger, claims: () => [{ model: 'eventual', operations, assumes: {}, live: () => [] }] },
    workload: { ...plain.workload, decides, ...(peeks ? { peeks } : {}) },
  };
}

const reportOf = async (behaviour: FakeBehaviour = {}, peeks = true): Promise<RunReport> => {
  const finished = await run({
    test: eventualTest(peeks),
    environment: fakeEnvironment(behaviour),
    store: null,
    version: '1',
    program: 'harness',
    limits: { milliseconds: 10_000, bytes: 2 ** 26, workers: 0 },
    signal: new AbortController().signal,
  });
  return finished.report;
};

test('is kept by nodes that agree on what was issued', async () => {
  const { outcome, convergence } = await reportOf();
  expect(outcome).toMatchObject({ exitCode: 0, headline: 'Ledger kept its promise: eventual.' });
  expect(convergence).toMatchObject({ valid: true, keys: 1, nodes: 3, agreed: 1, lost: 0 });
});

test('is broken by a node that keeps something else, and the sentence says which', async () => {
  const { outcome, models } = await reportOf({
    peek: (node) => ({ ok: true, value: node === 'n3' ? 1 : 2 }),
  });
  expect(outcome).toMatchObject({ exitCode: 1, headline: 'Ledger broke its promise: eventual.' });
  expect(models.find(({ model }) => model === 'eventual')?.refutation?.sentence).toBe(
    'Replica n1 ended with 2 for key k and replica n3 with 1.',
  );
});

test('is broken by nodes that agree on what nobody issued', async () => {
  const { outcome } = await reportOf({ peek: () => ({ ok: true, value: 'rubbish' }) });
  expect(outcome.exitCode).toBe(1);
});

test('is unknown where a node does not answer, or none was asked', async () => {
  const silent = await reportOf({
    peek: (node) => (node === 'n2' ? { ok: false, error: 'it is down' } : { ok: true, value: null }),
  });
  expect(silent.outcome).toMatchObject({ kind: 'unknown', exitCode: 2 });
  const unasked = await reportOf({}, false);
  expect(unasked.outcome.exitCode).toBe(2);
  expect(unasked.convergence).toBeUndefined();
});
