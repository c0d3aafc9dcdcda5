import { expect, test } from 'vitest';
import { bugs } from './bugs.ts';
import type { BugName } from './bugs.ts';
import { read, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';
import { perform, type Play } from '../testing/plays.ts';

const restart = (stage: Stage, name: string): void => {
  stage.crash(name);
  stage.start(name);
};

const plays: readonly Play<Stage, BugName>[] = [
  {
    bug: 'vote-not-logged',
    claim: 'a worker that crashes between its vote and the decision never does what it promised',
    script(stage) {
      stage.says('n1', write(1));
      const request = stage.request('n1', write(2));
      stage.settle('prepare');
      restart(stage, 'n3');
      stage.settle();
      return [stage.saidTo(request), stage.read('n2'), stage.read('n3')];
    },
    right: ['write_ok', 2, 2],
    wrong: ['write_ok', 2, 1],
  },
  {
    bug: 'decision-not-logged',
    claim:
      'a coordinator that crashes after an acknowledged write aborts it, and takes it from those that had not heard',
    script(stage) {
      stage.says('n1', write(1));
      const request = stage.request('n1', write(2));
      stage.settle('prepare', 'vote-commit');
      stage.deliver('n1', 'n2', 'global-commit');
      stage.letters.length = 0;
      restart(stage, 'n1');
      stage.settle();
      return [stage.saidTo(request), stage.read('n1'), stage.read('n2'), stage.read('n3')];
    },
    right: ['write_ok', 2, 2, 2],
    wrong: ['write_ok', 1, 2, 1],
  },
  {
    bug: 'unilateral-abort',
    claim: 'a worker that is cut off after its vote gives up what the others have committed',
    script(stage) {
      stage.says('n1', write(1));
      const request = stage.request('n1', write(2));
      stage.settle('prepare', 'vote-commit');
      stage.isolate('n3');
      stage.pass(1_000);
      const reading = stage.request('n3', read());
      stage.heal();
      stage.pass(200);
      return [stage.saidTo(request), stage.read('n2'), stage.saidTo(reading)];
    },
    right: ['write_ok', 2, 2],
    wrong: ['write_ok', 2, 1],
  },
  {
    bug: 'presume-commit-on-timeout',
    claim: 'a worker that never heard of a transaction is taken to agree',
    script(stage) {
      stage.says('n1', write(1));
      stage.isolate('n3');
      const request = stage.request('n1', write(2));
      stage.pass(700);
      return [stage.saidTo(request), stage.read('n1'), stage.read('n3')];
    },
    right: ['code 11', 1, 1],
    wrong: ['write_ok', 2, 1],
  },
  {
    bug: 'read-ignores-lock',
    claim: 'a worker that has voted commit still shows the old value when the new one is acknowledged',
    script(stage) {
      stage.says('n1', write(1));
      const request = stage.request('n1', write(2));
      stage.settle('prepare', 'vote-commit');
      const reading = stage.request('n3', read());
      const early = stage.saidTo(reading);
      stage.settle();
      return [stage.saidTo(request), early, stage.saidTo(reading)];
    },
    right: ['write_ok', null, 2],
    wrong: ['write_ok', 1, 1],
  },
  {
    bug: 'release-lock-on-prepare',
    claim: 'two transactions on one key commit at once, and workers do them in different orders',
    script(stage) {
      const requests = [stage.request('n1', write(1)), stage.request('n2', write(2))];
      stage.settle('prepare', 'vote-commit', 'vote-abort');
      stage.settle();
      return [...requests.map((request) => stage.saidTo(request)), stage.read('n1'), stage.read('n2')];
    },
    right: ['code 30', 'code 30', 'code 20', 'code 20'],
    wrong: ['write_ok', 'write_ok', 2, 1],
  },
  {
    bug: 'ack-before-decision',
    claim: 'a write is acknowledged that is then aborted',
    script(stage) {
      stage.isolate('n3');
      const request = stage.request('n1', write(2));
      const early = stage.saidTo(request);
      stage.pass(700);
      return [early, stage.saidTo(request), stage.read('n1')];
    },
    right: [null, 'code 11', 'code 20'],
    wrong: ['write_ok', 'write_ok', 'code 20'],
  },
  {
    bug: 'accept-old-prepare',
    claim: 'a PREPARE that comes late undoes the write that came after it',
    script(stage) {
      stage.request('n1', write(1));
      const late = stage.intercept('n1', 'n3');
      stage.ring('n1', 'upkeep');
      // All have committed, but the coordinator has not heard so of n2, and tells its decision to whoever asks.
      stage.settle('prepare', 'vote-commit', 'global-commit');
      stage.intercept('n2', 'n1');
      const second = stage.says('n2', write(2));
      stage.note('the first PREPARE arrives at n3');
      stage.handOver(late);
      stage.settle();
      return [second, stage.read('n2'), stage.read('n3')];
    },
    right: ['write_ok', 2, 2],
    wrong: ['write_ok', 2, 1],
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
