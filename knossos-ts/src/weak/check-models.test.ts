import { describe, expect, test } from 'vitest';
import { laggingStore } from '../../bench/weak/lagging-store.ts';
import { check, checkSync } from '../check-history.ts';
import { Script } from '../testing/script.ts';
import { story } from './testing/story.ts';

const load = { clients: 10, keys: 20, cas: 0.2, writes: 0.3, info: 0.01, behind: 100, seed: 3 };

describe('a long history of a store whose readers lag behind', () => {
  test('is found to be sequential and not linearizable, without a hint', async () => {
    const { holds, breaks, linearizability } = await check(
      laggingStore({ ...load, operations: 4_000, violation: undefined }),
      { models: 'all', workers: 0 },
    );
    expect({ holds, breaks, keys: linearizability?.keys.length }).toEqual({
      holds: ['sequential'],
      breaks: ['linearizable'],
      keys: 20,
    });
  });

  test('with one read that goes back is refuted, with a verified cycle that begins where it ends', () => {
    const history = laggingStore({ ...load, operations: 4_000, violation: 'read goes back' });
    const verdict = checkSync(history, { models: ['sequential'] }).verdicts.get('sequential');
    if (verdict?.valid !== false) throw new Error(`found ${verdict?.valid}`);
    const { cycle, verified, operations } = verdict.counterexample;
    expect([verified, cycle[0]?.from === cycle.at(-1)?.to, operations.length < 30]).toEqual([true, true, true]);
  });
});

describe('an answer', () => {
  test('names the weaker model that is broken already, and its sentence says who saw what', () => {
    const { verdicts } = checkSync(story('w x 1; w x 2; r x 1'), { models: 'all', initial: 0 });
    expect(verdicts.get('sequential')).toMatchObject({
      valid: false,
      impliedBy: 'read-your-writes',
      counterexample: {
        verified: true,
        sentence:
          "Process 0 read 1 from key x, although the same process had already done its write of 2 to x, and process 0's write of 1 to x came before that.",
      },
    });
  });

  test('speaks of a process with a negative number as of any other', () => {
    const script = new Script().does(-1, 'write', 1, null).does(-1, 'write', 2, null).does(-1, 'read', null, 1);
    expect(checkSync(script.events, { models: ['read-your-writes'] }).verdicts.get('read-your-writes')).toMatchObject({
      counterexample: {
        sentence:
          "Process -1 read 1 from key 17, although the same process had already done its write of 2 to 17, and process -1's write of 1 to 17 came before that.",
      },
    });
  });

  test('shows of operations of unknown outcome that they happened, also where they observe each other in a circle', () => {
    const history = story('?c x 7 5', '?c x 5 6', '?c x 5 7', 'r x 6');
    const verdict = checkSync(history, { models: ['sequential'], initial: 0 }).verdicts.get('sequential');
    if (verdict?.valid !== false) throw new Error(`found ${verdict?.valid}`);
    expect(verdict.counterexample.operations.map(({ f, output }) => [f, output])).toContainEqual(['read', 6]);
    // Without the read nothing of it need have happened.
    const rest = story('?c x 7 5', '?c x 5 6', '?c x 5 7');
    expect(checkSync(rest, { models: 'all', initial: 0 }).holds).toEqual(['linearizable']);
  });

  test('explains a broken guarantee of one key by what was done to that key, also where there is a nearer way', () => {
    const history = story('w x 1; w y 4; w x 6', 'r y 4; r x 6; w x 5; r x 1');
    const verdict = checkSync(history, { models: ['read-your-writes'], initial: 0 }).verdicts.get('read-your-writes');
    if (verdict?.valid !== false) throw new Error(`found ${verdict?.valid}`);
    const { operations, verified } = verdict.counterexample;
    expect([verified, ...new Set(operations.map(({ key }) => key))]).toEqual([true, 'x']);
  });

  test('is unknown where an observed value has two writers, unless the history is linearizable', () => {
    const twice = checkSync(story('w x 1; r x 1', 'w x 1; r x 1', '; ; r x 0'), { models: 'all', initial: 0 });
    expect(twice.verdicts.get('sequential')).toMatchObject({ valid: 'unknown', reason: 'ambiguous' });
    expect(checkSync(story('w x 1; r x 1', 'w x 1; r x 1'), { models: 'all', initial: 0 }).holds).toEqual([
      'linearizable',
    ]);
  });

  test('is false everywhere for a value that nobody wrote', () => {
    const { verdicts, holds } = checkSync(story('r x 7'), { models: 'all', initial: 0 });
    expect([...verdicts.values()].every(({ valid }) => valid === false)).toBe(true);
    expect(holds).toEqual([]);
    expect(verdicts.get('pram')).toMatchObject({
      counterexample: { sentence: 'Process 0 observed 7 on key x, which nothing ever wrote there.' },
    });
  });

  test('is unknown and never a guess when the time is up', () => {
    const history = laggingStore({ ...load, operations: 2_000, violation: undefined });
    const { verdicts } = checkSync(history, { models: ['sequential'], budget: { milliseconds: 0 } });
    expect(verdicts.get('sequential')).toMatchObject({ valid: 'unknown', reason: 'time' });
  });

  test('is unknown when the clocks do not fit into the memory budget', () => {
    // Given a history that no order explains, so that it takes clocks.
    const history = laggingStore({ ...load, operations: 2_000, violation: 'reads cross' });
    const { verdicts } = checkSync(history, { models: ['causal'], budget: { bytes: 1_000 } });
    expect(verdicts.get('causal')).toMatchObject({ valid: 'unknown', reason: 'memory' });
  });
});

