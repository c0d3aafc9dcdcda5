import { expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { bugs } from './bugs.ts';
import type { BugName } from './bugs.ts';
import { openSession, read, remove, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';
import { perform, type Play } from '../testing/plays.ts';

/** n1 leads, session 2 is open, and a holds 1 by entry 3; the followers do not know yet that it is committed. The trace begins here. */
function begin(stage: Stage): void {
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.ask('n1', write(2, 1, 1));
  stage.told();
}

/** What n1 answers to a read when it is cut off and the others have elected n2 or n3 and written 2. */
function readBehindPartition(stage: Stage, time: number): Json {
  stage.isolate('n1');
  stage.pass(time);
  const leader = ['n2', 'n3'].find((name) => stage.node(name).role.kind === 'leader') ?? '';
  stage.ask(leader, write(2, 2, 2));
  const id = stage.request('n1', read);
  stage.settle();
  return stage.answer(id)?.['value'] ?? null;
}

const plays: readonly Play<Stage, BugName>[] = [
  {
    bug: 'stale-read',
    claim: 'a leader that was cut off answers the past',
    script(stage) {
      begin(stage);
      return readBehindPartition(stage, 2_000);
    },
    right: null,
    wrong: 1,
  },
  {
    bug: 'forget-vote',
    claim: 'a voter that was killed votes again, and two nodes are elected in one term',
    script(stage) {
      for (const name of ['n1', 'n3']) stage.loseLeader(name);
      for (const name of ['n1', 'n3']) stage.deliver(name, 'n2', 'pre-vote');
      for (const name of ['n1', 'n3']) stage.deliver('n2', name, 'pre-vote-reply');
      stage.deliver('n1', 'n2', 'vote');
      stage.deliver('n2', 'n1', 'vote-reply');
      stage.crash('n2');
      stage.start('n2');
      stage.deliver('n3', 'n2', 'vote');
      stage.deliver('n2', 'n3', 'vote-reply');
      return ['n1', 'n3'].map((name) => `${stage.node(name).role.kind} of term ${stage.node(name).term}`);
    },
    right: ['leader of term 1', 'candidate of term 1'],
    wrong: ['leader of term 1', 'leader of term 1'],
  },
  {
    bug: 'old-term-commit',
    claim: 'an entry is applied that the next leader does not have (paper, figure 8)',
    options: { values: { maxEntriesPerAppend: 1, maxInFlight: 1 } },
    script(stage) {
      // (a) n1 alone has entries 4 and 5 of term 1.
      begin(stage);
      stage.isolate('n1');
      stage.request('n1', write(2, 2, 2));
      stage.request('n1', openSession);
      stage.settle();
      // (b) n3 is elected for term 2, and alone has another entry 4.
      stage.loseLeader('n3');
      stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
      stage.letters.length = 0;
      // (c) n1 is elected for term 3, and brings entry 4 of term 1 to n2, but nothing of its own term.
      stage.crash('n1');
      stage.start('n1');
      stage.heal();
      stage.isolate('n3');
      for (let attempts = 0; attempts < 2; attempts++) {
        stage.loseLeader('n1'); // The first time, it only learns the term.
        stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
      }
      stage.intercept('n1', 'n3');
      for (let appends = 0; appends < 4; appends++) {
        stage.deliver('n1', 'n2', 'append');
        if (appends < 3) stage.deliver('n2', 'n1', 'append-reply');
      }
      const applied = [stage.node('n2').commit, stage.machine('n2').peek('a')];
      // (d) n3 is elected for term 4.
      stage.letters.length = 0;
      stage.crash('n1');
      stage.heal();
      stage.ring('n3', 'heartbeat');
      stage.letters.length = 0;
      for (let attempts = 0; attempts < 2; attempts++) {
        stage.loseLeader('n3');
        stage.settle('pre-vote', 'pre-vote-reply', 'vote', 'vote-reply');
      }
      return [applied, stage.node('n3').role.kind, stage.terms('n3')];
    },
    right: [[2, null], 'leader', [1, 1, 1, 2, 4]],
    wrong: [[4, 2], 'leader', [1, 1, 1, 2, 4]],
  },
  {
    bug: 'vote-for-shorter-log',
    claim: 'a node without an acknowledged entry is elected, and replaces it',
    script(stage) {
      stage.elect('n1');
      stage.isolate('n3');
      const acknowledged = stage.ask('n1', openSession)?.type ?? null;
      stage.crash('n1');
      stage.heal();
      stage.loseLeader('n3');
      stage.settle();
      return [acknowledged, stage.node('n3').role.kind, stage.terms('n2')];
    },
    right: ['open_session_ok', 'pre-candidate', [1, 1]],
    wrong: ['open_session_ok', 'leader', [1, 2]],
  },
  {
    bug: 'apply-retry-twice',
    claim: 'a write that is sent twice undoes what was written between',
    script(stage) {
      begin(stage);
      stage.ask('n1', openSession);
      stage.ask('n1', write(4, 1, 2));
      stage.ask('n1', write(2, 1, 1));
      return stage.machine('n1').peek('a');
    },
    right: 2,
    wrong: 1,
  },
  {
    bug: 'wall-clock-lease',
    claim: 'a leader whose wall clock was set back believes in its lease, and in its office',
    options: { values: { reads: 'lease', electionMin: 500, electionMax: 1000 } },
    script(stage) {
      begin(stage);
      stage.ring('n1', 'heartbeat');
      stage.settle();
      stage.bump('n1', -5_000);
      return readBehindPartition(stage, 1_500);
    },
    right: null,
    wrong: 1,
  },
  {
    bug: 'lease-ignores-drift',
    claim: 'a leader whose clock is slow believes in its lease when the others are no longer loyal',
    options: { values: { reads: 'lease', maxDrift: 0.5, electionMin: 1000, electionMax: 1020 } },
    script(stage) {
      begin(stage);
      stage.drift('n1', -0.5);
      stage.ring('n1', 'heartbeat');
      stage.settle();
      return readBehindPartition(stage, 1_100);
    },
    right: null,
    wrong: 1,
  },
  {
    bug: 'snapshot-loses-session',
    claim: 'after a restart, a retry of an acknowledged write is refused as a stranger',
    options: { values: { snapshotEvery: 3 } },
    script(stage) {
      begin(stage);
      stage.crash('n1');
      stage.start('n1');
      stage.elect('n1');
      return stage.ask('n1', write(2, 1, 1))?.['code'] ?? 'carried out once';
    },
    right: 'carried out once',
    wrong: 14,
  },
  {
    bug: 'no-leader-noop',
    claim: 'a new leader does not know of what its predecessor has acknowledged',
    script(stage) {
      begin(stage);
      stage.crash('n1');
      stage.elect('n2');
      return stage.ask('n2', read)?.['value'] ?? 'no such key';
    },
    right: 1,
    wrong: 'no such key',
  },
  {
    bug: 'commit-without-new-config',
    claim: 'a server that was removed makes up a majority, beside that of the members',
    options: { nodes: 4 },
    script(stage) {
      begin(stage);
      stage.ask('n1', remove('n4'));
      stage.isolate('n1', 'n4');
      const writes = [stage.ask('n1', write(2, 2, 2))];
      stage.elect('n2');
      writes.push(stage.ask('n2', write(2, 2, 3)));
      return writes.map((answer) => answer?.type ?? null);
    },
    right: [null, 'write_ok'],
    wrong: ['write_ok', 'write_ok'],
  },
  {
    bug: 'truncate-committed',
    claim: 'an old heartbeat takes away what was acknowledged',
    script(stage) {
      stage.elect('n1');
      stage.ring('n1', 'heartbeat');
      const late = stage.intercept('n1', 'n2');
      stage.isolate('n3');
      const answer = stage.ask('n1', openSession)?.type ?? null;
      stage.handOver(late);
      return [answer, stage.node('n2').log.lastIndex];
    },
    right: ['open_session_ok', 2],
    wrong: ['open_session_ok', 1],
  },
  {
    bug: 'drop-session-token',
    claim: 'a client reads at a node that is behind what it has just written itself',
    options: { values: { reads: 'local' } },
    script(stage) {
      begin(stage);
      stage.ring('n1', 'heartbeat');
      stage.settle();
      stage.isolate('n3');
      const written = stage.ask('n1', write(2, 2, 2))?.['index'] ?? null;
      const id = stage.request('n3', { ...read, after: written });
      stage.settle();
      return [written, stage.answer(id)?.['value'] ?? null];
    },
    right: [4, null],
    wrong: [4, 1],
  },
];

test.each(plays.map((play) => [play.bug, play.claim, play] as const))(
  '%s: %s, and the correct twin does not',
  async (bug, _claim, play) => {
    const { right, wrong, trace } = perform(play, bugs, Stage);

    expect([right, wrong]).toEqual([play.right, play.wrong]);
    await expect(trace).toMatchFileSnapshot(`testdata/bug-${bug}.txt`);
  },
);

test('every planted bug has such a play, but for the one that is in the host', () => {
  const played = plays.map(({ bug }) => bug);
  expect(bugs.filter(({ sync }) => sync === undefined).map(({ name }) => name)).toEqual(played);
});
