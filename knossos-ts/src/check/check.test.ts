import { expect, test } from 'vitest';
import type { TieRule } from '../intake/time-ties.ts';
import type { HistoryEvent, Operation } from '../history/operation.ts';
import { HistoryError } from '../history/history-error.ts';
import { allPairs } from '../testing/all-pairs.ts';
import { busyHistory } from '../testing/busy-history.ts';
import { eventsOf } from '../testing/events-of.ts';
import { Script } from '../testing/script.ts';
import { check, checkSync } from './check.ts';

const model = 'cas-register';

/** Keys 0 to `count` - 1, each with its own clients, one key after the other in time. */
function manyKeys(count: number, operations: number): Operation[] {
  return Array.from({ length: count }, (_, key) => {
    const history = busyHistory({ operations, clients: 10, info: 0.05, key, seed: key });
    const [processes, start] = [key * 10_000, key * operations];
    return history.map((operation) => ({
      ...operation,
      process: operation.process + processes,
      called: operation.called + start,
      returned: operation.returned + start,
      invokedAt: operation.invokedAt + start * 1e6,
      completedAt: operation.completedAt + start * 1e6,
    }));
  }).flat();
}

/** The last read of the key saw something that was never written. */
function spoil(history: readonly Operation[], key: number): Operation[] {
  const last = history.findLast((operation) => operation.key === key && operation.f === 'read');
  return history.map((operation) => (operation === last ? { ...operation, output: 'nothing' } : operation));
}

const hardKey = (key: string): HistoryEvent[] => allPairs(key, 7);

test('an empty history is valid', async () => {
  expect(await check([], { model })).toEqual({
    verdict: { valid: true },
    keys: [],
    summary: 'no operations',
    tied: 0,
    milliseconds: expect.any(Number) as number,
  });
});

test('it is told for each key which engine decided', () => {
  const unique = new Script('unique').does(1, 'write', 1, null).does(1, 'read', null, 1).events;
  const twice = new Script('twice').does(2, 'write', 1, null).does(2, 'write', 1, null).does(2, 'read', null, 1).events;
  const events = [...unique, ...twice].map((event, index) => ({ ...event, index }));

  const { keys } = checkSync(events, { model });
  const [list] = checkSync(new Script('list').does(1, 'append', 1, null).events, { model: 'list-append' }).keys;

  expect([...keys, list].map((one) => [one?.key, one?.engine, one?.verdict.valid])).toEqual([
    ['unique', 'chain-zone', true],
    ['twice', 'search', true],
    ['list', 'list-append', true],
  ]);
});

test('a witness is told where it is asked for, by whichever engine', () => {
  const script = new Script().invoke(1, 'write', 1).invoke(2, 'write', 2).invoke(3, 'write', 9);
  const both = script.does(4, 'read', null, 2).does(4, 'read', null, 1).ok(1, 'write').ok(2, 'write').events;
  const twice = new Script().does(1, 'write', 1, null).does(1, 'write', 1, null).does(2, 'read', null, 1).events;

  expect(checkSync(both, { model, witness: true }).verdict).toEqual({ valid: true, witness: [1, 3, 0, 5] });
  expect(checkSync(twice, { model, witness: true }).verdict).toEqual({ valid: true, witness: [0, 2, 4] });
  expect(checkSync(both, { model }).verdict).toEqual({ valid: true });
});

const at = (events: readonly HistoryEvent[], times: readonly number[]): HistoryEvent[] =>
  events.map((event, index) => ({ ...event, time: times[index] ?? 0 }));

test('events with one time are concurrent, unless it is said that they are ordered', () => {
  const inTurn = new Script().does(1, 'write', 1, null).does(2, 'write', 2, null).does(3, 'read', null, 1).events;
  const judged = (times: readonly number[], ties: TieRule = 'concurrent'): readonly unknown[] => {
    const { verdict, tied } = checkSync(at(inTurn, times), { model, ties });
    return [verdict.valid, tied];
  };

  expect(judged([1, 2, 3, 4, 5, 6])).toEqual([false, 0]);
  // The first write may come after the second one, or the read before that.
  expect(judged([1, 3, 3, 4, 5, 6])).toEqual([true, 2]);
  expect(judged([1, 2, 3, 4, 4, 6])).toEqual([true, 2]);
  expect(judged([7, 7, 7, 7, 7, 7])).toEqual([true, 6]);
  expect(judged([7, 7, 7, 7, 7, 7], 'ordered')).toEqual([false, 6]);
  // Within an operation, or with time going back, a tie says nothing of two operations.
  expect(judged([1, 1, 2, 2, 3, 3])).toEqual([false, 6]);
  expect(judged([3, 2, 3, 2, 3, 2])).toEqual([false, 0]);
});

test('a counterexample never says of two events with one time that one was before the other', () => {
  const script = new Script().does(1, 'write', 1, null).does(2, 'write', 2, null).does(3, 'read', null, 1);
  const { verdict } = checkSync(at(script.does(4, 'write', 3, null).events, [1, 2, 3, 4, 5, 5, 5, 6]), { model });
  if (verdict.valid !== false) throw new Error('it is stale');
  const { forced, operations } = verdict.counterexample;

  for (const { before, after } of forced.filter(({ rule }) => rule === 'real-time')) {
    const find = (id: number) => operations.find((operation) => operation.id === id);
    expect(find(before)?.completedAt).toBeLessThan(find(after)?.invokedAt ?? 0);
  }
});

