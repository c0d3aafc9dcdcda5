import type { HistoryEvent } from 'knossos-ts';
import { consistencyModels } from 'knossos-ts';
import { expect, test } from 'vitest';
import type { Workload } from '../generators/workload.ts';
import type { ModelName } from '../protocol/system.ts';
import { decide, extremes } from './decide.ts';
import { scribble } from './testing/fake-test.ts';

const limits = { milliseconds: 10_000, bytes: 2 ** 26, workers: 0 };
const operations = ['read', 'write'];
const workload: Workload = {
  ...scribble,
  decides: consistencyModels.map((model) => ({ model, dataModel: 'cas-register', operations })),
};

/** `0 w 1`: process 0 writes 1 to x; each operation is over before the next begins. */
const history = (...lines: readonly string[]): HistoryEvent[] =>
  lines
    .flatMap((line) => {
      const [process, f, value] = line.split(' ');
      const call = { process: Number(process), f: f === 'w' ? 'write' : 'read', key: 'x' };
      const wrote = f === 'w' ? Number(value) : null;
      return [
        { ...call, type: 'invoke' as const, value: wrote },
        { ...call, type: 'ok' as const, value: Number(value) },
      ];
    })
    .map((event, index) => ({ index, time: index, ...event }));

const verdicts = async (models: readonly ModelName[], events: readonly HistoryEvent[], of: Workload = workload) =>
  Object.fromEntries(
    [...(await decide(models, of, events, limits))].map(([model, { valid, impliedBy }]) => [model, [valid, impliedBy]]),
  );

test('what is linearizable keeps every weaker model, and is not searched for them', async () => {
  expect(await verdicts(['linearizable', 'sequential', 'pram'], history('0 w 1', '1 r 1'))).toEqual({
    linearizable: [true, undefined],
    sequential: [true, 'linearizable'],
    pram: [true, 'linearizable'],
  });
});

test('a stale read of another process breaks linearizability and not sequential consistency', async () => {
  const stale = history('0 w 1', '0 w 2', '1 r 1');
  expect(await verdicts(['linearizable', 'sequential'], stale)).toEqual({
    linearizable: [false, undefined],
    sequential: [true, undefined],
  });
  expect(await verdicts(['sequential'], stale)).toEqual({ sequential: [true, undefined] });
});

test('a process that does not see its own write breaks the claim, which names the weakest model and the sentence', async () => {
  const found = await decide(['sequential', 'read-your-writes'], workload, history('0 w 1', '0 w 2', '0 r 1'), limits);

  expect(found.get('sequential')).toMatchObject({ valid: false, impliedBy: 'read-your-writes' });
  expect(found.get('sequential')?.refutation?.sentence).toContain(
    'although the same process had already done its write of 2',
  );
});

test('a model that the workload cannot decide is unknown, with the reason', async () => {
  const found = await decide(['sequential'], scribble, history('0 w 1', '0 w 2', '1 r 1'), limits);

  expect(found.get('sequential')).toMatchObject({
    valid: 'unknown',
    summary: 'the workload scribble cannot decide it',
  });
});

test('the extremes are the strongest that hold and the weakest that are broken', () => {
  const report = (model: ModelName, valid: boolean) => ({ model, valid });
  expect(
    extremes([
      report('linearizable', false),
      report('sequential', false),
      report('causal', true),
      report('monotonic-reads', true),
      report('read-your-writes', true),
    ]),
  ).toEqual({ holds: ['causal', 'monotonic-reads'], breaks: ['sequential'] });
});
