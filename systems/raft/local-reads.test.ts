import { expect, test } from 'vitest';
import { openSession, read, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

/** n1 leads; a holds 1 by entry 3, and n2 and n3 know it. */
function scene(): Stage {
  const stage = new Stage({ directions: true, values: { reads: 'local' } });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.ask('n1', write(2, 1, 1));
  stage.ring('n1', 'heartbeat');
  stage.settle();
  stage.told();
  return stage;
}

const trace = (stage: Stage): string => `${stage.told().join('\n')}\n`;

test('any node answers at once from what it has applied, be it old, and says how far that is', async () => {
  const stage = scene();
  stage.isolate('n3');
  stage.ask('n1', write(2, 2, 2));

  expect(stage.ask('n1', read)).toEqual({ type: 'read_ok', value: 2, index: 4 });
  expect(stage.ask('n3', read)).toEqual({ type: 'read_ok', value: 1, index: 3 });
  expect(stage.ask('n3', { type: 'read', key: 'b' })).toMatchObject({ code: 20, index: 3 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/local-reads.txt');
});

test('a node that has not applied what the client has seen waits for it', async () => {
  const stage = scene();
  stage.isolate('n3');
  stage.ask('n1', write(2, 2, 2));
  const id = stage.request('n3', { ...read, after: 4 });
  expect(stage.answer(id)).toBeNull();

  stage.heal();
  stage.ring('n1', 'heartbeat');
  stage.settle();

  expect(stage.answer(id)).toEqual({ type: 'read_ok', value: 2, index: 4 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/local-reads-wait.txt');
});

test('it waits for an election timeout at most, each read by itself', () => {
  const stage = scene();
  stage.isolate('n3');
  stage.ask('n1', write(2, 2, 2));
  const first = stage.request('n3', { ...read, after: 4 });
  stage.pass(300);
  const second = stage.request('n3', { ...read, after: 4 });

  stage.pass(200);
  expect(stage.answer(first)).toEqual({ type: 'error', code: 11, text: 'n3 has applied 3 and not yet 4' });
  expect(stage.answer(second)).toBeNull();
  stage.pass(300);
  expect(stage.answer(second)).toMatchObject({ code: 11 });
});

test('a snapshot serves those who wait, too', () => {
  const stage = new Stage({ values: { reads: 'local', snapshotEvery: 3 } });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.isolate('n3');
  for (let value = 1; value <= 12; value++) stage.ask('n1', write(2, value, value));
  const id = stage.request('n3', { ...read, after: 14 });
  stage.heal();
  stage.ring('n1', 'heartbeat');
  stage.settle();

  expect(stage.answer(id)).toEqual({ type: 'read_ok', value: 12, index: 14 });
});
