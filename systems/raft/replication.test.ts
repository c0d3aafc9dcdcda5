import { expect, test } from 'vitest';
import { nodeId } from '../../src/core/ids.ts';
import { Stage } from './testing/stage.ts';

const write = (session: number, sequence: number, value: number, key = 'a') => ({
  type: 'write',
  key,
  value,
  session,
  sequence,
});

test('a log that went astray is repaired, a term at a time and not an entry at a time', () => {
  // Given n3, which led term 1 and then, alone, appended what nobody else has.
  const stage = new Stage();
  stage.elect('n3');
  stage.isolate('n3');
  for (let count = 1; count <= 6; count++) stage.request('n3', write(99, count, count));
  stage.settle();
  stage.elect('n1');
  for (let count = 1; count <= 4; count++) stage.ask('n1', { type: 'open_session' });
  expect([stage.terms('n1'), stage.terms('n3')]).toEqual([
    [1, 2, 2, 2, 2, 2],
    [1, 1, 1, 1, 1, 1, 1],
  ]);

  // When it hears from the leader of term 2 again.
  stage.heal();
  stage.told();
  stage.ring('n1', 'heartbeat');
  stage.settle();

  // Then one probe is rejected, the next finds the end of the common log, and the rest comes in one append.
  expect(stage.told().filter((line) => line.startsWith('n1 > n3') || line.startsWith('n3'))).toEqual([
    'n1 > n3: append nothing after 5 of term 2, term 2, commit 6, round 1',
    'n3 saves term 2, vote -',
    ...[1, 2, 3, 4, 5, 6].map((id) => `n3 answers #${id} error 13`),
    'n3 > n1: no to append after 5, conflict from 1 of term 1, round 1',
    'n1 > n3: append nothing after 1 of term 1, term 2, commit 6, round 1',
    'n3 > n1: yes to append up to 1, round 1',
    'n1 > n3: append 2:no-op 2:open-session 2:open-session 2:open-session 2:open-session after 1 of term 1, term 2, commit 6, round 1',
    'n3 saves 2:no-op 2:open-session 2:open-session 2:open-session 2:open-session from 2',
    'n3 > n1: yes to append up to 6, round 1',
  ]);
  expect(stage.terms('n3')).toEqual([1, 2, 2, 2, 2, 2]);
});

test('an entry of an earlier term is not committed by counting, but by one of the present term behind it (figure 8)', () => {
  // Given n1, which led term 1 and got entry 2 to n2 only, and n5, which led term 2 and appended its no-op alone.
  const stage = new Stage({ nodes: 5, values: { maxEntriesPerAppend: 1 } });
  stage.elect('n1');
  stage.isolate('n1', 'n2');
  stage.request('n1', { type: 'open_session' });
  stage.settle();
  stage.crash('n1');
  stage.crash('n2');
  stage.heal();
  stage.loseLeader('n5');
  stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
  stage.crash('n5');
  stage.letters.length = 0;
  expect(['n3', 'n4'].map((name) => stage.node(name).vote)).toEqual(['n5', 'n5']);

  // When n1 is elected again, in term 3, and entry 2 reaches a majority, but not the no-op behind it.
  stage.start('n1');
  stage.start('n2');
  stage.loseLeader('n1'); // This only teaches it term 2.
  stage.settle();
  stage.loseLeader('n1');
  stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
  stage.letters.length = 0;
  stage.ring('n1', 'heartbeat');
  for (const follower of ['n2', 'n3'])
    for (let exchange = 0; exchange < 2; exchange++) {
      stage.deliver('n1', follower);
      stage.deliver(follower, 'n1');
    }
  stage.deliver('n1', 'n3');
  stage.deliver('n3', 'n1');

  // Then three of five hold entry 2, and it is not committed.
  expect(['n1', 'n2', 'n3'].map((name) => stage.terms(name))).toEqual([
    [1, 1, 3],
    [1, 1],
    [1, 1],
  ]);
  expect(stage.node('n1').commit).toBe(0);
  // And the no-op commits all of it.
  stage.settle();
  expect(stage.node('n1').commit).toBe(3);
});

test('new entries leave at once, four appends ahead of the answers, and what comes later travels together', () => {
  const stage = new Stage({ nodes: 2 });
  stage.elect('n1');
  stage.told();

  for (let count = 1; count <= 9; count++) stage.request('n1', { type: 'open_session' });
  expect(stage.letters).toHaveLength(4);
  stage.deliver('n1', 'n2');
  stage.deliver('n2', 'n1');

  const sent = stage.letters.map(({ text }) => (JSON.parse(text) as { entries: unknown[] }).entries.length);
  expect(sent).toEqual([1, 1, 1, 5]);
  stage.settle();
  expect(stage.node('n1').commit).toBe(10);
});

