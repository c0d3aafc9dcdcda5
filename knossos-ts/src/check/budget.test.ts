/** No budget and no abort is overrun by more than a second, and the event loop stays free. */
import { expect, test } from 'vitest';
import { searchFor } from '../engines/search.ts';
import type { HistoryEvent } from '../history/operation.ts';
import { pairOperations } from '../history/pair-operations.ts';
import { casRegister } from '../models/cas-register.ts';
import { allPairs } from '../testing/all-pairs.ts';
import { Script } from '../testing/script.ts';
import type { Verdict } from '../verdict.ts';
import { checkModels, checkModelsSync } from '../weak/check-models.ts';
import type { ModelsAnalysis, ModelVerdict } from '../weak/verdict.ts';
import { checkModel } from './check-model.ts';
import { check, checkSync } from './check.ts';
import { KeyTask } from './key-task.ts';

const model = 'cas-register';
const overrun = 1_000;
const short = { milliseconds: 30 };

const reasonIn = (verdict: Verdict | ModelVerdict): string | undefined =>
  verdict.valid === 'unknown' ? verdict.reason : undefined;

const reasonOf = ({ verdicts }: ModelsAnalysis): string =>
  [...new Set([...verdicts.values()].map(reasonIn))].join(' and ');

/** All at the same time, and values in turn. Where no two writes are of one value, that cannot be. */
function overlapping(writes: number, values = writes): HistoryEvent[] {
  const script = new Script();
  for (let process = 0; process < writes; process++) script.invoke(process, 'write', process % values);
  for (const value of [3, 5, 3]) script.does(writes, 'read', null, value % values);
  for (let process = 0; process < writes; process++) script.ok(process, 'write');
  return script.events;
}

function oneAfterTheOther(writes: number): Script {
  const script = new Script();
  for (let value = 0; value < writes; value++) script.does(value % 5, 'write', value, null);
  return script;
}

/** Each would need what the one before it may have left. */
function chainOfUnknown(length: number): HistoryEvent[] {
  const script = new Script().does(0, 'write', 1, null);
  for (let process = 1; process < length; process++) {
    script.invoke(process, 'cas', [process + 1, process + 2]).info(process, 'cas');
  }
  return script.does(length, 'read', null, 1).events;
}

const histories: readonly (readonly [string, readonly HistoryEvent[], number, isLegal: boolean])[] = [
  ['400 overlapping writes', overlapping(400), 500, false],
  ['2,000 overlapping writes', overlapping(2_000), 500, false],
  ['2,000 overlapping writes of two values', overlapping(2_000, 2), 500, true],
  ['300,000 writes in a row', oneAfterTheOther(300_000).events, 100, true],
  ['300,000 writes in a row that are read in time', oneAfterTheOther(300_000).events, 900, true],
  ['a chain of 20,000 unknown cas', chainOfUnknown(20_000), 500, true],
];

test.each(histories)('%s end about when their time is up', { timeout: 60_000 }, async (...history) => {
  const [, events, milliseconds, isLegal] = history;
  const budget = { milliseconds };
  const sync = checkSync(events, { model, budget });

  let [longest, seen] = [0, performance.now()];
  const pulse = setInterval(() => {
    longest = Math.max(longest, performance.now() - seen);
    seen = performance.now();
  }, 1);
  const async = await check(events, { model, budget });
  clearInterval(pulse);

  expect(sync.milliseconds).toBeLessThan(milliseconds + overrun);
  expect(async.milliseconds).toBeLessThan(milliseconds + overrun);
  expect(longest).toBeLessThan(overrun);
  for (const { verdict } of [sync, async]) expect([isLegal, 'unknown']).toContain(verdict.valid);
});

test('an abort is heard while 1,600 overlapping cas are searched', async () => {
  const events = allPairs('17', 40);
  const controller = new AbortController();
  let aborted = Infinity;
  setTimeout(() => {
    aborted = performance.now();
    controller.abort();
  }, 50);

  const { verdict } = await check(events, { model, signal: controller.signal });

  expect(verdict).toMatchObject({ valid: 'unknown', reason: 'aborted' });
  expect(performance.now() - aborted).toBeLessThan(overrun);
});

