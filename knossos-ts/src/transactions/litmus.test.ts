import { describe, expect, test } from 'vitest';
import type { HistoryEvent, Value } from '../history/operation.ts';
import { Script } from '../testing/script.ts';
import { HistoryError } from '../history/history-error.ts';
import { checkTransactions } from './check-transactions.ts';
import { transactionModels } from './models.ts';

type Part = readonly [f: string, key: string, value: Value];

const r = (key: string): Part => ['r', key, null];
const seen = (key: string, version: number, value: Value): Part => ['r', key, { value, version }];
/** Compares the version and writes the next one. */
const w = (key: string, over: number, value: Value): readonly Part[] => [
  ['c', key, over],
  ['w', key, value],
];
const committed = (parts: readonly Part[]): Value => ({ committed: true, parts });
const refused = (...current: Part[]): Value => ({ committed: false, current });

/** Histories of transactions, as `Script` writes those of single keys. */
class Bank {
  readonly script = new Script(null);

  writes(process: number, ...parts: readonly (readonly Part[])[]): this {
    this.script.does(process, 'txn', parts.flat(), committed(parts.flat()));
    return this;
  }

  reads(process: number, ...parts: readonly Part[]): this {
    this.script.does(
      process,
      'txn',
      parts.map(([, key]) => r(key)),
      committed(parts),
    );
    return this;
  }

  get events(): readonly HistoryEvent[] {
    return this.script.events;
  }
}

/** The verdict of each model, the name of what is wrong, the sentence, and whether it was found again. */
function found(events: Iterable<HistoryEvent>) {
  const { verdicts } = checkTransactions(events);
  const valid = transactionModels.map((model) => verdicts.get(model)?.valid);
  const strict = verdicts.get('strict-serializable');
  if (strict?.valid !== false) return { valid };
  const { anomaly, sentence, verified, cycle } = strict.counterexample;
  return { valid, anomaly, sentence, verified, rules: cycle.map(({ rule }) => rule) };
}

const none = [false, false, false];

test('transfers that follow each other are strictly serializable, and so is what was read of them', () => {
  const { events } = new Bank()
    .writes(1, w('alice', 0, 'a1'), w('bob', 0, 'b1'))
    .writes(2, w('alice', 1, 'a2'), w('bob', 1, 'b2'))
    .reads(3, seen('alice', 2, 'a2'), seen('bob', 2, 'b2'));

  expect(found(events)).toEqual({ valid: [true, true, true] });
});

test('a read that is behind keeps all models but the strict one, unless the same process wrote', () => {
  const bank = (process: number) =>
    new Bank()
      .writes(1, w('alice', 0, 'a1'))
      .writes(1, w('alice', 1, 'a2'))
      .reads(process, seen('alice', 1, 'a1')).events;

  expect(found(bank(2))).toEqual({
    valid: [false, true, true],
    anomaly: 'G-single-realtime',
    sentence:
      "Process 2's transaction #4 saw version 1 of alice, although process 1's transaction #2 (which writes alice) had " +
      'replaced it and ended 1 ms before.',
    verified: true,
    rules: ['realtime', 'rw'],
  });
  expect(found(bank(1))).toMatchObject({ valid: [false, false, true], anomaly: 'G-single-process', verified: true });
});

test('half of a transaction is no state of the store', () => {
  const { events } = new Bank()
    .writes(1, w('alice', 0, 'a1'), w('bob', 0, 'b1'))
    .reads(2, seen('alice', 1, 'a1'), seen('bob', 0, null));

  expect(found(events)).toEqual({
    valid: none,
    anomaly: 'G-single',
    sentence:
      "Process 2's transaction #2 saw what process 1's transaction #0 (which writes alice and bob) had written to alice, " +
      'and not what the same transaction wrote to bob.',
    verified: true,
    rules: ['wr', 'rw'],
  });
});

