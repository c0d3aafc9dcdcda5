import { expect, test } from 'vitest';
import type { Value } from '../../history/operation.ts';
import { pairOperations } from '../../history/pair-operations.ts';
import { Script } from '../../testing/script.ts';
import { CatchingUp, type Peek } from './catching-up.ts';
import { judgeConvergence } from './convergence.ts';

const peek = (replica: string, value: Value, time = 100): Peek => ({ replica, key: 'x', value, time });
const twoWrites = pairOperations(new Script('x').does(1, 'write', 1, null).does(2, 'write', 2, null).events);

test('replicas that agree on an issued value have converged, at the time at which the last one came to it', () => {
  const peeks = [peek('n1', 2, 110), peek('n2', 1, 110), peek('n1', 2, 130), peek('n2', 2, 130), peek('n2', 2, 150)];

  const { verdict, timeToConverge, lost } = judgeConvergence(twoWrites, peeks, { since: 100 });

  expect({ verdict, timeToConverge, lost }).toEqual({ verdict: { valid: true }, timeToConverge: 30, lost: [] });
});

test('replicas that end with different values have not', () => {
  const { verdict, timeToConverge } = judgeConvergence(twoWrites, [peek('n1', 1), peek('n2', 2)], { since: 100 });
  expect(verdict).toMatchObject({
    valid: false,
    sentence: 'Replica n1 ended with 1 for key x and replica n2 with 2.',
  });
  expect(timeToConverge).toBeUndefined();
});

test('a replica that comes to new values to the last has not diverged, and one that goes back and forth has', () => {
  const script = new Script('x');
  for (let value = 1; value <= 9; value++) script.does(1, 'write', value, null);
  const operations = pairOperations(script.events);
  const watched = (values: readonly number[]): readonly Peek[] =>
    values.flatMap((value, round) => [peek('n1', 9, 100 * round), peek('n2', value, 100 * round)]);
  const judge = (values: readonly number[]) => judgeConvergence(operations, watched(values), { since: 0 }).verdict;

  expect(judge([1, 2, 3, 4, 5])).toEqual({
    valid: 'unknown',
    detail: 'replica n2 was still catching up when the last look was taken',
  });
  expect(judge([1, 2, 3, 3, 3]).valid).toBe(false);
  expect(judge([1, 2, 1, 2, 1]).valid).toBe(false);
  expect(judge([1, 3, 5, 7, 9])).toEqual({ valid: true });
});

test('what nobody ever tried to write is no way to catch up, and what failed may be', () => {
  const script = new Script('x').does(1, 'write', 1, null).does(2, 'write', 9, null);
  for (let value = 2; value <= 5; value++) script.invoke(1, 'write', value).fail(1, 'write');
  const operations = pairOperations(script.events);
  const rounds = [1, 2, 3, 4].flatMap((value, round) => [peek('n1', 9, 100 * round), peek('n2', value, 100 * round)]);
  const judge = (last: number) =>
    judgeConvergence(operations, [...rounds, peek('n1', 9, 400), peek('n2', last, 400)], { since: 0 }).verdict;

  expect(judge(5).valid).toBe('unknown');
  expect(judge(6)).toMatchObject({
    valid: false,
    sentence: 'Replica n2 ended with 6 for key x, but no operation ever tried to put 6 there.',
  });
});

test('the time after the last look does not count, so that whoever ends the watch and whoever judges it see the same', () => {
  const script = new Script('x');
  for (let value = 0; value <= 9; value++) script.does(1, 'write', value, null);
  const operations = pairOperations(script.events);
  // The replica comes to something new in each of the first rounds, then stays where it is.
  for (let moves = 1; moves < 9; moves++) {
    const catchingUp = new CatchingUp();
    const peeks: Peek[] = [];
    for (let round = 0; peeks.length === 0 || round <= moves || catchingUp.goesOn(); round++)
      for (const one of [peek('n1', 9, 200 * round), peek('n2', Math.min(round, moves), 200 * round)]) {
        peeks.push(one);
        catchingUp.note(one);
      }
    expect(judgeConvergence(operations, peeks, { since: 0 }).verdict.valid).toBe(false);
  }
});

test('what is new on one key tells that the replica comes on, and two others that differ are judged all the same', () => {
  const script = new Script('y');
  for (let value = 0; value <= 400; value += 100) script.does(1, 'write', value, null);
  const operations = [...twoWrites, ...pairOperations(script.events)];
  const of = (replica: string, key: string, value: number, time: number): Peek => ({ replica, key, value, time });
  const rounds = [0, 100, 200, 300, 400].flatMap((time) => [
    of('n1', 'x', 2, time),
    of('n2', 'x', 1, time),
    of('n2', 'y', time, time),
  ]);
  expect(judgeConvergence(operations, rounds, { since: 0 }).verdict.valid).toBe('unknown');

  const third = [...rounds, of('n3', 'x', 1, 0), of('n3', 'x', 1, 400)];
  expect(judgeConvergence(operations, third, { since: 0 }).verdict).toMatchObject({
    valid: false,
    sentence: 'Replica n1 ended with 2 for key x and replica n3 with 1.',
  });
});