test('an append carries no more entries than maxEntriesPerAppend', () => {
  const stage = new Stage({ nodes: 2, values: { maxEntriesPerAppend: 2 } });
  stage.elect('n1');
  for (let count = 1; count <= 9; count++) stage.request('n1', { type: 'open_session' });

  const sizes: number[] = [];
  while (stage.letters.length > 0) {
    const entries = (JSON.parse(stage.letters[0]?.text ?? '') as { entries?: unknown[] }).entries?.length;
    if (entries !== undefined) sizes.push(entries);
    const letter = stage.letters[0];
    stage.deliver(letter?.from ?? '', letter?.to ?? '');
  }

  expect(sizes).toEqual([1, 1, 1, 1, 2, 2, 1]);
  expect(stage.node('n1').commit).toBe(10);
});

test('a lost append is noticed by the next heartbeat and sent again', () => {
  const stage = new Stage();
  stage.elect('n1');
  stage.request('n1', { type: 'open_session' });
  stage.letters.length = 0;
  stage.told();

  stage.ring('n1', 'heartbeat');
  stage.settle();

  expect(stage.told().filter((line) => line.includes('n2'))).toEqual([
    'n1 > n2: append nothing after 2 of term 1, term 1, commit 1, round 1',
    'n2 > n1: no to append after 2, conflict from 2 of term -, round 1',
    'n1 > n2: append nothing after 1 of term 1, term 1, commit 1, round 1',
    'n2 > n1: yes to append up to 1, round 1',
    'n1 > n2: append 1:open-session after 1 of term 1, term 1, commit 1, round 1',
    'n2 saves 1:open-session from 2',
    'n2 > n1: yes to append up to 2, round 1',
  ]);
});

test('an old append that comes late or twice takes nothing away', () => {
  const stage = new Stage();
  stage.elect('n1');
  stage.request('n1', { type: 'open_session' });
  const [late] = stage.intercept('n1', 'n2');
  stage.ring('n1', 'heartbeat');
  stage.settle();
  stage.ask('n1', { type: 'open_session' });
  const before = stage.terms('n2');

  if (late !== undefined) stage.handOver([late, late]);
  stage.settle();

  expect(before).toEqual([1, 1, 1]);
  expect(stage.terms('n2')).toEqual(before);
  expect(stage.node('n2').leader).toBe(nodeId('n1'));
});

test('a restart reads back term, vote and log, and applies nothing before it hears what is committed', () => {
  const stage = new Stage();
  stage.elect('n1');
  stage.ask('n1', { type: 'open_session' });
  stage.ask('n1', write(2, 1, 7));
  stage.ring('n1', 'heartbeat');
  stage.settle();
  expect(stage.machine('n2').peek('a')).toBe(7);

  stage.crash('n2');
  stage.start('n2');

  expect(stage.machine('n2').inspect()).toEqual({
    role: 'follower',
    term: 1,
    leader: null,
    commit: 0,
    applied: 0,
    length: 3,
    snapshot: 0,
    members: ['n1', 'n2', 'n3'],
  });
  expect(stage.machine('n2').peek('a')).toBeNull();
  expect(stage.node('n2').vote).toBe('n1');
  stage.ring('n1', 'heartbeat');
  stage.settle();
  expect(stage.machine('n2').peek('a')).toBe(7);
});

test('a probe moves back after every rejection, even one that makes no sense', () => {
  const stage = new Stage({ nodes: 2 });
  stage.elect('n1');
  stage.ask('n1', { type: 'open_session' });
  stage.told();

  const nonsense = { type: 'append-reply', term: 1, round: 0, accepted: false, conflictTerm: null } as const;
  for (const previousIndex of [2, 1, 0]) stage.say('n2', 'n1', { ...nonsense, previousIndex, conflictIndex: 9 });

  expect(stage.letters.map(({ text }) => (JSON.parse(text) as { previousIndex: number }).previousIndex)).toEqual([
    1, 0, 0,
  ]);
});

test('a rejection that comes late or twice sends nothing again', () => {
  const stage = new Stage({ nodes: 2 });
  stage.elect('n1');
  stage.request('n1', { type: 'open_session' });
  stage.intercept('n1', 'n2');
  stage.request('n1', { type: 'open_session' });
  stage.deliver('n1', 'n2');
  const [rejection] = stage.intercept('n2', 'n1');
  if (rejection === undefined) throw new Error('n2 was to miss entry 2');

  stage.handOver([rejection, rejection]);
  expect(stage.letters).toHaveLength(1);
  stage.settle();
  expect(stage.node('n1').commit).toBe(3);

  stage.handOver([rejection]);
  expect(stage.letters).toEqual([]);
});
