import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasLegalOrder } from '../explain/brute-force.ts';
import type { Operation } from '../history/operation.ts';
import { pairOperations } from '../history/pair-operations.ts';
import { appendString } from '../models/append-string.ts';
import { casRegister } from '../models/cas-register.ts';
import { fifoQueue } from '../models/fifo-queue.ts';
import { Rejection, type Model } from '../models/model.ts';
import { putIfAbsent } from '../models/put-if-absent.ts';
import { busyHistory } from '../testing/busy-history.ts';
import { mustBeLegalOrder } from '../testing/legal-order.ts';
import { Script } from '../testing/script.ts';
import { searchFor } from './search.ts';

const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);
const legal = (history: readonly Operation[], model: Model<never> = casRegister(null) as Model<never>): unknown =>
  searchFor(model, history).advance(1_000_000)?.legal;

test('the order that explains a long legal history is found, and is legal step by step', () => {
  const history = busyHistory({ operations: 2_000, clients: 10, info: 0.05 });
  const search = searchFor(casRegister(null), history);

  expect(search.advance(1_000_000)).toEqual({ legal: true });
  mustBeLegalOrder(casRegister(null), history, search.order() ?? []);
});

test('more pending operations than a number has bits are no obstacle', () => {
  const script = new Script();
  for (let process = 0; process < 80; process++) script.invoke(process, 'write', process);
  script.does(100, 'read', null, 71).does(100, 'read', null, 13);
  const stale = new Script();
  stale.events.push(...script.events);
  for (let process = 0; process < 80; process++) script.ok(process, 'write');

  expect(legal(pairOperations(script.does(100, 'read', null, 79).events))).toBe(true);
  // 71, 13, 71: one of the two values would have had to be written twice.
  expect(legal(pairOperations(stale.does(100, 'read', null, 71).events))).toBe(false);
});

test('operations at the same position are concurrent', () => {
  const [write, read] = pairOperations(new Script().does(1, 'write', 1, null).does(2, 'read', null, null).events);

  expect(legal([write!, { ...read!, called: write!.returned }])).toBe(true);
  expect(legal([write!, read!])).toBe(false);
});

test.each([0, 1])(
  'the order of enqueues that nobody sees the end of is not searched (%i dequeues unsure)',
  (unsure) => {
    const script = new Script();
    for (let process = 0; process < 12; process++) script.invoke(process, 'enqueue', process);
    for (let process = 0; process < unsure; process++)
      script.invoke(30 + process, 'dequeue').info(30 + process, 'dequeue');
    script.does(20, 'dequeue', null, 'what nobody put there');
    for (let process = 0; process < 12; process++) script.ok(process, 'enqueue');
    const search = searchFor(fifoQueue(null), pairOperations(script.events));

    expect(search.advance(10_000)?.legal).toBe(false);
  },
);

test('an info write that a refused cas shows to have happened is not dropped', () => {
  const script = new Script().does(1, 'write', 0, null).invoke(2, 'write', 1).info(2, 'write');
  script.does(3, 'cas', [0, 5], { swapped: false });

  expect(legal(pairOperations(script.events))).toBe(true);
});

test('a write of the value that is there already is a write: it can still come last', () => {
  // The second write of 5 is needed after the write of 6; seen as read-only, it would be spent before.
  const script = new Script().does(1, 'write', 5, null).invoke(2, 'write', 5);
  script.does(3, 'write', 6, null).does(4, 'read', null, 6).does(4, 'read', null, 5).ok(2, 'write');

  expect(legal(pairOperations(script.events))).toBe(true);
});

test('a search that is stopped says how far it got, and goes on from there', () => {
  const search = searchFor(casRegister(null), busyHistory({ operations: 200, clients: 5 }));

  expect(search.advance(1)).toBeUndefined();
  expect(search.reached).toBeUndefined();
  while (search.reached === undefined || search.reached.events === 0) expect(search.advance(1)).toBeUndefined();
  expect(search.reached.next?.type).toBe('ok');
  expect(search.bytes).toBeGreaterThan(0);
  expect(search.order(1)).toBeUndefined();
  expect(search.advance(1_000_000)).toEqual({ legal: true });
});