test('a final value that only a failed operation tried to write breaks the model, one of unknown outcome does not', () => {
  const failed = new Script('x').invoke(1, 'write', 1).fail(1, 'write').invoke(2, 'write', 2).info(2, 'write');
  const judge = (value: Value) =>
    judgeConvergence(pairOperations(failed.events), [peek('n1', value), peek('n2', value)], { since: 0 }).verdict;
  expect(judge(1)).toMatchObject({
    valid: false,
    sentence: 'All replicas ended with 1 for key x, but no operation that may have taken effect put 1 there.',
  });
  expect([judge(2), judge(null)]).toEqual([{ valid: true }, { valid: true }]);
});

test('an acknowledged write that nothing came after and that is gone is lost, and the model is kept', () => {
  const { verdict, lost } = judgeConvergence(twoWrites, [peek('n1', 1), peek('n2', 1)], { since: 0 });
  expect({ verdict, lost: lost.map(({ input }) => input) }).toEqual({ verdict: { valid: true }, lost: [2] });
});

test('an append that no replica shows is lost, and an order of appends is a value to agree on', () => {
  const appends = pairOperations(new Script('x').does(1, 'append', 1, null).does(2, 'append', 2, null).events);
  const { lost } = judgeConvergence(appends, [peek('n1', [2]), peek('n2', [2])], { since: 0 });
  const { verdict } = judgeConvergence(appends, [peek('n1', [1, 2]), peek('n2', [2, 1])], { since: 0 });
  expect([lost.map(({ input }) => input), verdict.valid]).toEqual([[1], false]);
});

test('a write that overlapped the one that is left was not lost, whichever of them began first', () => {
  const script = new Script('x').invoke(1, 'write', 1).does(2, 'write', 2, null).ok(1, 'write');
  const lost = (value: Value) =>
    judgeConvergence(pairOperations(script.events), [peek('n1', value)], { since: 0 }).lost.length;
  expect([lost(1), lost(2), lost(null)]).toEqual([0, 0, 1]);
});

test('a write of a value that was there before is not lost while that value is there', () => {
  const again = new Script('x').does(1, 'write', 1, null).does(1, 'write', 2, null).does(1, 'write', 1, null);
  const lost = (value: Value) =>
    judgeConvergence(pairOperations(again.events), [peek('n1', value)], { since: 0 }).lost.map(({ input }) => input);
  expect([lost(1), lost(2), lost(null)]).toEqual([[], [1], [1]]);
});

test('a cas that took the value of a write is its successor, even one of unknown outcome', () => {
  const cas = (type: 'ok' | 'info') => {
    const script = new Script('x').does(1, 'cas', [null, 1], { swapped: true });
    return type === 'ok'
      ? script.does(2, 'cas', [1, 2], { swapped: true }).does(3, 'write', 3, null)
      : script.invoke(2, 'cas', [1, 2]).info(2, 'cas');
  };
  const lost = (type: 'ok' | 'info', value: Value) =>
    judgeConvergence(pairOperations(cas(type).events), [peek('n1', value)], { since: 0 }).lost.map(
      ({ input }) => input,
    );
  expect([lost('ok', 3), lost('ok', 2), lost('info', 2), lost('info', null)]).toEqual([[], [3], [], []]);
});

test('a register may hold a list, which is one value', () => {
  const list = pairOperations(new Script('x').does(1, 'write', [1, 2], null).events);
  const judge = (value: Value) => judgeConvergence(list, [peek('n1', value)], { since: 0 }).verdict.valid;
  expect([judge([1, 2]), judge([2]), judge([])]).toEqual([true, false, false]);
});

test('a key that was written to and never read leaves it unknown, however well the others agree', () => {
  const other = new Script('y').does(3, 'write', 3, null).events.map((event) => ({ ...event, index: event.index + 4 }));
  const both = [...new Script('x').does(1, 'write', 1, null).does(2, 'write', 2, null).events, ...other];
  expect(judgeConvergence(pairOperations(both), [peek('n1', 2), peek('n2', 2)], { since: 0 }).verdict).toEqual({
    valid: 'unknown',
    detail: 'key y was written to, and no replica was read for it after the run',
  });
});

test('a replica that was never read, and a run without any peek, leave it unknown', () => {
  const options = { since: 0, replicas: ['n1', 'n2'] };
  expect(judgeConvergence(twoWrites, [peek('n1', 2)], options).verdict).toEqual({
    valid: 'unknown',
    detail: 'replica n2 was not read for key x after the run',
  });
  expect(judgeConvergence(twoWrites, [], options).verdict.valid).toBe('unknown');
});
