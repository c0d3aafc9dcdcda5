import { expect, test } from 'vitest';
import { bugs } from './bugs.ts';
import type { BugName } from './bugs.ts';
import { read, stamp, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';
import { perform, type Play } from '../testing/plays.ts';

/** Everything by which replicas are brought up to date behind the requests. */
const alone = { antiEntropy: 'off', handoff: 'off', readRepair: 'off' };

const plays: readonly Play<Stage, BugName>[] = [
  {
    bug: 'no-write-back',
    claim: 'a read sees a write that is under way, and the next one does not',
    options: { values: alone },
    script(stage) {
      stage.write('n2', 1);
      // The client of n1 waits; nobody else has heard of 2.
      stage.isolate('n1');
      stage.request('n1', write(2, 2));
      stage.settle();
      stage.heal();
      stage.isolate('n3');
      const first = stage.read('n2');
      stage.heal();
      stage.isolate('n1');
      return [first, stage.read('n3')];
    },
    right: [2, 2],
    wrong: [2, 1],
  },
  {
    bug: 'ack-before-quorum',
    claim: 'a write is acknowledged that only its coordinator holds, and a later read misses it',
    script(stage) {
      stage.write('n2', 1);
      const given = stage.ask('n1', stamp);
      stage.isolate('n1');
      const answer = stage.ask('n1', stage.bodyWith(given, 2));
      return [answer?.type ?? null, stage.read('n2')];
    },
    right: [null, 1],
    wrong: ['write_ok', 1],
  },
  {
    bug: 'stale-quorum',
    claim: 'a replica that missed a write answers a read by itself',
    script(stage) {
      stage.write('n1', 1);
      stage.isolate('n3');
      const answer = stage.write('n1', 2)?.type ?? null;
      stage.heal();
      return [answer, stage.read('n3')];
    },
    right: ['write_ok', 2],
    wrong: ['write_ok', 1],
  },
  {
    bug: 'wall-clock-versions',
    claim: 'a write through a node whose clock is behind is acknowledged and never seen',
    script(stage) {
      stage.bump('n1', 5_000);
      stage.write('n1', 1);
      return [stage.write('n2', 2)?.type ?? null, stage.read('n3')];
    },
    right: ['write_ok', 2],
    wrong: ['write_ok', 1],
  },
  {
    bug: 'forget-on-restart',
    claim: 'a majority that restarts has forgotten what it acknowledged',
    script(stage) {
      stage.isolate('n3');
      const answer = stage.write('n1', 1)?.type ?? null;
      stage.heal();
      for (const name of ['n1', 'n2']) {
        stage.crash(name);
        stage.start(name);
      }
      return [answer, stage.read('n3')];
    },
    right: ['write_ok', 1],
    wrong: ['write_ok', 'code 20'],
  },
  {
    bug: 'lost-hint',
    claim: 'a replica that was cut off never gets what it missed',
    options: { values: { resend: 150 } },
    script(stage) {
      stage.isolate('n3');
      stage.write('n1', 1);
      stage.pass(400);
      stage.heal();
      stage.pass(100);
      return stage.held('n1', 'n2', 'n3');
    },
    right: [1, 1, 1],
    wrong: [1, 1, null],
  },
  {
    bug: 'repair-with-older',
    claim: 'a late repair undoes an acknowledged write',
    script(stage) {
      stage.isolate('n3');
      stage.write('n1', 1);
      stage.heal();
      // n2 sends n3 what it lacks; before that arrives, n3 has newer.
      const repaired = stage.request('n2', read);
      for (const [from, to] of ['n2 n1', 'n1 n2', 'n2 n3', 'n3 n2'].map((way) => way.split(' ')))
        stage.deliver(from ?? '', to ?? '');
      const late = stage.intercept('n2', 'n3');
      stage.isolate('n2');
      const acknowledged = stage.write('n1', 2)?.type ?? null;
      stage.heal();
      stage.handOver(late);
      stage.isolate('n1');
      return [stage.answer(repaired)?.['value'] ?? null, acknowledged, stage.read('n3')];
    },
    right: [1, 'write_ok', 2],
    wrong: [1, 'write_ok', 1],
  },
  {
    bug: 'reused-stamp',
    claim: 'two writes get the same stamp, and each replica keeps the one that came first',
    script(stage) {
      const requests = [stage.request('n1', stamp), stage.request('n1', stamp)];
      stage.settle();
      const [one, other] = requests.map((request) => stage.answer(request));
      stage.request('n2', stage.bodyWith(one ?? null, 1));
      stage.request('n3', stage.bodyWith(other ?? null, 2));
      stage.settle();
      return [stage.read('n2'), stage.read('n3'), stage.read('n2')];
    },
    right: [2, 2, 2],
    wrong: [1, 2, 1],
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

test('every planted bug has such a play', () => {
  expect(plays.map(({ bug }) => bug)).toEqual(bugs.map(({ name }) => name));
});
