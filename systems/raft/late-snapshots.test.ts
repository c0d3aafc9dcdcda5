/** Snapshots that come late, in pieces of two, or to a node whose log says something else. */
import { expect, test } from 'vitest';
import type { InstallSnapshot, SnapshotReply } from './dialect.ts';
import { openSession, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

/** n1 leads; n3 has missed so much that n1 has forgotten it, is well again, and n1 is about to send it a snapshot. */
function lagging(values: { readonly [name: string]: number } = {}): Stage {
  const stage = new Stage({ values: { snapshotEvery: 4, ...values }, directions: true });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.isolate('n3');
  for (let value = 1; value <= 12; value++) stage.ask('n1', write(2, value, value));
  stage.heal();
  stage.ring('n1', 'heartbeat');
  stage.settle('append', 'append-reply');
  stage.told();
  return stage;
}

test('a snapshot in one part that comes once more, when its follower has gone on, takes nothing back', () => {
  const stage = lagging();
  const snapshot = stage.intercept('n1', 'n3');
  stage.handOver(snapshot);
  stage.settle();
  for (let value = 13; value <= 15; value++) stage.ask('n1', write(2, value, value));
  stage.ring('n1', 'heartbeat');
  stage.settle();
  const before = stage.machine('n3').inspect();
  expect(before).toMatchObject({ commit: 17, applied: 17 });

  stage.handOver(snapshot);

  expect(snapshot.map(({ text }) => (JSON.parse(text) as InstallSnapshot).isLast)).toEqual([true]);
  expect(stage.machine('n3').inspect()).toEqual(before);
  expect(stage.machine('n3').peek('a')).toBe(15);
});

test('a snapshot replaces a longer log that says something else, on disk, too', async () => {
  // Given n1, which has appended much that nobody else has; and n2, which leads after it and has forgotten the beginning.
  const stage = new Stage({ values: { snapshotEvery: 4 }, directions: true });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.isolate('n1');
  for (let value = 1; value <= 20; value++) stage.request('n1', write(2, value, value));
  stage.settle();
  stage.elect('n2');
  for (let value = 1; value <= 9; value++) stage.ask('n2', write(2, value, 100 + value));
  expect(stage.node('n2').log.base).toBeGreaterThan(2);
  stage.told();

  stage.heal();
  stage.ring('n2', 'heartbeat');
  stage.settle();

  const after = { commit: 12, applied: 12, length: 12, snapshot: 12 };
  expect(stage.machine('n1').inspect()).toMatchObject(after);
  stage.crash('n1');
  stage.start('n1');
  expect(stage.machine('n1').inspect()).toMatchObject(after);
  expect(stage.machine('n1').peek('a')).toBe(109);
  await expect(`${stage.told().join('\n')}\n`).toMatchFileSnapshot('testdata/snapshot-over-a-longer-log.txt');
});

test('parts of two snapshots of one term are not put together', () => {
  // Given n3, which has the first part of one snapshot.
  const stage = lagging({ snapshotChunk: 1 });
  const [letter] = stage.intercept('n1', 'n3');
  const first = JSON.parse(letter?.text ?? '') as InstallSnapshot;
  stage.say('n1', 'n3', first);
  stage.letters.length = 0;

  // When the second and last part of a later one comes.
  stage.say('n1', 'n3', { ...first, index: first.index + 1, offset: 1, isLast: true });

  // Then it asks for that one from its beginning.
  expect(stage.machine('n3').inspect()).toMatchObject({ snapshot: 0 });
  expect(stage.letters.map(({ text }) => JSON.parse(text) as SnapshotReply)).toMatchObject([
    { type: 'snapshot-reply', index: first.index + 1, received: 0 },
  ]);
});

test('an answer to a part of another snapshot moves nothing on', () => {
  const stage = lagging({ snapshotChunk: 1 });
  const [letter] = stage.intercept('n1', 'n3');
  const { term, round, index } = JSON.parse(letter?.text ?? '') as InstallSnapshot;
  const reply = { type: 'snapshot-reply', term, round, offset: 0, received: 1 } as const;

  stage.say('n3', 'n1', { ...reply, index: index - 1 });
  expect(stage.letters).toEqual([]);

  stage.say('n3', 'n1', { ...reply, index });
  expect(stage.letters.map(({ text }) => JSON.parse(text) as InstallSnapshot)).toMatchObject([
    { type: 'snapshot', index, offset: 1 },
  ]);
});