test('a session of more writes than a chain of clocks can count is followed to its end', { timeout: 60_000 }, () => {
  const writes = Array.from({ length: 66_000 }, (_, value) => [
    { process: 0, type: 'invoke' as const, f: 'write', key: 'x', value: value + 1 },
    { process: 0, type: 'ok' as const, f: 'write', key: 'x', value: null },
  ]).flat();
  const reads = (value: number) => [
    { process: 1, type: 'invoke' as const, f: 'read', key: 'x', value: null },
    { process: 1, type: 'ok' as const, f: 'read', key: 'x', value },
  ];
  // No order explains what two others do, so that it takes clocks.
  const crossing = story('', '', 'w y 1; r z 0', 'w z 1; r y 0');
  const valid = (...seen: number[]) => {
    const events = [...crossing, ...writes, ...seen.flatMap(reads)];
    const history = events.map((event, index) => ({ ...event, index, time: index }));
    return checkSync(history, { models: ['causal'], initial: 0 }).verdicts.get('causal')?.valid;
  };
  expect([valid(100, 65_900, 65_901), valid(65_901, 65_900), valid(65_900, 100)]).toEqual([true, false, false]);
});

test('many reads of an empty list before as many appends that nobody read are soon put in order', () => {
  const script = new Script();
  for (let value = 0; value < 10_000; value++) script.does(0, 'read', null, []).does(1, 'append', value, null);
  const { holds } = checkSync(script.events, { models: ['sequential'], budget: { milliseconds: 5_000 } });
  expect(holds).toEqual(['sequential']);
});

describe('a register that holds lists', () => {
  test('is none of lists that are appended to', () => {
    const script = new Script().does(0, 'write', [1, 2], null).does(1, 'read', null, null);
    const { events } = script.does(1, 'read', null, [1, 2]);
    const { holds, breaks } = checkSync(events, { models: 'all' });
    expect({ holds, breaks }).toEqual({ holds: ['sequential'], breaks: ['linearizable'] });
  });

  test('is undecided where others append to it, since nobody says what a write is to a list', () => {
    const script = new Script().does(0, 'write', 1, null).does(0, 'append', 2, null).does(0, 'read', null, [2]);
    const { verdicts } = checkSync(script.events, { models: 'all' });
    expect([...new Set([...verdicts.values()].map(({ valid }) => valid))]).toEqual(['unknown']);
    expect(verdicts.get('causal')).toMatchObject({
      detail: 'Expected read or append, as lists have, found write in operation 0',
    });
  });
});

describe('a refused cas that does not say what it met', () => {
  test('may have met what replaced either of two writes of the value that was not there', () => {
    const script = new Script().does(0, 'write', 1, null).does(0, 'cas', [1, 5], { swapped: false });
    const undecided = checkSync(script.does(1, 'write', 1, null).events, { models: ['sequential'] });
    expect(undecided.verdicts.get('sequential')).toMatchObject({ valid: 'unknown', reason: 'absence' });
    const { events } = script.does(1, 'write', 2, null).does(0, 'read', null, 2);
    expect(checkSync(events, { models: ['sequential'] }).holds).toEqual(['sequential']);
  });

  const refused = (from: number) => [
    ...story('w x 1', 'r x 1; r x 0'.slice(0, 5)).slice(0, 4),
    { index: 4, time: 4, process: 2, type: 'invoke' as const, f: 'cas', key: 'x', value: [from, 9] },
    { index: 5, time: 5, process: 2, type: 'ok' as const, f: 'cas', key: 'x', value: { swapped: false } },
  ];

  test('is put into the order where it fits', () => {
    const { verdicts } = checkSync(refused(0), { initial: 0, models: ['sequential', 'causal'] });
    expect([...verdicts.values()].map(({ valid }) => valid)).toEqual([true, true]);
  });

  test('leaves the models unknown where it does not', () => {
    // Given a session that reads 1, is refused a cas from 1, and reads 1 again, with nothing else ever written.
    const history = [...story('w x 1', 'r x 1'), ...refused(1).slice(4), ...story('w x 1', ' ; r x 1').slice(2)].map(
      (event, index) => ({ ...event, index, process: index < 2 ? 0 : 1 }),
    );
    const { verdicts } = checkSync(history, { initial: 0, models: ['sequential', 'pram'] });
    expect([...verdicts.values()].map((verdict) => verdict.valid === 'unknown' && verdict.reason)).toEqual([
      'absence',
      'absence',
    ]);
  });
});

describe('a hint', () => {
  test('that explains the history is enough, and one that does not proves nothing', () => {
    const history = story('w x 1; w x 2', 'r x 0; r x 1');
    const judge = (hint: number[]) =>
      checkSync(history, { initial: 0, models: ['sequential'], hint, budget: {} }).verdicts.get('sequential')?.valid;
    expect([judge([2, 0, 6, 4]), judge([0, 2, 4, 6]), judge([])]).toEqual([true, true, true]);
  });
});
