import { expect, test } from 'vitest';
import { openSession, read, remove, transfer, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

/** n1 leads, and the key holds 1. */
function scene(values: { readonly [name: string]: number | string } = {}): Stage {
  const stage = new Stage({ values, directions: true });
  stage.elect('n1');
  stage.ask('n1', openSession);
  stage.ask('n1', write(2, 1, 1));
  stage.ring('n1', 'heartbeat');
  stage.settle();
  stage.told();
  return stage;
}

const trace = (stage: Stage): string => `${stage.told().join('\n')}\n`;

test('a leader hands over at once, although everybody has just heard from it', async () => {
  const stage = scene();

  expect(stage.ask('n1', transfer('n2'))).toEqual({ type: 'transfer_ok' });

  expect(stage.machine('n2').inspect()).toMatchObject({ role: 'leader', term: 2 });
  expect(stage.machine('n1').inspect()).toMatchObject({ role: 'follower', leader: 'n2' });
  expect(stage.ask('n2', read)).toEqual({ type: 'read_ok', value: 1 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/transfer.txt');
});

test('an heir that lags is brought to the end of the log first, and commands are refused meanwhile', async () => {
  const stage = scene();
  const appended = stage.request('n1', write(2, 2, 2));
  const late = stage.intercept('n1', 'n2');

  const id = stage.request('n1', transfer('n2'));
  const refused = stage.request('n1', write(2, 3, 3));
  const asked = stage.request('n1', read);
  expect(stage.letters.some(({ text }) => text.includes('timeout-now'))).toBe(false);
  stage.handOver(late);
  stage.settle();

  expect(stage.answer(appended)).toEqual({ type: 'write_ok' });
  expect(stage.answer(refused)).toEqual({ type: 'error', code: 11, text: 'n1 is handing over to n2' });
  expect(stage.answer(asked)).toEqual({ type: 'read_ok', value: 2 });
  expect(stage.answer(id)).toEqual({ type: 'transfer_ok' });
  expect(stage.machine('n2').inspect()).toMatchObject({ role: 'leader', term: 2, length: 5 });
  await expect(trace(stage)).toMatchFileSnapshot('testdata/transfer-to-one-that-lags.txt');
});

test('a transfer that comes to nothing ends after an election timeout, and commands are taken again', () => {
  const stage = scene();
  const told = stage.request('n1', transfer('n2'));
  stage.intercept('n1', 'n2');
  stage.pass(450);
  expect(stage.ask('n1', write(2, 2, 2))).toMatchObject({ code: 11 });

  stage.pass(150);
  expect(stage.answer(told)).toEqual({ type: 'error', code: 13, text: 'n2 did not take over in time' });
  expect(stage.ask('n1', write(2, 2, 2))).toEqual({ type: 'write_ok' });

  // An heir that is not there is never told, and that is a definite no.
  stage.isolate('n3');
  stage.request('n1', write(2, 3, 3));
  const lost = stage.request('n1', transfer('n3'));
  stage.pass(700);
  expect(stage.answer(lost)).toMatchObject({ code: 11 });
});

test('a leader that loses its office before it told its heir says that nothing was begun', () => {
  const stage = scene();
  stage.isolate('n1');
  stage.request('n1', write(2, 2, 2));
  const id = stage.request('n1', transfer('n3')); // Which lags by this write.
  stage.settle();
  expect(stage.answer(id)).toBeNull();
  stage.elect('n2');
  stage.heal();
  stage.ring('n2', 'heartbeat');
  stage.settle();

  expect(stage.answer(id)).toMatchObject({ type: 'error', code: 11, leader: 'n2' });
});

test('only another member can be the heir, only the leader hands over, and one thing is done at a time', () => {
  const stage = scene();

  expect(stage.ask('n1', transfer('n1'))).toEqual({ type: 'error', code: 12, text: 'n1 is no other member' });
  expect(stage.ask('n1', transfer('n9'))).toMatchObject({ code: 12 });
  expect(stage.ask('n2', transfer('n3'))).toMatchObject({ code: 11, leader: 'n1' });
  const first = stage.request('n1', transfer('n2'));
  stage.intercept('n1', 'n2');
  expect(stage.ask('n1', transfer('n3'))).toMatchObject({ code: 11 });
  expect(stage.ask('n1', remove('n3'))).toMatchObject({ code: 11, text: 'n1 is handing over to n2' });
  expect(stage.answer(first)).toBeNull();
});

test('who is told by a leader of a former term does not campaign', () => {
  const stage = scene();
  stage.request('n1', transfer('n2'));
  const late = stage.intercept('n1', 'n2');
  stage.elect('n3');
  stage.told();

  stage.handOver(late);
  stage.settle();

  expect(stage.told()).toEqual(['n1 > n2: campaign now, term 1']);
  expect(stage.machine('n3').inspect()).toMatchObject({ role: 'leader', term: 2 });
});
