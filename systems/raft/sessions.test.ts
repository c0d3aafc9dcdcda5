import { expect, test } from 'vitest';
import { Stage } from './testing/stage.ts';

const write = (session: number, sequence: number, value: number, key = 'a') => ({
  type: 'write',
  key,
  value,
  session,
  sequence,
});
const cas = (session: number, sequence: number, from: number, to: number) => ({
  type: 'cas',
  key: 'a',
  from,
  to,
  session,
  sequence,
});

function scene(values: { readonly [name: string]: number } = {}): { stage: Stage; session: number } {
  const stage = new Stage({ values });
  stage.elect('n1');
  const opened = stage.ask('n1', { type: 'open_session' });
  return { stage, session: Number(opened?.['session']) };
}

test('cas swaps on a match, says the value on a mismatch, and tells when there is none', () => {
  const { stage, session } = scene();

  expect(stage.ask('n1', cas(session, 1, 1, 2))).toEqual({ type: 'error', code: 20, text: 'Key a does not exist' });
  expect(stage.ask('n1', write(session, 2, 1))).toEqual({ type: 'write_ok' });
  expect(stage.ask('n1', cas(session, 3, 1, 2))).toEqual({ type: 'cas_ok' });
  expect(stage.ask('n1', cas(session, 4, 1, 3))).toEqual({
    type: 'error',
    code: 22,
    text: 'Key a holds another value',
    current: 2,
  });
  expect(stage.ask('n1', { type: 'read', key: 'a' })).toEqual({ type: 'read_ok', value: 2 });
  expect(stage.ask('n1', { type: 'read', key: 'b' })).toEqual({
    type: 'error',
    code: 20,
    text: 'Key b does not exist',
  });
});

test('a request that arrives twice is carried out once, and both are answered alike', () => {
  const { stage, session } = scene();
  stage.ask('n1', write(session, 1, 1));

  const twice = [stage.request('n1', cas(session, 2, 1, 2)), stage.request('n1', cas(session, 2, 1, 2))];
  stage.settle();

  expect(twice.map((id) => stage.answer(id))).toEqual([{ type: 'cas_ok' }, { type: 'cas_ok' }]);
  expect(stage.node('n1').log.lastIndex).toBe(5);
});

test('a retry is carried out once also by another leader, and after every node has restarted', () => {
  const { stage, session } = scene();
  stage.ask('n1', write(session, 1, 1));
  stage.request('n1', cas(session, 2, 1, 2));
  stage.deliver('n1', 'n2'); // n2 has it, and nobody else hears of it.
  stage.letters.length = 0;
  stage.crash('n1');
  stage.elect('n2');
  stage.ask('n2', { type: 'open_session' });
  stage.ask('n2', write(6, 1, 1)); // Somebody else writes 1 again, so that a second cas would swap.

  expect(stage.ask('n2', cas(session, 2, 1, 2))).toEqual({ type: 'cas_ok' });
  expect(stage.machine('n2').peek('a')).toBe(1);

  for (const name of ['n1', 'n2', 'n3']) {
    stage.crash(name);
    stage.start(name);
  }
  stage.elect('n3');
  expect(stage.ask('n3', cas(session, 2, 1, 2))).toEqual({ type: 'cas_ok' });
  expect(stage.ask('n3', { type: 'read', key: 'a' })).toEqual({ type: 'read_ok', value: 1 });
});

test('an operation that its session has left behind is not carried out any more', () => {
  const { stage, session } = scene();
  stage.ask('n1', write(session, 1, 1));
  stage.ask('n1', write(session, 2, 2));

  expect(stage.ask('n1', write(session, 1, 1))).toMatchObject({ type: 'error', code: 13 });
  expect(stage.machine('n1').peek('a')).toBe(2);
});

test('the session whose last command lies furthest back is forgotten, and its commands are refused on every replica', () => {
  // Given room for two sessions, and the first used after the second was opened.
  const { stage, session: first } = scene({ maxSessions: 2 });
  const second = Number(stage.ask('n1', { type: 'open_session' })?.['session']);
  stage.ask('n1', write(first, 1, 1));
  stage.ask('n1', { type: 'open_session' });

  expect(stage.ask('n1', write(second, 1, 2))).toEqual({
    type: 'error',
    code: 14,
    text: `Session ${second} is not known; open a new one`,
  });
  expect(stage.ask('n1', write(first, 2, 3, 'b'))).toEqual({ type: 'write_ok' });
  expect(stage.ask('n1', write(77, 1, 4))).toMatchObject({ code: 14 });

  stage.ring('n1', 'heartbeat');
  stage.settle();
  expect(['n1', 'n2', 'n3'].map((name) => [stage.machine(name).peek('a'), stage.machine(name).peek('b')])).toEqual([
    [1, 3],
    [1, 3],
    [1, 3],
  ]);
});

test('a leader that loses its office answers 13 for what it appended, since that may still happen', () => {
  const { stage, session } = scene();
  const id = stage.request('n1', write(session, 1, 1));
  stage.deliver('n1', 'n2');
  stage.isolate('n1');
  stage.pass(3_000);
  stage.heal();
  stage.pass(3_000);

  expect(stage.answer(id)).toMatchObject({ type: 'error', code: 13 });
  // n2 had the entry, so that n2 was the one to be elected, and it did happen.
  expect(['n1', 'n2', 'n3'].map((name) => stage.machine(name).peek('a'))).toEqual([1, 1, 1]);
});

test('a request that makes no sense is refused before anything is written', () => {
  const { stage } = scene();
  stage.told();

  expect(stage.ask('n1', { type: 'delete', key: 'a' })).toMatchObject({ code: 10 });
  expect(stage.ask('n1', { type: 'read' })).toMatchObject({ code: 12 });
  expect(stage.ask('n1', { type: 'write', key: 'a', session: 2, sequence: 1 })).toMatchObject({ code: 12 });
  expect(stage.ask('n1', { type: 'write', key: 'a', value: 1 })).toMatchObject({ code: 12 });
  expect(stage.ask('n1', { type: 'cas', key: 'a', from: 1, session: 2, sequence: 1 })).toMatchObject({ code: 12 });
  expect(stage.told().filter((line) => line.includes('saves'))).toEqual([]);
});
