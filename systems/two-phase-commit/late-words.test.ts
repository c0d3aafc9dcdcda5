import { expect, test } from 'vitest';
import { write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

/** The network loses, doubles and delays. Whatever arrives late must do no harm. */

const nodes = ['n1', 'n2', 'n3'] as const;

/** The PREPARE of a write through n1, held back on its way to n3, which then gets the one that is sent again. */
function latePrepare(stage: Stage, value: number) {
  stage.request('n1', write(value));
  const late = stage.intercept('n1', 'n3');
  stage.pass(100);
  stage.told();
  return late;
}

const openAt = (stage: Stage): unknown[] =>
  nodes.map((name) => {
    const { ready, unacknowledged } = stage.machine(name).inspect();
    return [ready, unacknowledged];
  });

const nothingOpen = nodes.map(() => [0, 0]);

test('a PREPARE that comes after the decision, while it is remembered, is rejected', () => {
  const stage = new Stage();
  const late = latePrepare(stage, 1);
  expect(stage.held(...nodes)).toEqual([1, 1, 1]);

  stage.handOver(late);
  expect(stage.told()).toEqual(['n1 > n3: PREPARE n1.1.1 a=1(1), oldest n1.1.1']);
  expect(openAt(stage)).toEqual(nothingOpen);
});

test('a PREPARE of a transaction that was forgotten is rejected, since a newer one has said that it is over', () => {
  const stage = new Stage();
  const late = latePrepare(stage, 1);
  stage.says('n1', write(2));
  stage.says('n1', write(3, 'b'));
  stage.told();

  stage.handOver(late);
  stage.settle();
  expect(stage.told()).toEqual(['n1 > n3: PREPARE n1.1.1 a=1(1), oldest n1.1.1']);
  expect([stage.held(...nodes), openAt(stage)]).toEqual([[2, 2, 2], nothingOpen]);
});

test('a PREPARE of an earlier life of the coordinator is older than all of this life', () => {
  const stage = new Stage();
  // The number of the late one is higher than those of this life.
  for (let count = 0; count < 5; count++) stage.says('n1', write(0));
  const late = latePrepare(stage, 1);
  stage.crash('n1');
  stage.start('n1');
  stage.says('n1', write(2));
  expect(stage.says('n1', write(3))).toBe('write_ok');

  stage.handOver(late);
  stage.settle();
  expect([stage.held(...nodes), openAt(stage)]).toEqual([[3, 3, 3], nothingOpen]);
});

test('as long as one worker has not acknowledged, no worker is told that the transaction is over', () => {
  const stage = new Stage();
  stage.isolate('n3');
  stage.request('n1', write(1));
  stage.pass(700);
  stage.request('n1', write(2));
  stage.told();
  stage.deliver('n1', 'n2', 'prepare');
  expect(stage.told()[0]).toBe('n1 > n2: PREPARE n1.1.2 a=2(1), oldest n1.1.1');

  stage.heal();
  stage.pass(200);
  stage.request('n1', write(3));
  stage.told();
  stage.deliver('n1', 'n2', 'prepare');
  expect(stage.told()[0]).toBe('n1 > n2: PREPARE n1.1.3 a=3(2), oldest n1.1.3');
});

test('a worker that never heard PREPARE remembers GLOBAL-ABORT, so that the PREPARE may come after it', () => {
  const stage = new Stage();
  stage.request('n1', write(1));
  const late = stage.intercept('n1', 'n3');
  stage.isolate('n3');
  stage.pass(700);
  stage.heal();
  stage.pass(100);
  stage.told();

  stage.handOver(late);
  stage.settle();
  expect(stage.told()).toEqual(['n1 > n3: PREPARE n1.1.1 a=1(1), oldest n1.1.1', 'n3 > n1: VOTE-ABORT n1.1.1']);
  expect(openAt(stage)).toEqual(nothingOpen);
});

test('what comes twice is answered twice and done once', () => {
  const stage = new Stage();
  stage.says('n2', write(1));
  stage.request('n1', write(2));
  for (const type of ['prepare', 'vote-commit', 'global-commit', 'ack'] as const) {
    const count = stage.letters.length;
    for (let place = 0; place < count; place++) stage.deliverAt(place, true);
    stage.settle(type);
  }

  expect(stage.held(...nodes)).toEqual([2, 2, 2]);
  expect(openAt(stage)).toEqual(nothingOpen);
  const logged = stage.told().filter((line) => line.includes('n1.1.1') && line.includes('logs'));
  expect(logged.toSorted()).toEqual([
    'n1 logs COMMIT n1.1.1',
    'n1 logs PREPARE n1.1.1 a=2(2)',
    'n1 logs that all have acknowledged n1.1.1',
    'n2 logs COMMIT n1.1.1',
    'n2 logs PREPARE n1.1.1 a=2(2)',
    'n3 logs COMMIT n1.1.1',
    'n3 logs PREPARE n1.1.1 a=2(2)',
  ]);
});

test('a lost vote is given again, a lost decision told again, and a lost acknowledgement repeated', () => {
  const stage = new Stage();
  for (const lost of ['vote-commit', 'global-commit', 'ack'] as const) {
    const request = stage.request('n1', write(1));
    while (stage.letters.some(({ text }) => !text.includes(lost))) {
      const place = stage.letters.findIndex(({ text }) => !text.includes(lost));
      stage.deliverAt(place);
    }
    expect(stage.letters.length).toBeGreaterThan(0);
    stage.letters.length = 0;
    stage.pass(200);
    expect([lost, stage.saidTo(request), openAt(stage)]).toEqual([lost, 'write_ok', nothingOpen]);
  }
});

test('a vote to commit that comes when the transaction was aborted is told so', () => {
  const stage = new Stage();
  stage.request('n1', write(1));
  stage.deliver('n1', 'n2', 'prepare');
  const vote = stage.intercept('n2', 'n1');
  stage.isolate('n2');
  stage.pass(700);
  stage.heal();
  stage.letters.length = 0;
  stage.told();

  stage.handOver(vote);
  expect(stage.letters.map(({ to, text }) => [to, text])).toEqual([
    ['n2', '{"type":"global-abort","ids":[{"coordinator":"n1","life":1,"number":1}]}'],
  ]);
});

test('a question about what is not decided, or forgotten, is not answered', () => {
  const stage = new Stage();
  stage.request('n1', write(1));
  stage.letters.length = 0;
  const id = { coordinator: 'n1', life: 1, number: 1 } as never;
  stage.say('n2', 'n1', { type: 'ask', ids: [id] });
  expect(stage.letters).toEqual([]);

  stage.pass(100);
  expect(stage.held(...nodes)).toEqual([1, 1, 1]);
  stage.say('n2', 'n1', { type: 'ask', ids: [id] });
  expect(stage.letters).toEqual([]);
});
