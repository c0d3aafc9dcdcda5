import { expect, test } from 'vitest';
import { Stage } from './testing/stage.ts';

const write = (sequence: number, value: number) => ({ type: 'write', key: 'a', value, session: 2, sequence });
const read = { type: 'read', key: 'a' };

/** n1 leads, and the key holds 1. */
function scene(options: { nodes?: number; bug?: string } = {}): Stage {
  const stage = new Stage(options);
  stage.elect('n1');
  stage.ask('n1', { type: 'open_session' });
  stage.ask('n1', write(1, 1));
  stage.told();
  return stage;
}

test('a read waits for a round that began after it, however many answers to the round before still come', () => {
  const stage = scene();
  stage.ring('n1', 'heartbeat');
  stage.told();

  stage.request('n1', read);
  stage.settle();

  expect(stage.told()).toEqual([
    'n1 is asked read #3',
    'n1 > n2: append nothing after 3 of term 1, term 1, commit 3, round 1',
    'n1 > n3: append nothing after 3 of term 1, term 1, commit 3, round 1',
    'n2 > n1: yes to append up to 3, round 1',
    'n3 > n1: yes to append up to 3, round 1',
    'n1 > n2: append nothing after 3 of term 1, term 1, commit 3, round 2',
    'n1 > n3: append nothing after 3 of term 1, term 1, commit 3, round 2',
    'n2 > n1: yes to append up to 3, round 2',
    'n1 answers #3 read_ok 1',
    'n3 > n1: yes to append up to 3, round 2',
  ]);
});

test('reads that arrive while a round is on its way share the next one', () => {
  const stage = scene();

  const reads = Array.from({ length: 5 }, () => stage.request('n1', read));
  stage.settle();

  expect(reads.map((id) => stage.answer(id))).toEqual(reads.map(() => ({ type: 'read_ok', value: 1 })));
  expect(stage.told().filter((line) => line.startsWith('n1 > n2'))).toEqual([
    'n1 > n2: append nothing after 3 of term 1, term 1, commit 3, round 1',
    'n1 > n2: append nothing after 3 of term 1, term 1, commit 3, round 2',
  ]);
});

test('a new leader answers no read before its no-op is committed', () => {
  // Given a write that n1 acknowledged, of whose commitment n2 has not heard.
  const stage = scene();
  stage.crash('n1');
  stage.loseLeader('n2');
  stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
  expect(stage.machine('n2').inspect()).toMatchObject({ role: 'leader', commit: 2 });

  // When it is asked, and n3 confirms its office, but the no-op was lost.
  stage.letters.length = 0;
  const id = stage.request('n2', read);
  stage.deliver('n2', 'n3');
  stage.deliver('n3', 'n2');
  expect(stage.node('n2').role).toMatchObject({ kind: 'leader', office: { confirmed: 1, round: 1 } });
  expect(stage.answer(id)).toBeNull();

  // Then the answer waits for the no-op, and holds the write.
  stage.settle();
  expect(stage.answer(id)).toEqual({ type: 'read_ok', value: 1 });
});

test('a deposed leader never answers a read, and a leader with the bug stale-read answers the past', () => {
  const answerOf = (bug?: string) => {
    // Given n1, which does not hear that n2 leads and that the key holds 2.
    const stage = scene(bug === undefined ? {} : { bug });
    stage.isolate('n1');
    stage.elect('n2');
    stage.ask('n2', write(2, 2));

    const id = stage.request('n1', read);
    stage.pass(3_000);

    return [stage.answer(id), stage.machine('n1').inspect().role];
  };

  expect(answerOf()).toEqual([{ type: 'error', code: 11, text: 'No leader is known here' }, 'pre-candidate']);
  expect(answerOf('stale-read')).toEqual([{ type: 'read_ok', value: 1 }, 'leader']);
});

test('an answer to an append of a former term confirms no round of the present one', () => {
  // Given n1, which led term 1 up to round 3, with appends of these rounds still on their way to n2.
  const stage = scene();
  for (let count = 0; count < 3; count++) stage.ring('n1', 'heartbeat');
  const late = stage.intercept('n1', 'n2');
  stage.settle();
  stage.crash('n1');
  stage.start('n1');
  stage.elect('n1');
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'leader', term: 2 });

  // When n1 is asked in term 2, its round is lost, and these arrive.
  const id = stage.request('n1', read);
  stage.letters.length = 0;
  stage.told();
  stage.handOver(late.slice(0, 1));
  stage.settle();

  expect(stage.told()).toEqual([
    'n1 > n2: append nothing after 3 of term 1, term 1, commit 3, round 1',
    'n2 > n1: outdated, my term is 2',
  ]);
  expect(stage.answer(id)).toBeNull();
});

test('a follower names the leader, and a node that knows of none says so', () => {
  const stage = new Stage();
  expect(stage.ask('n2', read)).toEqual({ type: 'error', code: 11, text: 'No leader is known here' });
  stage.elect('n1');
  expect(stage.ask('n2', read)).toEqual({ type: 'error', code: 11, text: 'n1 is the leader', leader: 'n1' });
  stage.loseLeader('n2');
  expect(stage.ask('n2', write(1, 1))).toEqual({ type: 'error', code: 11, text: 'No leader is known here' });
});