describe('a transaction of unknown outcome', () => {
  const open = (): Bank => {
    const bank = new Bank().writes(1, w('alice', 0, 'a1'), w('bob', 0, 'b1'));
    bank.script.invoke(2, 'txn', [...w('alice', 1, 'a2'), ...w('bob', 1, 'b2')]).info(2, 'txn');
    return bank;
  };

  test('that nobody saw need not have happened', () => {
    expect(found(open().reads(3, seen('alice', 1, 'a1'), seen('bob', 1, 'b1')).events)).toEqual({
      valid: [true, true, true],
    });
  });

  test('may happen at any later time', () => {
    const bank = open()
      .reads(3, seen('alice', 1, 'a1'))
      .reads(3, seen('bob', 2, 'b2'));
    expect(found(bank.events)).toEqual({ valid: [true, true, true] });
  });

  test('of which one write was seen happened wholly', () => {
    const bank = open()
      .reads(3, seen('alice', 2, 'a2'))
      .reads(3, seen('bob', 1, 'b1'));
    expect(found(bank.events)).toMatchObject({
      valid: [false, false, true],
      anomaly: 'G-single-process',
      verified: true,
    });
  });

  test('cannot have happened before it was invoked', () => {
    const bank = new Bank();
    bank.script.invoke(3, 'txn', [r('alice')]).ok(3, 'txn', committed([seen('alice', 1, 'a1')]));
    bank.script.invoke(2, 'txn', w('alice', 0, 'a1')).info(2, 'txn');
    expect(found(bank.events)).toMatchObject({ valid: [false, true, true], anomaly: 'G1c-realtime', verified: true });
  });

  test('and another one may both have made a version of which only the number was seen: nobody knows', () => {
    const bank = open();
    bank.script.invoke(4, 'txn', w('alice', 1, 'a3')).info(4, 'txn');
    bank.script.does(5, 'txn', w('alice', 1, 'a4'), refused(['c', 'alice', 2]));
    expect(found(bank.events)).toEqual({ valid: ['unknown', 'unknown', 'unknown'] });
    bank.reads(5, seen('alice', 2, 'a3'));
    expect(found(bank.events)).toEqual({ valid: [true, true, true] });
  });
});

describe('what is wrong by itself', () => {
  test('two writes over one version', () => {
    const { events } = new Bank().writes(1, w('alice', 0, 'a1')).writes(2, w('alice', 0, 'a2'));
    expect(found(events)).toEqual({
      valid: none,
      anomaly: 'lost-update',
      sentence:
        "Process 1's transaction #0 (which writes alice) and process 2's transaction #2 (which writes alice) were both told " +
        'that they replaced version 0 of alice: one of the two writes is lost.',
      verified: true,
      rules: [],
    });
  });

  test('what a transaction wrote that failed, or was refused', () => {
    const failed = new Bank();
    failed.script.invoke(1, 'txn', w('alice', 0, 'a1')).fail(1, 'txn');
    expect(found(failed.reads(2, seen('alice', 1, 'a1')).events)).toMatchObject({
      anomaly: 'G1a',
      sentence:
        'Process 2\'s transaction #2 saw "a1", as version 1, in alice, which process 1\'s transaction #0 would have written, ' +
        'but surely did not: it failed.',
      verified: true,
    });
    const told = new Bank();
    told.script.does(1, 'txn', w('alice', 1, 'a1'), refused(['c', 'alice', 0]));
    expect(found(told.reads(2, seen('alice', 2, 'a1')).events)).toMatchObject({ anomaly: 'G1a', verified: true });
  });

  test('what a transaction wrote over itself', () => {
    const { events } = new Bank()
      .writes(1, [...w('alice', 0, 'a0'), ['w', 'alice', 'a1']])
      .reads(2, seen('alice', 1, 'a0'));
    expect(found(events)).toMatchObject({ valid: none, anomaly: 'G1b', verified: true });
  });

  test('what nobody wrote, and a version that nobody made', () => {
    expect(found(new Bank().reads(1, seen('alice', 0, 7)).events)).toMatchObject({
      anomaly: 'garbage',
      verified: true,
    });
    expect(found(new Bank().writes(1, w('alice', 3, 'a4')).events)).toMatchObject({
      anomaly: 'garbage',
      sentence: "Process 1's transaction #0 (which writes alice) saw version 3 of alice, which nobody can have made.",
      verified: true,
    });
  });

  test('a value under another version than its write made', () => {
    const { events } = new Bank().writes(1, w('alice', 0, 'a1')).reads(2, seen('alice', 2, 'a1'));
    expect(found(events)).toMatchObject({ anomaly: 'incompatible-version', verified: true });
  });

  test('two states at once, or a refusal for versions that were there', () => {
    const both = new Bank();
    both.script.does(1, 'txn', [['c', 'alice', 0], r('alice')], committed([['c', 'alice', 0], seen('alice', 1, 'a1')]));
    expect(found(both.events)).toMatchObject({ anomaly: 'internal', verified: true });
    const idle = new Bank();
    idle.script.does(1, 'txn', w('alice', 0, 'a1'), refused(['c', 'alice', 0]));
    expect(found(idle.events)).toMatchObject({ anomaly: 'internal', verified: true });
  });
});

