import { describe, expect, test } from 'vitest';
import { checkSync } from '../../check/check.ts';
import type { Operation, Value } from '../../history/operation.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { below, seeded } from '../../testing/seeded.ts';
import { Script } from '../../testing/script.ts';
import { linearizability } from '../linearizability.ts';
import { deltaAtomicity } from './delta.ts';
import { withEarlierReads } from './earlier-reads.ts';
import { stalenessOf } from './staleness.ts';
import { summaryOf } from './summary.ts';

const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('the staleness of a read', () => {
  test('counts no write as newer than itself, even if somebody read it before it began', () => {
    const { events } = new Script().does(1, 'read', null, 5).does(2, 'write', 5, null).does(1, 'read', null, 5);

    expect(stalenessOf(pairOperations(events)).reads).toMatchObject({ count: 2, stale: 0 });
  });

  test('is how many surely newer writes had completed before it, and since when the first of them had', () => {
    // Given three writes one after the other, each a millisecond long, and then a read of the first.
    const { events } = new Script()
      .does(1, 'write', 1, null)
      .does(1, 'write', 2, null)
      .does(1, 'write', 3, null)
      .does(2, 'read', null, 1);

    const { reads, worst } = stalenessOf(pairOperations(events));

    // The second write completed at 4 ms, and the read began at 7 ms.
    expect({ k: worst?.k, t: worst?.t }).toEqual({ k: 2, t: 3e6 });
    expect(reads.k).toEqual({
      p50: 2,
      p99: 2,
      max: 2,
      histogram: [
        { upTo: 0, count: 0 },
        { upTo: 1, count: 0 },
        { upTo: 2, count: 1 },
      ],
    });
  });

  test('is nothing where the writes overlapped, since nobody knows which came first', () => {
    const { events } = new Script()
      .invoke(1, 'write', 1)
      .invoke(2, 'write', 2)
      .ok(1, 'write')
      .ok(2, 'write')
      .does(3, 'read', null, 1);
    expect(stalenessOf(pairOperations(events)).reads.k.max).toBe(0);
  });

  test('counts a write as done once somebody has read it', () => {
    const { events } = new Script()
      .invoke(1, 'write', 1)
      .does(2, 'read', null, 1)
      .does(3, 'write', 2, null)
      .ok(1, 'write')
      .does(2, 'read', null, 1);
    expect(stalenessOf(pairOperations(events)).worst?.k).toBe(1);
  });

  test('is that of the value where a register holds lists, whatever their last elements are', () => {
    const fresh = new Script('x')
      .does(1, 'write', 2, null)
      .does(1, 'write', [1, 2], null)
      .does(2, 'read', null, [1, 2]);
    const stale = new Script('x')
      .does(1, 'write', [], null)
      .does(1, 'write', [2], null)
      .does(1, 'write', [1, 2], null)
      .does(2, 'read', null, []);
    expect(stalenessOf(pairOperations(fresh.events))).toMatchObject({ reads: { count: 1, stale: 0 }, undecided: 0 });
    expect(stalenessOf(pairOperations(stale.events))).toMatchObject({ reads: { count: 1, stale: 1 }, worst: { k: 2 } });
  });

  test('is that of the last element where elements are appended, and unknown where values are written, too', () => {
    const lists = new Script('x')
      .does(1, 'append', [1], null)
      .does(1, 'append', [2], null)
      .does(2, 'read', null, [[1]]);
    const both = new Script('x').does(1, 'append', 1, null).does(1, 'write', [2], null).does(2, 'read', null, [1]);
    expect(stalenessOf(pairOperations(lists.events))).toMatchObject({ reads: { count: 1, stale: 1 }, worst: { k: 1 } });
    expect(stalenessOf(pairOperations(both.events))).toMatchObject({ reads: { count: 0 }, undecided: 1 });
  });

  test(`is what counting by the definition gives (seed ${seed})`, () => {
    const random = seeded(seed);
    for (let run = 0; run < 500; run++) {
      const operations = overlapping(random);
      const { reads, worst } = stalenessOf(operations, 0);
      const counted = operations.filter(({ f }) => f === 'read').map((read) => byDefinition(read, operations));
      expect(reads.k.max).toBe(Math.max(...counted.map(({ k }) => k), 0));
      expect(reads.t.max).toBe(Math.max(...counted.map(({ t }) => t), 0));
      expect(reads.stale).toBe(counted.filter(({ k }) => k > 0).length);
      expect(worst === undefined).toBe(reads.stale === 0);
    }
  });
});

test('quantiles are values that occur, and the bounds of the histogram double', () => {
  expect(summaryOf([0, 0, 0, 5, 9])).toEqual({
    p50: 0,
    p99: 9,
    max: 9,
    histogram: [
      { upTo: 0, count: 3 },
      { upTo: 1, count: 0 },
      { upTo: 2, count: 0 },
      { upTo: 4, count: 0 },
      { upTo: 8, count: 1 },
      { upTo: 16, count: 1 },
    ],
  });
  expect(summaryOf([])).toEqual({ p50: 0, p99: 0, max: 0, histogram: [] });
});

