import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import { bugs } from './bugs.ts';
import type { BugName } from './bugs.ts';
import { cas, read, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';
import { perform, type Play } from '../testing/plays.ts';

/** The answer to a read, when only questions to the tail and their answers are delivered. */
function readOnly(stage: Stage, name: string): Json {
  const request = stage.request(name, read());
  stage.settle('version-query', 'version-reply');
  return stage.said(request);
}

const plays: readonly Play<Stage, BugName>[] = [
  {
    bug: 'serve-dirty',
    claim: 'one client reads what the tail does not have yet, and the next one, at the tail, reads the past',
    script(stage) {
      const session = stage.withOne();
      stage.request('n1', write(session, 2, 2));
      stage.deliver('n1', 'n2', 'update');
      return [readOnly(stage, 'n2'), readOnly(stage, 'n3')];
    },
    right: [1, 1],
    wrong: [2, 1],
  },
  {
    bug: 'version-query-to-neighbour',
    claim: 'the neighbour has not heard that the tail has committed what was read there before',
    script(stage) {
      const session = stage.withOne();
      stage.request('n1', write(session, 2, 2));
      stage.deliver('n1', 'n2', 'update');
      stage.deliver('n2', 'n3', 'update');
      return [readOnly(stage, 'n3'), readOnly(stage, 'n1')];
    },
    right: [2, 2],
    wrong: [2, 1],
  },
  {
    bug: 'ack-at-head',
    claim: 'a write is acknowledged, and a read at the tail after that does not see it',
    script(stage) {
      const session = stage.withOne();
      const writing = stage.request('n1', write(session, 2, 2));
      return [stage.said(writing), readOnly(stage, 'n3')];
    },
    right: [null, 1],
    wrong: ['write_ok', 1],
  },
  {
    bug: 'skip-resend-after-repair',
    claim: 'what the failed node had not passed on never comes, and the new chain never gets to serve',
    options: { nodes: 4 },
    script(stage) {
      const session = stage.withOne();
      const writing = stage.request('n1', write(session, 2, 2));
      stage.deliver('n1', 'n2', 'update');
      stage.crash('n2');
      stage.letters.length = 0;
      stage.pass(5_000);
      return [stage.said(writing), stage.chain('n1')];
    },
    right: ['write_ok', 'n1-n3-n4'],
    wrong: [null, '(n1-n3-n4)'],
  },
  {
    bug: 'removed-node-serves',
    claim: 'a tail that is cut off, and was replaced meanwhile, answers what has been overwritten',
    options: { nodes: 5 },
    script(stage) {
      const session = stage.withOne();
      stage.isolate('n5');
      stage.pass(4_000);
      return [stage.says('n1', write(session, 2, 2)), stage.read('n5')];
    },
    right: ['write_ok', 'code 11'],
    wrong: ['write_ok', 1],
  },
  {
    bug: 'forget-dirty-on-restart',
    claim: 'what the tail has committed is gone when all nodes crash before they know of it',
    script(stage) {
      const session = stage.withOne();
      stage.request('n1', write(session, 2, 2));
      stage.deliver('n1', 'n2', 'update');
      stage.deliver('n2', 'n3', 'update');
      const before = readOnly(stage, 'n3');
      for (const name of nodeNames(3)) stage.crash(name);
      stage.letters.length = 0;
      for (const name of nodeNames(3)) stage.start(name);
      stage.pass(3_000);
      return [before, stage.read('n3')];
    },
    right: [2, 2],
    wrong: [2, 1],
  },
  {
    bug: 'apply-out-of-order',
    claim: 'an update that was lost is acknowledged with the one behind it, and nobody has it but the head',
    script(stage) {
      const session = stage.withOne();
      const lost = stage.request('n1', write(session, 2, 2));
      stage.intercept('n1', 'n2');
      stage.request('n1', write(session, 3, 3, 'b'));
      stage.settle();
      return [stage.said(lost), stage.read('n3')];
    },
    right: ['write_ok', 2],
    wrong: ['write_ok', 1],
  },
  {
    bug: 'cas-on-dirty',
    claim: 'a client is told of a value that is not committed, and a read at the tail after that does not see it',
    script(stage) {
      const session = stage.withOne();
      const other = stage.session();
      stage.request('n1', write(session, 2, 2));
      const refused = stage.request('n1', cas(other, 1, 1, 9));
      return [stage.said(refused), readOnly(stage, 'n3')];
    },
    right: [null, 1],
    wrong: ['no, 2', 1],
  },
];

test.each(plays.map((play) => [play.bug, play.claim, play] as const))(
  '%s: %s, and the correct twin does not',
  async (bug, _claim, play) => {
    const { right, wrong, trace } = perform(play, bugs, Stage, (line) => !line.endsWith(' timer'));

    expect([right, wrong]).toEqual([play.right, play.wrong]);
    await expect(trace).toMatchFileSnapshot(`testdata/bug-${bug}.txt`);
  },
);

test('every planted bug has such a play', () => {
  expect(plays.map(({ bug }) => bug)).toEqual(bugs.map(({ name }) => name));
});
