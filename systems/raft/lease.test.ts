import { expect, test } from 'vitest';
import { add, openSession, read, transfer, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';
import type { StageOptions } from '../testing/stage.ts';

const preVote = { type: 'pre-vote', term: 2, lastIndex: 9, lastTerm: 1 } as const;

/** n1 leads, the key holds 1, and a heartbeat has just been confirmed. The lease is 452 ms. */
function scene(options: StageOptions = {}): Stage {
  const stage = new Stage({ directions: true, ...options, values: { reads: 'lease', ...options.values } });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.ask('n1', write(2, 1, 1));
  stage.ring('n1', 'heartbeat');
  stage.settle();
  stage.told();
  return stage;
}

const trace = (stage: Stage): string => `${stage.told().join('\n')}\n`;

test('a leader with a lease asks nobody, and one whose lease is over asks a majority', async () => {
  const stage = scene();

  stage.request('n1', read);
  stage.wait(452);
  stage.request('n1', read);
  stage.wait(1);
  stage.request('n1', read);
  stage.settle();

  await expect(trace(stage)).toMatchFileSnapshot('testdata/lease.txt');
});

test('a lease counts from when the round was sent, not from when it was answered', () => {
  const stage = scene();
  stage.ring('n1', 'heartbeat');
  stage.wait(400);
  stage.settle();

  stage.wait(50);
  expect(stage.answer(stage.request('n1', read))).toEqual({ type: 'read_ok', value: 1 });
  stage.wait(5);
  expect(stage.answer(stage.request('n1', read))).toBeNull();
});

test('a new leader reads nothing by its lease before its no-op is committed', () => {
  const stage = scene();
  stage.crash('n1');
  stage.loseLeader('n2');
  stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
  // Its no-op is lost, but n3 confirms the round after it.
  stage.letters.length = 0;
  stage.ring('n2', 'heartbeat');
  stage.deliver('n2', 'n3');
  stage.deliver('n3', 'n2');

  const id = stage.request('n2', read);
  expect(stage.answer(id)).toBeNull();
  stage.settle();
  expect(stage.answer(id)).toEqual({ type: 'read_ok', value: 1 });
});

test('followers are loyal for an election timeout, also when they have reached a later term meanwhile', async () => {
  const stage = scene();
  stage.say('n3', 'n2', { type: 'outdated', term: 2 });
  expect(stage.machine('n2').inspect()).toMatchObject({ term: 2, leader: null });

  stage.wait(499);
  stage.say('n3', 'n2', { ...preVote, term: 3 });
  stage.say('n3', 'n2', { type: 'vote', term: 3, lastIndex: 9, lastTerm: 1 });
  stage.wait(1);
  stage.say('n3', 'n2', { ...preVote, term: 3 });
  stage.say('n3', 'n2', { type: 'vote', term: 3, lastIndex: 9, lastTerm: 1 });
  stage.settle();

  await expect(trace(stage)).toMatchFileSnapshot('testdata/lease-loyalty.txt');
});

test('a follower that has restarted does not know what it has promised, and votes for nobody for as long', async () => {
  const stage = scene();
  stage.wait(100);
  stage.crash('n2');
  stage.start('n2');

  stage.wait(499);
  stage.say('n3', 'n2', preVote);
  stage.say('n3', 'n2', { type: 'vote', term: 2, lastIndex: 9, lastTerm: 1 });
  stage.wait(1);
  stage.say('n3', 'n2', preVote);
  stage.say('n3', 'n2', { type: 'vote', term: 2, lastIndex: 9, lastTerm: 1 });
  stage.settle();

  await expect(trace(stage)).toMatchFileSnapshot('testdata/lease-restarted-follower.txt');
});

test('a transfer ends the lease for the rest of the term, because its message may be late', async () => {
  const stage = scene();
  const id = stage.request('n1', transfer('n2'));
  const late = stage.intercept('n1', 'n2');
  stage.pass(700);
  expect(stage.answer(id)).toMatchObject({ code: 13 });
  stage.told();

  // Given that n1 leads on, and asks a majority for each read.
  expect(stage.ask('n1', read)).toEqual({ type: 'read_ok', value: 1 });
  // When the late message makes n2 the leader, although everybody has just heard from n1.
  stage.handOver(late);
  stage.isolate('n1');
  stage.settle();
  expect(stage.ask('n2', write(2, 2, 2))).toEqual({ type: 'write_ok' });

  // Then n1, whose lease would still hold, answers nothing.
  expect(stage.ask('n1', read)).toBeNull();
  await expect(trace(stage)).toMatchFileSnapshot('testdata/lease-transfer.txt');
});

test('a server that is only listening gives no lease', () => {
  const stage = scene({ nodes: 4, members: 3 });
  stage.isolate('n2', 'n3');
  stage.wait(400);
  stage.request('n1', add('n4'));
  stage.settle();
  stage.ring('n1', 'heartbeat');
  stage.settle();

  stage.wait(60);
  expect(stage.answer(stage.request('n1', read))).toBeNull();
});

test('no other leader can be elected while a lease holds, if clocks drift no more than they may', () => {
  /** So many milliseconds after a heartbeat: whether n2 would vote for another, and whether n1 relies on its lease. */
  const after = (time: number, drift: number): [votes: boolean, leads: boolean] => {
    const stage = scene({ values: { maxDrift: 0.1 } });
    stage.drift('n1', -drift);
    stage.drift('n2', drift);
    stage.ring('n1', 'heartbeat');
    stage.settle();
    stage.wait(time);
    stage.say('n3', 'n2', preVote);
    const answer = stage.answer(stage.request('n1', read));
    return [JSON.parse(stage.letters.find(({ to }) => to === 'n3')?.text ?? '{}').granted === true, answer !== null];
  };

  expect(after(454, 0.1)).toEqual([false, true]);
  expect(after(455, 0.1)).toEqual([true, false]);
  expect(after(455, 0)).toEqual([false, false]);
  // More than the claim assumes.
  expect(after(455, 0.2)).toEqual([true, true]);
});