describe('Delta-atomicity', () => {
  test('is the time by which a read was late', () => {
    const { events } = new Script()
      .does(1, 'write', 1, null)
      .does(1, 'write', 2, null)
      .wait(50)
      .does(2, 'read', null, 1);
    const operations = pairOperations(events);

    const found = deltaAtomicity(operations, linearizability(), null, 1);

    // The second write returned at 4 ms; the read began 50 ms after that. It must have begun by then to have seen 1.
    expect(found).toEqual({ kind: 'delta', delta: 50e6 });
    expect(linearizability()(withEarlierReads(operations, 50e6, isRead), null)).toBe(true);
    expect(linearizability()(withEarlierReads(operations, 50e6 - 1, isRead), null)).toBe(false);
  });

  test('is 0 for what is linearizable, and does not exist where time is no excuse', () => {
    const fine = new Script().does(1, 'write', 1, null).does(2, 'read', null, 1);
    const thinAir = new Script().does(1, 'write', 1, null).does(2, 'read', null, 7);
    const lost = new Script().does(1, 'cas', [null, 1], { swapped: true }).does(2, 'cas', [null, 2], { swapped: true });
    expect(deltaAtomicity(pairOperations(fine.events), linearizability())).toEqual({ kind: 'delta', delta: 0 });
    expect(deltaAtomicity(pairOperations(thinAir.events), linearizability())).toEqual({ kind: 'none' });
    expect(deltaAtomicity(pairOperations(lost.events), linearizability())).toEqual({ kind: 'none' });
  });

  test('is the largest of all keys, in whatever order they come', () => {
    const late = (key: string, process: number, by: number) =>
      new Script(key)
        .does(process, 'write', 1, null)
        .does(process, 'write', 2, null)
        .wait(by)
        .does(process + 1, 'read', null, 1);
    for (const [one, other] of [
      [50, 20],
      [20, 50],
    ] as const) {
      const events = [...late('x', 1, one).events, ...late('y', 3, other).events];
      const operations = pairOperations(events.map((event, index) => ({ ...event, index })));
      expect(deltaAtomicity(operations, linearizability(), null, 1)).toEqual({ kind: 'delta', delta: 50e6 });
    }
  });

  test(`leaves as it is what needs no earlier read, and says so as the checker does (seed ${seed})`, () => {
    const random = seeded(seed + 1);
    for (let run = 0; run < 100; run++) {
      const operations = overlapping(random);
      const found = deltaAtomicity(operations, linearizability(), 0, 1);
      const { verdict } = checkSync(eventsOf(operations), { model: 'cas-register', initial: 0 });
      expect(found.kind === 'delta' && found.delta === 0).toBe(verdict.valid);
    }
  });
});

const isRead = ({ f }: Operation): boolean => f === 'read';

/** Writes and reads of one register that overlap; a read returns anything that was ever written. */
function overlapping(random: () => number): Operation[] {
  const times = Array.from({ length: 12 }, (_, at) => at).toSorted(() => random() - 0.5);
  const spans = Array.from(
    { length: 6 },
    (_, number) => [times[2 * number], times[2 * number + 1]] as [number, number],
  );
  return spans
    .map((span) => span.toSorted((one, other) => one - other) as [number, number])
    .toSorted(([one], [other]) => one - other)
    .map(([called, returned], id) => {
      const isWrite = id === 0 || random() < 0.5;
      const f = isWrite ? 'write' : 'read';
      const output: Value = isWrite ? null : below(random, 3) * 2;
      const [invokedAt, completedAt] = [called * 10, returned * 10];
      const place = { id, process: id, f, key: 'k', called, returned, invokedAt, completedAt };
      return { ...place, input: isWrite ? id + 1 : null, type: 'ok' as const, output };
    })
    .map((operation, _, all) =>
      operation.f === 'read' && !all.some(({ input }) => input === operation.output)
        ? { ...operation, output: 0 }
        : operation,
    );
}

function byDefinition(read: Operation, operations: readonly Operation[]): { k: number; t: number } {
  const source = operations.find(({ input }) => input !== null && input === read.output);
  const readers = operations.filter(({ f, output }) => f === 'read' && output === read.output);
  // Nothing takes effect before it was invoked, whatever a read from the future says.
  const known = Math.min(source?.returned ?? -1, ...readers.map(({ returned }) => returned));
  const sure = source === undefined ? -1 : Math.max(known, source.called);
  const newer = operations.filter(
    ({ f, called, returned }) => f === 'write' && called > sure && returned < read.called,
  );
  const first = Math.min(...newer.map(({ completedAt }) => completedAt));
  return { k: newer.length, t: newer.length === 0 ? 0 : read.invokedAt - first };
}

const eventsOf = (operations: readonly Operation[]) =>
  operations
    .flatMap(({ process, f, key, input, output, called, returned }) => [
      { at: called, process, type: 'invoke' as const, f, key, value: input },
      { at: returned, process, type: 'ok' as const, f, key, value: output },
    ])
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, ...event }, index) => ({ index, time: at, ...event }));
