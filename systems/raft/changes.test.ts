import { expect, test } from 'vitest';
import { add, openSession, read, remove, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';
import type { StageOptions } from '../testing/stage.ts';

/** n1 leads, and the key holds 1; everybody knows it. */
function scene(options: StageOptions = {}): Stage {
  const stage = new Stage({ directions: true, ...options });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.ask('n1', write(2, 1, 1));
  stage.ring('n1', 'heartbeat');
  stage.settle();
  stage.told();
  return stage;
}

const trace = (stage: Stage): string => `${stage.told().join('\n')}\n`;
const membersOf = (stage: Stage, name: string): string => stage.node(name).membership.members.join(' ');

test('a spare gets the log first and is added when it has caught up', async () => {
  const stage = scene({ nodes: 4, members: 3 });

  expect(stage.ask('n1', add('n4'))).toEqual({ type: 'add_server_ok', members: ['n1', 'n2', 'n3', 'n4'] });
  stage.ring('n1', 'heartbeat');
  stage.settle();

  expect(stage.machine('n4').inspect()).toMatchObject({ members: ['n1', 'n2', 'n3', 'n4'], commit: 4, length: 4 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/add-server.txt');
});

test('a spare that needs what is forgotten gets a snapshot, and the members with it', () => {
  const stage = scene({ nodes: 4, members: 3, values: { snapshotEvery: 3 } });
  stage.ask('n1', remove('n3'));
  for (let value = 2; value <= 9; value++) stage.ask('n1', write(2, value, value));

  expect(stage.ask('n1', add('n4'))).toEqual({ type: 'add_server_ok', members: ['n1', 'n2', 'n4'] });

  // And it still knows them after a restart.
  stage.crash('n4');
  stage.start('n4');
  expect(stage.machine('n4').inspect()).toMatchObject({ members: ['n1', 'n2', 'n4'] });
  expect(stage.node('n4').snapshotIndex).toBeGreaterThan(0);
});

test('a new server does not count before it has caught up, and is given up when it says nothing', () => {
  const stage = scene({ nodes: 4, members: 3 });
  stage.isolate('n4');
  const id = stage.request('n1', add('n4'));
  stage.pass(900);
  expect(stage.answer(id)).toBeNull();
  expect(stage.ask('n1', remove('n3'))).toMatchObject({ code: 11, text: 'Another change of members is under way' });

  stage.pass(300);

  expect(stage.answer(id)).toEqual({ type: 'error', code: 11, text: 'n4 did not catch up' });
  expect(membersOf(stage, 'n1')).toBe('n1 n2 n3');
  expect(stage.ask('n1', remove('n3'))).toEqual({ type: 'remove_server_ok', members: ['n1', 'n2'] });
});

test('a new server that is always slower than what is appended is given up after ten rounds', () => {
  const stage = scene({ nodes: 4, members: 3 });
  const id = stage.request('n1', add('n4'));
  let rounds = 0;
  for (; stage.answer(id) === null; rounds++) {
    expect(rounds).toBeLessThan(20);
    stage.request('n1', openSession);
    stage.wait(600);
    stage.settle();
  }

  expect(stage.answer(id)).toEqual({ type: 'error', code: 11, text: 'n4 did not catch up' });
  expect(rounds).toBe(10);
});

test('a server that was removed learns of it, disturbs nobody, and can be added again', async () => {
  const stage = scene();

  expect(stage.ask('n1', remove('n3'))).toEqual({ type: 'remove_server_ok', members: ['n1', 'n2'] });
  stage.ring('n1', 'heartbeat');
  stage.settle();
  const removal = trace(stage);
  expect(membersOf(stage, 'n3')).toBe('n1 n2');
  stage.isolate('n3');
  stage.pass(5_000);
  expect(stage.machine('n3').inspect()).toMatchObject({ role: 'follower', term: 1 });
  stage.heal();
  stage.pass(2_000);
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader', term: 1 });

  expect(stage.ask('n1', add('n3'))).toEqual({ type: 'add_server_ok', members: ['n1', 'n2', 'n3'] });
  await expect(removal).toMatchFileSnapshot('testdata/remove-server.txt');
});

test('a server that has not heard of its removal asks in vain', () => {
  const stage = scene();
  stage.isolate('n3');
  stage.ask('n1', remove('n3'));
  stage.pass(3_000);
  expect(stage.machine('n3').inspect()).toMatchObject({ role: 'pre-candidate', term: 1 });
  stage.heal();
  stage.pass(3_000);

  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader', term: 1 });
  expect(stage.machine('n3').inspect()).toMatchObject({ role: 'follower', members: ['n1', 'n2'] });
});

test('a leader that removes itself does not count itself, and goes when that is committed', async () => {
  const stage = scene();
  const id = stage.request('n1', remove('n1'));
  stage.deliver('n1', 'n2');
  stage.deliver('n2', 'n1');
  // n1 and n2 have it, but of the new members only n2.
  expect([stage.answer(id), stage.node('n1').commit]).toEqual([null, 3]);
  stage.deliver('n1', 'n3');
  stage.deliver('n3', 'n1');
  stage.settle();

  expect(stage.answer(id)).toEqual({ type: 'remove_server_ok', members: ['n2', 'n3'] });
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'follower', members: ['n2', 'n3'] });
  expect([stage.node('n2').commit, stage.node('n3').commit]).toEqual([4, 4]);
  const removal = trace(stage);
  stage.pass(3_000);
  expect(stage.machine('n1').inspect().role).toBe('follower');
  expect(['n2', 'n3'].map((name) => stage.machine(name).inspect().role).toSorted()).toEqual(['follower', 'leader']);
  await expect(removal).toMatchFileSnapshot('testdata/remove-leader.txt');
});

test('a leader that is the only one to know of its removal is elected once more to commit it (figure 4.6)', () => {
  const stage = scene({ nodes: 2 });
  stage.isolate('n1');
  stage.request('n1', remove('n1'));
  stage.settle();
  stage.crash('n1');
  stage.start('n1');
  stage.heal();

  // n2 needs the vote of n1, whose log is longer; n1 needs that of n2 only, and its own does not count.
  stage.loseLeader('n2');
  stage.settle();
  expect(stage.machine('n2').inspect().role).toBe('pre-candidate');
  stage.loseLeader('n1');
  stage.settle();

  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'follower', term: 2, commit: 5, members: ['n2'] });
  stage.elect('n2');
  expect(stage.ask('n2', read)).toEqual({ type: 'read_ok', value: 1 });
});