describe('circles', () => {
  test('of writes alone: each replaced what the other wrote', () => {
    const { events } = new Bank()
      .writes(1, w('alice', 0, 'a1'), w('bob', 1, 'b2'))
      .writes(2, w('alice', 1, 'a2'), w('bob', 0, 'b1'));
    expect(found(events)).toMatchObject({ valid: none, anomaly: 'G0', rules: ['ww', 'ww'], verified: true });
  });

  test('of writes and reads: each saw what the other wrote', () => {
    const see = (one: string, two: string): readonly Part[] => [...w(one, 0, one), seen(two, 1, two)];
    const { events } = new Bank().writes(1, see('alice', 'bob')).writes(2, see('bob', 'alice'));
    expect(found(events)).toMatchObject({ valid: none, anomaly: 'G1c', rules: ['wr', 'wr'], verified: true });
  });

  test('of two reads that missed writes: write skew', () => {
    const look = (key: string, at: string): readonly Part[] => [seen(at, 0, null), ...w(key, 0, key)];
    const { events } = new Bank().writes(1, look('alice', 'bob')).writes(2, look('bob', 'alice'));
    expect(found(events)).toMatchObject({ valid: none, anomaly: 'G2-item', rules: ['rw', 'rw'], verified: true });
    expect(found(events).sentence).toBe(
      "No order fits: process 1's transaction #0 (which writes alice) comes before process 2's transaction #2 (which writes " +
        "bob), because the first saw version 0 of bob, which the second replaced; process 2's transaction #2 (which writes " +
        "bob) comes before process 1's transaction #0 (which writes alice), because the first saw version 0 of alice, which " +
        'the second replaced.',
    );
  });

  test('of more than two: two readers disagree about which write came first', () => {
    const { script, events } = new Bank();
    const reader = (process: number, ...sight: readonly Part[]) => {
      script.ok(process, 'txn', committed(sight));
    };
    script.invoke(1, 'txn', w('alice', 0, 'a1')).invoke(2, 'txn', w('bob', 0, 'b1'));
    for (const process of [3, 4]) script.invoke(process, 'txn', [r('alice'), r('bob')]);
    reader(3, seen('alice', 1, 'a1'), seen('bob', 0, null));
    reader(4, seen('alice', 0, null), seen('bob', 1, 'b1'));
    script.ok(1, 'txn', committed(w('alice', 0, 'a1'))).ok(2, 'txn', committed(w('bob', 0, 'b1')));

    expect(found(events)).toMatchObject({
      valid: none,
      anomaly: 'G2-item',
      rules: ['wr', 'rw', 'wr', 'rw'],
      verified: true,
    });
  });
});

