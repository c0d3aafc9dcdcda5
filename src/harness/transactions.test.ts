import { type HistoryEvent, HistoryError, type Value, transactionModels } from 'knossos-ts';
import { expect, test } from 'vitest';
import type { Workload } from '../generators/workload.ts';
import type { ModelName } from '../protocol/system.ts';
import { decide, extremes } from './decide.ts';
import { scribble } from './testing/fake-test.ts';
import { versionedRegisters } from './transactions.ts';

const operations = ['read', 'txn'];
const bank: Workload = {
  ...scribble,
  decides: transactionModels.map((model) => ({ model, dataModel: versionedRegisters, operations })),
};
const means = { milliseconds: 10_000, bytes: 2 ** 26, workers: 0 };

/** Each is over before the next begins. */
const history = (...done: readonly (readonly [process: number, input: Value, output: Value])[]): HistoryEvent[] =>
  done
    .flatMap(([process, input, output]) => [
      { process, f: 'txn', key: null, type: 'invoke' as const, value: input },
      { process, f: 'txn', key: null, type: 'ok' as const, value: { committed: true, parts: output } },
    ])
    .map((event, index) => ({ index, time: index * 1e6, ...event }));

const opens: Value = [
  ['c', 'alice', 0],
  ['w', 'alice', 100],
];
const stale = history([0, opens, opens], [1, [['r', 'alice', null]], [['r', 'alice', { value: null, version: 0 }]]]);

test('a read that is behind breaks the strict model alone, with its operations and the sentence', async () => {
  const found = await decide(transactionModels, bank, stale, means);
  const reports = [...found].map(([model, { valid }]) => ({ model, valid }));

  expect(reports.map(({ valid }) => valid)).toEqual([false, true, true]);
  expect(found.get('strict-serializable')).toMatchObject({
    summary: 'broken by 2 operations (G-single-realtime)',
    refutation: {
      sentence:
        "Process 1's transaction #2 saw version 0 of alice, although process 0's transaction #0 (which writes alice) had " +
        'replaced it and ended 1 ms before.',
      operations: [{ id: 0 }, { id: 2 }],
      verified: true,
    },
  });
  expect(found.get('serializable')?.summary).toBe('no circle in 2 transactions');
  expect(extremes(reports)).toEqual({ holds: ['session-serializable'], breaks: ['strict-serializable'] });
});

test('what the workload cannot decide is not decided', async () => {
  const models: readonly ModelName[] = ['strict-serializable', 'linearizable'];
  const found = await decide(models, { ...bank, decides: [] }, stale, means);

  expect([...found].map(([model, { valid, summary }]) => [model, valid, summary])).toEqual([
    ['strict-serializable', 'unknown', 'the workload scribble cannot decide it'],
    ['linearizable', 'unknown', 'the workload scribble cannot decide it'],
  ]);
});

test('a history that is none of transactions is an error of its own', async () => {
  const events = stale.map((event) => ({ ...event, f: 'write' }));
  await expect(decide(['strict-serializable'], bank, events, means)).rejects.toThrow(HistoryError);
});