test('whoever is removed is elected by the others only: its own vote makes up no majority of theirs', () => {
  // Given n1, which alone knows that it is removed, and was killed with that.
  const stage = scene();
  stage.isolate('n1');
  stage.request('n1', remove('n1'));
  stage.settle();
  stage.crash('n1');
  stage.start('n1');
  expect(stage.machine('n1').inspect()).toMatchObject({ members: ['n2', 'n3'], commit: 0 });

  // When only n2 can hear it, that is one vote of the two that are needed.
  stage.heal();
  stage.isolate('n3');
  stage.loseLeader('n1');
  stage.settle();
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'pre-candidate', term: 1 });
  expect(stage.told().filter((line) => line.startsWith('n2 > n1'))).toEqual([
    'n2 > n1: yes to pre-vote for term 2, mine is 1',
  ]);

  // And with the votes it is the same: n3 is heard in the first round, and not in the second.
  stage.heal();
  stage.say('n3', 'n1', { type: 'pre-vote-reply', term: 1, proposed: 2, granted: true });
  stage.isolate('n3');
  stage.settle();
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'candidate', term: 2 });
});

test('a change that another leader replaces is taken back, on disk, too', async () => {
  const stage = scene();
  stage.isolate('n1');
  const id = stage.request('n1', remove('n3'));
  expect(membersOf(stage, 'n1')).toBe('n1 n2');
  stage.settle();
  stage.elect('n2');
  stage.heal();
  stage.ring('n2', 'heartbeat');
  stage.settle();

  expect(stage.answer(id)).toMatchObject({ code: 13 });
  expect(membersOf(stage, 'n1')).toBe('n1 n2 n3');
  stage.crash('n1');
  stage.start('n1');
  expect(membersOf(stage, 'n1')).toBe('n1 n2 n3');
  await expect(trace(stage)).toMatchFileSnapshot('testdata/change-taken-back.txt');
});

