/** The second opinion on proofs against queues: true of every proof that is found, and of no legal history. */
import { expect, test } from 'vitest';
import { checkSync } from '../../check/check.ts';
import type { HistoryEvent, Operation } from '../../history/operation.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { fifoQueue } from '../../models/fifo-queue.ts';
import { models } from '../../models/catalogue.ts';
import { busyQueue } from '../../testing/busy-queue.ts';
import { randomHistory } from '../../testing/random-history.ts';
import { Script } from '../../testing/script.ts';
import { below, pick, seeded } from '../../testing/seeded.ts';
import { bruteForceLimit, hasLegalOrder } from '../brute-force.ts';
import { findFlaw } from './find-flaw.ts';
import { isRefuted } from './queue-verifier.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test.each(['fifo-queue', 'unordered-queue'] as const)(
  `%s: it agrees with what is found, and refutes no part of a legal history (${runs} histories, seed ${seed})`,
  { timeout: 60_000 + runs * 2 },
  (name) => {
    const counts = { found: 0, refuted: 0, legal: 0 };
    for (let run = 0; run < runs; run++) {
      const random = seeded(seed + run);
      const { initial, operations } = randomHistory(name, random);
      const model = models[name](initial);
      const flaw = findFlaw(model, operations);
      const told = JSON.stringify({ seed: seed + run, initial, operations });
      if (flaw !== undefined) {
        counts.found++;
        if (!isRefuted(model, flaw.operations, flaw.subject, operations)) throw new Error(`Not verified: ${told}`);
        continue;
      }
      const subjects = operations.filter(({ f, type }) => f === 'dequeue' && type === 'ok');
      if (subjects.length === 0) continue;
      const subject = pick(random, subjects);
      const some = operations.filter((one) => one === subject || below(random, 4) > 0);
      const isLegal = hasLegalOrder(model, operations);
      counts.legal += Number(isLegal);
      if (!isRefuted(model, some, subject, operations)) continue;
      counts.refuted++;
      if (isLegal) throw new Error(`Refuted, and legal: ${told}`);
    }
    console.log(name, counts);
    expect(Math.min(counts.found, counts.legal)).toBeGreaterThan(runs / 20);
  },
);

/** Values that nobody returned, and one dequeue of unknown outcome fewer. */
function crowd(values: number, last: (script: Script) => Script): HistoryEvent[] {
  let script = new Script();
  for (let value = 1; value <= values; value++) script = script.does(1, 'enqueue', value, null);
  for (let taker = 1; taker < values; taker++)
    script = script.invoke(100 + taker, 'dequeue').info(100 + taker, 'dequeue');
  return [...last(script).events];
}

test.each([
  ['overtook them', (script: Script) => script.does(1, 'enqueue', 'last', null).does(2, 'dequeue', null, 'last')],
  ['found nothing there', (script: Script) => script.does(2, 'dequeue', null, null)],
])('a proof with twenty values is verified where a dequeue %s, and falls with any of them', (_, last) => {
  const events = crowd(20, last);
  const operations = pairOperations(events);
  const { verdict } = checkSync(events, { model: 'fifo-queue' });
  if (verdict.valid !== false) throw new Error(`It is ${verdict.valid}`);
  const { counterexample } = verdict;
  const proof = counterexample.operations;
  const subject = operations.at(-1) as Operation;
  const isSo = (part: readonly Operation[], history: readonly Operation[]): boolean =>
    isRefuted(fifoQueue(null), part, subject, history);

  expect(proof.length).toBeGreaterThan(bruteForceLimit);
  expect(counterexample.verified).toBe(true);
  expect(isSo(operations, operations)).toBe(true);
  for (const gone of operations.filter(({ f, input }) => f === 'enqueue' && input !== 'last')) {
    const rest = operations.filter((one) => one !== gone);
    expect(isSo(rest, operations)).toBe(false);
    expect(isSo(operations, rest)).toBe(false);
    // One of unknown outcome need not have happened.
    const unsure = operations.map((one) =>
      one === gone ? { ...one, type: 'info' as const, returned: Infinity } : one,
    );
    expect(isSo(unsure, unsure)).toBe(false);
  }
  const another = { ...(operations.find(({ type }) => type === 'info') as Operation), id: -1 };
  expect(isSo(operations, [...operations, another])).toBe(false);
});

test('a proof names no value that was not in yet, and shows who took one that a dequeue of unknown outcome might have', () => {
  const { events } = new Script()
    .does(1, 'enqueue', 6, null)
    .invoke(2, 'enqueue', 13)
    .invoke(3, 'dequeue')
    .ok(2, 'enqueue')
    .invoke(4, 'dequeue')
    .info(4, 'dequeue')
    .invoke(5, 'enqueue', 17)
    .ok(3, 'dequeue', null)
    .ok(5, 'enqueue')
    .does(1, 'dequeue', null, 13);
  const { verdict } = checkSync(events, { model: 'fifo-queue' });
  if (verdict.valid !== false) throw new Error(`It is ${verdict.valid}`);
  const { sentence, operations, verified } = verdict.counterexample;
  expect(sentence).toBe(
    'Process 3 found the queue empty on key 17, although at no moment while it ran can it have been empty: 13 and 6 were in it; nobody returned 6, and no dequeue of unknown outcome may have taken one in time.',
  );
  expect(operations.map(({ id }) => id)).toEqual([0, 2, 3, 5, 10]);
  expect(verified).toBe(true);
});

test(`so are those against long histories of unique values (seed ${seed})`, () => {
  const random = seeded(seed);
  let large = 0;
  for (let run = 0; run < 300; run++) {
    const info = pick(random, [0.1, 0.4]);
    const load = { operations: 400, clients: pick(random, [3, 20]), info, enqueues: pick(random, [0.4, 0.5, 0.8]) };
    const events = spoilt(busyQueue(random, load), below(random, 400));
    for (const model of ['fifo-queue', 'unordered-queue'] as const) {
      const { verdict } = checkSync(events, { model });
      if (verdict.valid !== false) continue;
      const { operations, verified, sentence } = verdict.counterexample;
      if (!verified) throw new Error(`Not verified: ${sentence}`);
      large += Number(operations.length > bruteForceLimit);
    }
  }
  console.log(`${large} proofs of more than ${bruteForceLimit} operations`);
  expect(large).toBeGreaterThan(5);
});

/** From some place on, the first dequeue that returned a value found nothing. */
function spoilt(events: readonly HistoryEvent[], from: number): HistoryEvent[] {
  const at = events.findIndex(
    ({ f, type, value }, place) => place >= from && f === 'dequeue' && type === 'ok' && value !== null,
  );
  return events.map((event, place) => (place === at ? { ...event, value: null } : event));
}