describe('a story', () => {
  /** Every process has seen much since the version that one of them reads in the end. */
  const busy = (): Bank => {
    const bank = new Bank();
    for (let version = 0; version < 40; version++)
      bank.writes(version % 4, w('alice', version, version), w(`x${version}`, 0, 0));
    return bank.reads(3, seen('alice', 1, 0));
  };

  test('is as short as the model allows, and the strictest one has the shortest', () => {
    const { verdicts } = checkTransactions(busy().events);
    const lengths = transactionModels.map((model) => {
      const verdict = verdicts.get(model);
      return verdict?.valid === false ? verdict.counterexample.cycle.length : null;
    });
    expect(lengths[0]).toBe(2);
    expect(lengths[1]).toBeGreaterThan(2);
    expect(lengths[2]).toBe(null);
  });

  test('that is long is cut, and keeps every step beside it', () => {
    const verdict = checkTransactions(busy().events).verdicts.get('session-serializable');
    const { sentence, cycle, verified } =
      verdict?.valid === false ? verdict.counterexample : { sentence: '', cycle: [], verified: false };
    expect(sentence).toMatch(/; and so on, by \d+ more, back to process \d's transaction #\d+/u);
    expect(sentence.split('comes before')).toHaveLength(6);
    expect(verified && cycle.length > 5).toBe(true);
  });

  test('of going back names what was seen before', () => {
    const { events } = new Bank()
      .writes(1, w('alice', 0, 'a1'))
      .reads(2, seen('alice', 1, 'a1'))
      .reads(2, seen('alice', 0, null));
    const open = events.filter(({ process, type }) => process !== 1 || type === 'invoke');
    expect(found(open).sentence).toBe(
      "Process 2's transaction #4 saw version 0 of alice, although the same process had seen version 1 of alice before, in " +
        "process 2's transaction #2.",
    );
  });
});

test('a read of one key takes part by its value', () => {
  const bank = new Bank().writes(1, w('alice', 0, 'a1')).writes(1, w('alice', 1, 'a2'));
  const read = new Script('alice').does(2, 'read', null, 'a1').events;
  const events = [...bank.events, ...read.map((event, place) => ({ ...event, index: 4 + place, time: 5e6 + place }))];
  expect(found(events)).toMatchObject({ valid: [false, true, true], anomaly: 'G-single-realtime', verified: true });
});

test('a write that names no version leaves it open whether all is well, and what is wrong is still wrong', () => {
  const blind = new Bank().writes(1, [['w', 'alice', 'a1']]).reads(2, seen('alice', 1, 'a1'));
  expect(found(blind.events)).toEqual({ valid: ['unknown', 'unknown', 'unknown'] });
  expect(found(blind.writes(1, w('bob', 0, 'b1')).reads(2, seen('bob', 0, null)).events)).toMatchObject({
    valid: [false, 'unknown', 'unknown'],
  });
});

test('a refusal may tell some of the versions only: then it is no contradiction, and not the whole truth', () => {
  const told = (...current: Part[]): Bank => {
    const bank = new Bank().writes(1, w('bob', 0, 'b1'));
    bank.script.does(2, 'txn', [...w('alice', 0, 'a1'), ...w('bob', 0, 'b2')], refused(...current));
    return bank;
  };
  expect(found(told(['c', 'alice', 0]).events)).toEqual({ valid: ['unknown', 'unknown', 'unknown'] });
  expect(found(told(['c', 'bob', 1]).events)).toEqual({ valid: [true, true, true] });
  expect(found(told(['c', 'alice', 0], ['c', 'bob', 0]).events)).toMatchObject({ anomaly: 'internal', verified: true });
});

test('a read that a committed transaction keeps to itself leaves it open whether all is well', () => {
  const told = (...parts: Part[]): Bank => {
    const bank = new Bank().writes(1, w('alice', 0, 'a1'));
    bank.script.does(2, 'txn', [r('alice'), r('bob')], committed(parts));
    return bank;
  };
  const [alice, bob] = [seen('alice', 1, 'a1'), seen('bob', 0, null)];
  expect(found(told(bob, alice).events)).toEqual({ valid: [true, true, true] });
  expect(found(told(alice).events)).toEqual({ valid: ['unknown', 'unknown', 'unknown'] });
  expect(found(told().events)).toEqual({ valid: ['unknown', 'unknown', 'unknown'] });
});

test('a function that is none of transactions is refused', () => {
  const { events } = new Script().does(1, 'write', 5, null);
  expect(() => checkTransactions(events)).toThrow(
    new HistoryError('Event 0: expected the function to be read or txn, found "write" (key 17)', { index: 0 }),
  );
});

test('what takes too long is unknown', () => {
  const { events } = new Bank().writes(1, w('alice', 0, 'a1'));
  const { verdicts } = checkTransactions(events, { milliseconds: -1 });
  expect([...verdicts.values()].map((verdict) => verdict.valid)).toEqual(['unknown', 'unknown', 'unknown']);
});