test('a change waits for an entry of the term: two leaders cannot change the same members apart', async () => {
  // Given four members, and n1, which began to add n5 and was cut off with it.
  const stage = scene({ nodes: 5, members: 4 });
  stage.isolate('n1', 'n5');
  stage.request('n1', add('n5'));
  stage.settle();
  expect(membersOf(stage, 'n5')).toBe('n1 n2 n3 n4 n5');
  // And n2, elected by the others, of which nobody has its no-op yet.
  stage.loseLeader('n2');
  stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
  stage.letters.length = 0;

  // When n2 is to remove n1 at once, it refuses: with n2, n3 and n4 as members, two of them could commit it, while
  // n1, n5 and the third could elect n1, with five members (Ongaro, raft-dev 2015).
  expect(stage.ask('n2', remove('n1'))).toMatchObject({ code: 11, text: 'What came before is not committed yet' });
  stage.ring('n2', 'heartbeat');
  stage.settle();
  expect(stage.ask('n2', remove('n1'))).toEqual({ type: 'remove_server_ok', members: ['n2', 'n3', 'n4'] });

  // Then n1 finds no votes, since a majority has the entry of n2's term.
  stage.crash('n2');
  stage.heal();
  stage.crash('n1');
  stage.start('n1');
  for (let attempts = 0; attempts < 2; attempts++) {
    stage.loseLeader('n1'); // The first time, it only learns the term.
    stage.settle();
  }
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'pre-candidate', term: 2 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/change-waits-for-own-term.txt');
});

test.each([
  ['a leader that begins no change before its own entry stays the only one', null, [11, null, 'open_session_ok']],
  [
    'a leader that begins its term without an entry changes members beside another',
    'no-leader-noop',
    [null, 'open_session_ok', 'open_session_ok'],
  ],
])('%s', (_claim, bug, expected) => {
  // Given n1, which leads term 1 of four members, and was cut off when it began to add n5; and n2, elected after it.
  const stage = scene({ nodes: 5, members: 4, bug });
  stage.isolate('n1', 'n5');
  stage.request('n1', add('n5'));
  stage.settle();
  stage.loseLeader('n2');
  stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
  stage.letters.length = 0;

  // When n2, with n3, is to remove n1, and n1, with n4 and n5, comes back.
  stage.heal();
  stage.isolate('n2', 'n3');
  const removal = stage.ask('n2', remove('n1'));
  stage.crash('n1');
  stage.start('n1');
  stage.loseLeader('n1');
  stage.settle(); // This teaches it term 2.
  stage.loseLeader('n1');
  stage.settle();
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader', term: 3 });

  const answers = ['n2', 'n1'].map((name) => stage.ask(name, openSession)?.type ?? null);
  expect([removal?.['code'] ?? null, ...answers]).toEqual(expected);
});

test('one change at a time, only by the leader, and never of the last member', () => {
  const stage = scene();
  stage.isolate('n2', 'n3');
  stage.request('n1', remove('n3'));
  expect(stage.ask('n1', remove('n2'))).toMatchObject({ code: 11, text: 'Another change of members is under way' });
  expect(stage.ask('n2', remove('n1'))).toMatchObject({ code: 11, leader: 'n1' });
  expect(stage.ask('n1', add('n9'))).toMatchObject({ code: 12 });

  const alone = scene({ nodes: 1 });
  expect(alone.ask('n1', remove('n1'))).toEqual({ type: 'error', code: 12, text: 'n1 is the only member' });
  expect(alone.ask('n1', add('n1'))).toEqual({ type: 'add_server_ok', members: ['n1'] });
});

test('a cluster of one grows and shrinks again', () => {
  const stage = scene({ nodes: 3, members: 1 });
  for (const name of ['n2', 'n3']) expect(stage.ask('n1', add(name))).toMatchObject({ type: 'add_server_ok' });
  for (const name of ['n1', 'n3']) {
    const leader = ['n1', 'n2', 'n3'].find((one) => stage.machine(one).inspect().role === 'leader') ?? '';
    expect(stage.ask(leader, remove(name))).toMatchObject({ type: 'remove_server_ok' });
    stage.pass(3_000);
  }
  expect(stage.machine('n2').inspect()).toMatchObject({ role: 'leader', members: ['n2'] });
  expect(stage.ask('n2', read)).toEqual({ type: 'read_ok', value: 1 });
});
