import { type HistoryEvent, consistencyModels } from 'knossos-ts';
import { expect, test } from 'vitest';
import { modelReports, ordinaryLimits } from './models.ts';
import type { Claim, ModelName } from '../protocol/system.ts';
import type { Test } from './plan.ts';
import { fakeTest } from './testing/fake-test.ts';

/** Process 0 writes 1 and then 2, and process 1 reads 1. */
const history: readonly HistoryEvent[] = (
  [
    [0, 'write', 1],
    [0, 'write', 2],
    [1, 'read', 1],
  ] as const
)
  .flatMap(([process, f, value]) => [
    { process, f, type: 'invoke' as const, value: f === 'read' ? null : value },
    { process, f, type: 'ok' as const, value },
  ])
  .map((event, index) => ({ index, time: index, key: 'k', ...event }));

function sequentialTest(): Test {
  const plain = fakeTest();
  const operations = ['read', 'write', 'cas'];
  return {
    ...plain,
    system: { ...plain.system, claims: () => [{ model: 'sequential', operations, assumes: {}, live: () => [] }] },
    workload: {
      ...plain.workload,
      decides: consistencyModels.map((model) => ({ model, dataModel: 'cas-register', operations })),
    },
  };
}

const limits = { ...ordinaryLimits, workers: 0 };
const input = { test: sequentialTest(), events: history, faults: [] };

test('every model that the workload decides is told, strongest first, and only the claimed one is judged', async () => {
  const reports = await modelReports({ ...input, limits });

  expect(reports.map(({ model }) => model)).toEqual(consistencyModels);
  expect(reports.map(({ judged }) => judged)).toEqual(consistencyModels.map((model) => model === 'sequential'));
  expect(reports.map(({ valid }) => valid)).toEqual(consistencyModels.map((model) => model !== 'linearizable'));
});

test('what is claimed of other operations, in a model that the workload does not decide, is not in question', async () => {
  const plain = sequentialTest();
  const claim = (model: ModelName, ...operations: string[]): Claim => ({
    model,
    operations,
    assumes: {},
    live: () => [],
  });
  const claims = [claim('sequential', 'read', 'write', 'cas'), claim('strict-serializable', 'read', 'txn')];
  const claiming = { ...plain, system: { ...plain.system, claims: () => claims } };
  const reports = await modelReports({ ...input, test: claiming, limits: { ...limits, onlyClaims: true } });

  expect(reports.map(({ model, judged }) => [model, judged])).toEqual([['sequential', true]]);
});

test('a batch has no time for more than what is claimed', async () => {
  const reports = await modelReports({ ...input, limits: { ...limits, onlyClaims: true } });

  expect(reports.map(({ model, valid }) => [model, valid])).toEqual([['sequential', true]]);
});