test('a history that was not read to its end is undecided, whatever its beginning says', () => {
  const { events } = new Script().does(1, 'read', null, 'from nowhere');
  const more = oneAfterTheOther(10_000).events.map((event) => ({ ...event, index: event.index + events.length }));

  const { verdict, summary, keys } = checkSync([...events, ...more], { model, budget: { milliseconds: 0 } });

  expect(summary).toBe('undecided: stopped while the history was read, after 2,000 events');
  expect(verdict).toEqual({ valid: 'unknown', reason: 'time', detail: summary });
  expect(keys.map((one) => [one.key, one.operations, one.verdict.valid])).toEqual([['17', 1_000, 'unknown']]);
});

/** Longer than anybody wants to wait for; told is how far it was read. */
function* withoutEnd(read: { events: number }): Generator<HistoryEvent> {
  const place = { process: 0, f: 'write', key: 'x' };
  for (let index = 0; index < 2_000_000; index++) {
    read.events++;
    yield { ...place, index, time: index, type: index % 2 === 0 ? 'invoke' : 'ok', value: index >> 1 };
  }
}

test.each<[string, (history: Iterable<HistoryEvent>) => string | undefined]>([
  [
    'the models',
    (history) => reasonOf(checkModelsSync(history, { models: ['causal', 'linearizable'], budget: short })),
  ],
  ['a model of the caller', (history) => reasonIn(checkModel(history, casRegister(null), { budget: short }).verdict)],
  ['linearizability', (history) => reasonIn(checkSync(history, { model, budget: short }).verdict)],
])('a history without end is not read on when the time of a check of %s is up', (_, reason) => {
  const read = { events: 0 };
  expect([reason(withoutEnd(read)), read.events < 2_000_000]).toEqual(['time', true]);
});

test(
  'a violation by way of 1,600 cas of unknown outcome is told about when its time is up',
  { timeout: 60_000 },
  () => {
    const script = new Script().does(0, 'write', 1, null);
    for (let process = 1; process < 1_600; process++) {
      script.invoke(process, 'cas', [process, process + 1]).info(process, 'cas');
    }
    const { events } = script.does(1_600, 'read', null, 1_600).does(1_600, 'read', null, 1);

    const { verdicts, milliseconds } = checkModelsSync(events, { models: ['causal'], budget: { milliseconds: 500 } });

    expect(verdicts.get('causal')).toMatchObject({ valid: false, counterexample: { verified: true } });
    expect(milliseconds).toBeLessThan(500 + overrun);
  },
);

test('an abort is heard between one model and the next', async () => {
  const events = oneAfterTheOther(10).events;
  const controller = new AbortController();
  setImmediate(() => controller.abort());

  const { verdicts } = await checkModels(events, { models: ['causal', 'pram'], signal: controller.signal });

  expect([...verdicts.values()].map(reasonIn)).toEqual(['aborted', 'aborted']);
});

test('a stale read after 50,000 writes is told with what is near it', { timeout: 60_000 }, () => {
  const { events } = oneAfterTheOther(50_000).does(9, 'read', null, 5);

  const { verdict } = checkSync(events, { model });

  expect(verdict).toMatchObject({ valid: false, counterexample: { verified: true, operations: { length: 3 } } });
});

test('whenever an explanation is given up, the key stays violated, by operations that have no legal order', () => {
  const operations = pairOperations(oneAfterTheOther(2_000).does(9, 'read', null, 5).events);
  const sizes: number[] = [];
  for (let looks = 1; sizes.at(-1) !== 3; looks++) {
    const task = new KeyTask(casRegister(null), '17', operations);
    let verdict = task.giveUp('time');
    for (let look = 0; look < looks; look++) verdict = task.advance(-Infinity, () => 0) ?? task.giveUp('time');
    if (verdict.valid === 'unknown' && sizes.length === 0) continue;
    if (verdict.valid !== false) throw new Error(`After ${looks} looks it is ${verdict.valid}`);
    const { counterexample } = verdict;
    expect(searchFor(casRegister(null), counterexample.operations).advance(Infinity)?.legal).toBe(false);
    expect(counterexample.operations.map(({ id }) => id)).toContain(counterexample.impossible);
    sizes.push(counterexample.operations.length);
  }
  expect(sizes[0]).toBe(2_001);
  expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
  expect(new Set(sizes).size).toBeGreaterThan(2);
});