test('a piece of work stays small, however much is pending', () => {
  const width = 10_000;
  const script = new Script();
  for (let process = 0; process < width; process++) script.invoke(process, 'write', process);
  for (const value of [3, 5, 3]) script.does(width, 'read', null, value);
  for (let process = 0; process < width; process++) script.ok(process, 'write');
  const search = searchFor(casRegister(null), pairOperations(script.events));
  while (search.reached === undefined) search.advance(1);

  const pieces = Array.from({ length: 20 }, () => {
    const before = search.work;
    search.advance(500);
    return search.work - before;
  });

  // One look at all that is pending is the least there is.
  expect(Math.max(...pieces)).toBeLessThan(width * 1.5);
  expect(search.work).toBeGreaterThan(20 * 500);
});

/** Additions accumulate, so it must not claim that mutators overwrite. */
const counter = (overwrites: boolean): Model<number> => ({
  name: 'counter',
  init: 0,
  step: (state, { f, input, output }) =>
    f === 'add' ? state + (input as number) : output === state ? state : new Rejection(() => `the count is ${state}`),
  key: (state) => state,
  readOnly: ({ f }) => f === 'read',
  overwrites,
  describe: String,
});

const counterHistory: fc.Arbitrary<Operation[]> = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 2 }), fc.nat(6), fc.nat(8), fc.nat(4), fc.boolean()), {
    minLength: 2,
    maxLength: 8,
  })
  .map((drafts) =>
    drafts.map(([isAdd, amount, sum, called, length, unknown], id) => ({
      id,
      process: id,
      f: isAdd ? 'add' : 'read',
      key: 'k',
      input: isAdd ? amount : null,
      type: isAdd && unknown ? 'info' : 'ok',
      output: isAdd ? null : sum,
      called,
      returned: isAdd && unknown ? Infinity : called + length,
      invokedAt: called,
      completedAt: called + length,
    })),
  );

test(`a model whose operations accumulate is judged rightly (seed ${seed})`, () => {
  const seen = { true: 0, false: 0 };
  const property = fc.property(counterHistory, (history) => {
    const expected = hasLegalOrder(counter(false), history);
    seen[`${expected}`]++;
    expect(legal(history, counter(false) as Model<never>)).toBe(expected);
  });
  fc.assert(property, { numRuns: 5_000, seed });
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(100);
});

test.each([8, 9, 10])('a state that can be reached in two ways keeps both: 6 and then %i', (sum) => {
  // 6 is 2 + 4 or 3 + 3; what is left then is 3 and 3, or 2 and 4.
  const script = new Script();
  for (const [process, amount] of [2, 4, 3, 3].entries()) script.invoke(process, 'add', amount).info(process, 'add');
  const history = pairOperations(script.does(9, 'read', null, 6).does(9, 'read', null, sum).events);

  expect(legal(history, counter(false) as Model<never>)).toBe(true);
});

test('a model that wrongly claims to overwrite is wrongly accused, which is why the claim is off by default', () => {
  const script = new Script().invoke(1, 'add', 1).info(1, 'add').invoke(2, 'add', 1).info(2, 'add');
  const history = pairOperations(script.does(3, 'read', null, 2).events);

  expect(legal(history, counter(false) as Model<never>)).toBe(true);
  expect(legal(history, counter(true) as Model<never>)).toBe(false);
});

test('an info write that changes nothing may be needed to hide another, for a text and for a register', () => {
  const text = new Script().invoke(1, 'append', 'b').invoke(2, 'put', 'a').info(2, 'put').does(3, 'append', 'a', null);
  text.invoke(4, 'put', 'b').ok(1, 'append').ok(4, 'put').does(5, 'get', null, 'ab');
  const lock = new Script().invoke(2, 'write', 2);
  lock.invoke(3, 'write', null).info(3, 'write').does(4, 'insert', 1, { inserted: true }).ok(2, 'write');
  lock.does(5, 'read', null, 1);

  expect(legal(pairOperations(text.events), appendString(null) as Model<never>)).toBe(true);
  expect(legal(pairOperations(lock.events), putIfAbsent(null) as Model<never>)).toBe(true);
});