test('a transaction ties its keys together, also where it has the time of another event', () => {
  const txn = (process: number, index: number, value: HistoryEvent['value'], type: 'invoke' | 'ok'): HistoryEvent => ({
    index,
    time: 5,
    process,
    type,
    f: 'txn',
    key: null,
    value,
  });
  const read: HistoryEvent = { index: 0, time: 5, process: 2, type: 'invoke', f: 'read', key: 'x', value: null };
  const parts = [
    ['w', 'x', 1],
    ['w', 'y', 1],
  ];
  const history = [
    read,
    txn(1, 1, parts, 'invoke'),
    txn(1, 2, parts, 'ok'),
    { ...read, index: 3, type: 'ok', value: 1 } as const,
  ];
  expect(checkSync(history, { model: 'key-value' }).verdict.valid).toBe(true);
});

test('the verdict of each key is told, and the worst wins', () => {
  const events = eventsOf(spoil(manyKeys(20, 50), 7));

  const analysis = checkSync(events, { model });

  expect(analysis.verdict.valid).toBe(false);
  expect(analysis.summary).toBe('19 of 20 keys proven; key 7 violated');
  expect(analysis.keys.map(({ key, operations, verdict }) => [key, operations, verdict.valid])).toEqual(
    Array.from({ length: 20 }, (_, key) => [key, 50, key !== 7]),
  );
});

test('a key that is not decided in time is unknown and says how far it got; the others are proven', async () => {
  const hard = hardKey('hard');
  const easy = new Script('easy').does(200, 'write', 1, null).does(200, 'read', null, 1);
  const events = [...hard, ...easy.events.map((event) => ({ ...event, index: event.index + hard.length }))];

  const analysis = await check(events, { model, budget: { milliseconds: 300 } });

  expect(analysis.summary).toBe('1 of 2 keys proven; key hard undecided');
  expect(analysis.verdict).toEqual({
    valid: 'unknown',
    reason: 'time',
    detail: expect.stringMatching(
      /^1 of 2 keys proven; key hard undecided \(key hard: stopped after \d+ ms and \d+ MiB: an order was found for the first \d+ of 45 returns, where operation \d+ \(cas by process \d+\) returns; more time, values that are written only once, or fewer clients per key would help\)$/,
    ) as string,
  });
  expect(analysis.milliseconds).toBeLessThan(2_000);
});

test('a key that takes too much memory is unknown', async () => {
  const analysis = await check(hardKey('hard'), { model, budget: { bytes: 200_000 } });

  expect(analysis.verdict).toMatchObject({ valid: 'unknown', reason: 'memory' });
});

test('an abort ends a check at once, with what it has', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);

  const analysis = await check(hardKey('hard'), { model, signal: controller.signal });

  expect(analysis.verdict).toMatchObject({ valid: 'unknown', reason: 'aborted' });
  expect(analysis.milliseconds).toBeLessThan(5_000);
});

test('a checker that throws is unknown with its reason', () => {
  const events = new Script().does(1, 'increment', 1, null).events;

  expect(checkSync(events, { model }).verdict).toEqual({
    valid: 'unknown',
    reason: 'error',
    detail:
      '0 of 1 key proven; key 17 undecided (key 17: A cas-register has read, write, delete and cas; operation 0 is increment)',
  });
});

test('a malformed history is an error and no verdict', async () => {
  await expect(check(new Script().ok(1, 'read', 1).events, { model })).rejects.toThrow(HistoryError);
});

test('the initial value can be given', () => {
  const { events } = new Script().does(1, 'read', null, 0);

  expect(checkSync(events, { model: 'register', initial: 0 }).verdict.valid).toBe(true);
  expect(checkSync(events, { model: 'register' }).verdict.valid).toBe(false);
});

test('threads give the same verdicts as the calling one', { timeout: 60_000 }, async () => {
  const events = eventsOf(spoil(manyKeys(250, 100), 99));

  const threaded = await check(events, { model, workers: 2 });
  const inline = await check(events, { model, workers: 0 });

  expect(threaded.summary).toBe('249 of 250 keys proven; key 99 violated');
  expect({ ...threaded, milliseconds: 0 }).toEqual({ ...inline, milliseconds: 0 });
});

test('threads keep the budget and can be aborted, and what they had proven stays', { timeout: 60_000 }, async () => {
  const easy = eventsOf(manyKeys(250, 100));
  const hard = hardKey('hard').map((event) => ({
    ...event,
    index: event.index + easy.length,
    process: 9e9 + Number(event.process),
  }));
  const events = [...easy, ...hard];
  const late = new AbortController();
  setTimeout(() => late.abort(), 7_000);

  const timed = await check(events, { model, workers: 2, budget: { milliseconds: 6_000 } });
  const aborted = await check(events, { model, workers: 2, signal: late.signal });

  expect(timed.verdict).toMatchObject({ valid: 'unknown', reason: 'time' });
  expect(timed.summary).toBe('250 of 251 keys proven; key hard undecided');
  expect(aborted.verdict).toMatchObject({ valid: 'unknown', reason: 'aborted' });
});
