import { expect, test } from 'vitest';
import { Stage } from './testing/stage.ts';

test('a node asks before it campaigns, is elected by a majority and begins its term with a no-op', () => {
  const stage = new Stage();

  stage.loseLeader('n1');
  stage.settle();

  expect(stage.told()).toEqual([
    'n1 > n2: pre-vote for term 1, log ends with the beginning',
    'n1 > n3: pre-vote for term 1, log ends with the beginning',
    'n2 > n1: yes to pre-vote for term 1, mine is 0',
    'n1 saves term 1, vote n1',
    'n3 > n1: yes to pre-vote for term 1, mine is 0',
    'n1 > n2: vote for term 1, log ends with the beginning',
    'n2 saves term 1, vote -',
    'n2 saves term 1, vote n1',
    'n1 > n3: vote for term 1, log ends with the beginning',
    'n3 saves term 1, vote -',
    'n3 saves term 1, vote n1',
    'n2 > n1: yes to vote, my term is 1',
    'n1 saves 1:no-op from 1',
    'n3 > n1: yes to vote, my term is 1',
    'n1 > n2: append 1:no-op after the beginning, term 1, commit 0, round 0',
    'n2 saves 1:no-op from 1',
    'n1 > n3: append 1:no-op after the beginning, term 1, commit 0, round 0',
    'n3 saves 1:no-op from 1',
    'n2 > n1: yes to append up to 1, round 0',
    'n3 > n1: yes to append up to 1, round 0',
  ]);
  expect(stage.machine('n1').inspect()).toEqual({
    role: 'leader',
    term: 1,
    leader: 'n1',
    commit: 1,
    applied: 1,
    length: 1,
    snapshot: 0,
    members: ['n1', 'n2', 'n3'],
  });
  expect(stage.machine('n2').inspect()).toEqual({
    role: 'follower',
    term: 1,
    leader: 'n1',
    commit: 0,
    applied: 0,
    length: 1,
    snapshot: 0,
    members: ['n1', 'n2', 'n3'],
  });
});

test('a node behind a partition never raises its term, and deposes nobody when it comes back', () => {
  const stage = new Stage();
  stage.elect('n1');
  stage.isolate('n3');

  stage.pass(5_000);
  expect(stage.machine('n3').inspect()).toMatchObject({ role: 'pre-candidate', term: 1 });
  stage.heal();
  stage.told();
  stage.say('n3', 'n1', { type: 'pre-vote', term: 2, lastIndex: 1, lastTerm: 1 });
  stage.say('n3', 'n2', { type: 'pre-vote', term: 2, lastIndex: 1, lastTerm: 1 });
  stage.settle();

  expect(stage.told()).toEqual([
    'n3 > n1: pre-vote for term 2, log ends with 1 of term 1',
    'n3 > n2: pre-vote for term 2, log ends with 1 of term 1',
    'n1 > n3: no to pre-vote for term 2, mine is 1',
    'n2 > n3: no to pre-vote for term 2, mine is 1',
  ]);
  stage.pass(5_000);
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader', term: 1 });
  expect(stage.machine('n3').inspect()).toMatchObject({ role: 'follower', term: 1, leader: 'n1' });
});

test('who has just heard from a leader takes no notice of a vote, and not of its term either', () => {
  const stage = new Stage();
  stage.elect('n1');
  stage.pass(1_000);
  stage.told();

  stage.say('n3', 'n1', { type: 'vote', term: 2, lastIndex: 1, lastTerm: 1 });
  stage.say('n3', 'n2', { type: 'vote', term: 2, lastIndex: 1, lastTerm: 1 });
  stage.settle();

  expect(stage.told()).toEqual([
    'n3 > n1: vote for term 2, log ends with 1 of term 1',
    'n3 > n2: vote for term 2, log ends with 1 of term 1',
  ]);
  expect(stage.machine('n2').inspect()).toMatchObject({ term: 1, leader: 'n1' });
});

test('a leader without followers is replaced by the others, and follows when it hears of it', () => {
  const stage = new Stage();
  stage.elect('n1');
  stage.isolate('n1');

  stage.pass(2_000);
  const elected = ['n2', 'n3'].filter((name) => stage.machine(name).inspect().role === 'leader');
  expect(elected).toHaveLength(1);
  stage.heal();
  stage.pass(2_000);

  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'follower', leader: elected[0] });
  expect(stage.node('n1').term).toBe(stage.node(elected[0] ?? '').term);
});

test('a leader steps down when it has not heard from a majority for an election timeout, and a minority is enough to stay', () => {
  const stage = new Stage({ nodes: 5 });
  stage.elect('n1');

  stage.isolate('n4', 'n5');
  for (let count = 0; count < 10; count++) {
    stage.ring('n1', 'heartbeat');
    stage.settle();
  }
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader' });

  stage.isolate('n3');
  for (let count = 0; count < 5; count++) {
    expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader' });
    stage.ring('n1', 'heartbeat');
    stage.settle();
  }
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'follower', term: 1, leader: null });
});

test('a log that lacks what others hold gets no vote', () => {
  const stage = new Stage();
  stage.elect('n1');
  stage.isolate('n3');
  stage.ask('n1', { type: 'open_session' });
  stage.crash('n1');
  stage.heal();

  stage.loseLeader('n3');
  stage.settle();
  expect(stage.machine('n3').inspect()).toMatchObject({ role: 'pre-candidate', term: 1 });

  stage.elect('n2');
  expect(stage.machine('n2').inspect()).toMatchObject({ role: 'leader', term: 2 });
  expect(stage.terms('n3')).toEqual([1, 1, 2]);
});

test('a vote survives a restart: nobody votes twice in a term', () => {
  const stage = new Stage();
  stage.loseLeader('n1');
  stage.loseLeader('n3');
  // Both hear yes to their pre-votes, n1 from n2 and n3 from n2.
  stage.deliver('n1', 'n2');
  stage.deliver('n3', 'n2');
  stage.deliver('n2', 'n1');
  stage.deliver('n2', 'n3');
  stage.deliver('n1', 'n2', 'vote');

  stage.crash('n2');
  stage.start('n2');
  stage.told();
  stage.deliver('n3', 'n2', 'vote');
  stage.deliver('n2', 'n3', 'vote-reply');

  expect(stage.told()).toEqual([
    'n3 > n2: vote for term 1, log ends with the beginning',
    'n2 > n3: no to vote, my term is 1',
  ]);
  expect(stage.node('n2').vote).toBe('n1');
});

test('a single node elects itself, commits and answers at once', () => {
  const stage = new Stage({ nodes: 1 });
  stage.loseLeader('n1');

  expect(stage.ask('n1', { type: 'open_session' })).toEqual({ type: 'open_session_ok', session: 2 });
  expect(stage.ask('n1', { type: 'write', key: 'a', value: 1, session: 2, sequence: 1 })).toEqual({ type: 'write_ok' });
  expect(stage.ask('n1', { type: 'read', key: 'a' })).toEqual({ type: 'read_ok', value: 1 });
  stage.ring('n1', 'heartbeat');
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader', commit: 3 });
});

test('who has given its vote waits anew before it campaigns itself', () => {
  const stage = new Stage();
  stage.loseLeader('n1');
  stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
  stage.letters.length = 0;

  stage.ring('n2', 'election');

  expect(stage.machine('n2').inspect()).toMatchObject({ role: 'follower', term: 1 });
  expect(stage.letters).toEqual([]);
});
