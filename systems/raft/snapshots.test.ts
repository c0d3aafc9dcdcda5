import { expect, test } from 'vitest';
import { openSession, read, remove, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

/** n1 leads, has session 2, and the values 1, 2, ... were written to a. */
function scene(writes: number, values: { readonly [name: string]: number } = {}): Stage {
  const stage = new Stage({ values: { snapshotEvery: 4, ...values }, directions: true });
  stage.elect('n1');
  stage.ask('n1', openSession);
  for (let value = 1; value <= writes; value++) stage.ask('n1', write(2, value, value));
  return stage;
}

/** n3 has missed so much that n1 has forgotten it; it is well again, and a heartbeat is on its way to it. */
function lagging(values: { readonly [name: string]: number } = {}): Stage {
  const stage = scene(1, values);
  stage.isolate('n3');
  for (let value = 2; value <= 12; value++) stage.ask('n1', write(2, value, value));
  stage.heal();
  stage.told();
  stage.ring('n1', 'heartbeat');
  return stage;
}

const trace = (stage: Stage): string => `${stage.told().join('\n')}\n`;

test('a node begins its disk anew when it has applied enough, and a restart goes on from there', async () => {
  const stage = scene(1);
  stage.told();

  stage.ask('n1', write(2, 2, 2));
  stage.ask('n1', write(2, 3, 3));
  stage.crash('n1');
  stage.start('n1');

  expect(stage.machine('n1').inspect()).toMatchObject({ commit: 4, applied: 4, length: 5, snapshot: 4 });
  expect(stage.machine('n1').peek('a')).toBe(2);
  stage.elect('n1');
  expect(stage.ask('n1', write(2, 3, 3))).toEqual({ type: 'write_ok' });
  expect(stage.ask('n1', read)).toEqual({ type: 'read_ok', value: 3 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/snapshot-and-restart.txt');
});

test('a crash while the disk begins anew leaves the old log, and nobody has heard of what went with it', async () => {
  const stage = scene(1);
  const id = stage.request('n1', write(2, 2, 2));
  stage.told();
  stage.deliver('n1', 'n2');
  stage.deliver('n2', 'n1'); // Commits entry 4, and with it begins the disk anew.
  const answered = stage.answer(id);

  stage.crashBeforeSync('n1');
  stage.start('n1');

  expect(answered).toEqual({ type: 'write_ok' }); // The host would have held it, until the disk was written.
  expect(stage.machine('n1').inspect()).toMatchObject({ commit: 0, applied: 0, length: 4, snapshot: 0, term: 1 });
  expect(stage.node('n1').vote).toBe('n1');
  stage.elect('n1');
  expect(stage.ask('n1', read)).toEqual({ type: 'read_ok', value: 2 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/snapshot-crash.txt');
});

test('a follower that needs what is forgotten gets a snapshot in parts, with the sessions, and then entries', async () => {
  const stage = lagging({ snapshotChunk: 1 });

  stage.settle();

  expect(stage.machine('n3').inspect()).toMatchObject({ commit: 14, applied: 14, length: 14, snapshot: 14 });
  stage.elect('n3');
  // The answer to the retry comes from the session.
  expect(stage.ask('n3', write(2, 12, 12))).toEqual({ type: 'write_ok' });
  expect(stage.ask('n3', write(2, 11, 11))).toMatchObject({ code: 13 });
  expect(stage.ask('n3', read)).toEqual({ type: 'read_ok', value: 12 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/snapshot-install.txt');
});

test('a follower that lags a little gets entries only', () => {
  const stage = scene(1);
  stage.isolate('n3');
  for (let value = 2; value <= 5; value++) stage.ask('n1', write(2, value, value));
  expect(stage.node('n1').snapshotIndex).toBe(4);
  stage.heal();
  stage.ring('n1', 'heartbeat');
  stage.settle();

  expect(stage.node('n3').log.lastIndex).toBe(7);
  expect(stage.told().filter((line) => line.startsWith('n1 > n3: snapshot'))).toEqual([]);
});

test('a part that is lost is sent again after a heartbeat, and a part that comes twice is taken once', async () => {
  const stage = lagging({ snapshotChunk: 1 });
  stage.settle('append', 'append-reply');
  stage.intercept('n1', 'n3'); // The first part is lost.
  stage.ring('n1', 'heartbeat');
  stage.settle('append', 'append-reply');
  const twice = stage.intercept('n1', 'n3');
  stage.handOver([...twice, ...twice]);
  stage.settle();

  expect(stage.machine('n3').inspect()).toMatchObject({ commit: 14, length: 14 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/snapshot-lost-part.txt');
});

test('a follower that restarts between two parts gets them from the beginning', async () => {
  const stage = lagging({ snapshotChunk: 1 });
  stage.settle('append', 'append-reply');
  stage.deliver('n1', 'n3', 'snapshot');
  stage.deliver('n3', 'n1', 'snapshot-reply');
  stage.crash('n3');
  stage.start('n3');
  stage.settle();

  expect(stage.machine('n3').inspect()).toMatchObject({ commit: 14, length: 14 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/snapshot-restart-between.txt');
});

test('when the acknowledgement of the last part is lost, the leader goes on as soon as it hears of the end', () => {
  const stage = lagging();
  stage.settle('append', 'append-reply');
  stage.deliver('n1', 'n3', 'snapshot');
  stage.intercept('n3', 'n1');
  for (let value = 13; value <= 30; value++) stage.ask('n1', write(2, value, value));

  for (let beats = 0; beats < 3; beats++) {
    stage.ring('n1', 'heartbeat');
    stage.settle();
  }

  expect(stage.node('n3').log.lastIndex).toBe(stage.node('n1').log.lastIndex);
  expect(stage.machine('n3').peek('a')).toBe(30);
});

test('a snapshot holds the members of its index, not those of a change behind it that may be taken back', () => {
  // Given n1, which commits entry 4, and begins its disk anew, while the removal of n3 stands behind it.
  const stage = scene(1);
  stage.request('n1', write(2, 2, 2));
  stage.request('n1', remove('n3'));
  stage.deliver('n1', 'n2');
  stage.deliver('n2', 'n1');
  stage.letters.length = 0;
  stage.crash('n1');
  stage.start('n1');
  expect(stage.machine('n1').inspect()).toMatchObject({ snapshot: 4, length: 5, members: ['n1', 'n2'] });

  // When n2, which has not got the removal, leads and replaces it.
  stage.crash('n1');
  stage.elect('n2');
  stage.start('n1');
  stage.ring('n2', 'heartbeat');
  stage.settle();

  expect(stage.machine('n1').inspect()).toMatchObject({ length: 5, members: ['n1', 'n2', 'n3'] });
});

test('a snapshot of a leader whose term is over changes nothing', () => {
  const stage = lagging();
  stage.settle('append', 'append-reply');
  const late = stage.intercept('n1', 'n3');
  stage.elect('n2');
  const before = stage.machine('n3').inspect();
  stage.told();

  stage.handOver(late);
  stage.settle();

  expect(stage.machine('n3').inspect()).toEqual(before);
  expect(stage.told().at(-1)).toBe('n3 > n1: outdated, my term is 2');
});

test('sessions keep their order in a snapshot, so that every replica forgets the same one', () => {
  // Given room for two sessions, 2 and 3, of which 2 was used last.
  const stage = new Stage({ values: { snapshotEvery: 4, maxSessions: 2 } });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.ask('n1', openSession);
  stage.ask('n1', write(2, 1, 1));
  for (const name of ['n1', 'n2', 'n3']) {
    stage.crash(name);
    stage.start(name);
  }

  // When a third one is opened after all have read their snapshots back.
  stage.elect('n1');
  stage.ask('n1', openSession);

  // Then it is 3 that is forgotten.
  expect(stage.ask('n1', write(3, 1, 3))).toMatchObject({ code: 14 });
  expect(stage.ask('n1', write(2, 2, 2))).toEqual({ type: 'write_ok' });
});
