import { expect, test } from 'vitest';
import { read, stamp, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

test('a write takes two rounds: a stamp above what a majority holds, and a majority that stores the version', async () => {
  const stage = new Stage();

  const given = stage.ask('n1', stamp);
  expect(given).toEqual({ type: 'stamp_ok', stamp: { counter: 1, id: 'n1.1.2' } });
  expect(stage.ask('n2', stage.bodyWith(given, 5))).toEqual({ type: 'write_ok' });

  expect(stage.held('n1', 'n2', 'n3')).toEqual([5, 5, 5]);
  expect(stage.ask('n3', stamp)).toEqual({ type: 'stamp_ok', stamp: { counter: 2, id: 'n3.1.2' } });
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/write.txt');
});

test('a write is answered when W replicas have stored it, and not before', () => {
  const stage = new Stage({ nodes: 5 });
  const request = stage.request('n1', write(5, 1));

  stage.deliver('n1', 'n2', 'store');
  stage.deliver('n2', 'n1', 'store-reply');
  expect(stage.answer(request)).toBe(null);
  stage.deliver('n1', 'n4', 'store');
  stage.deliver('n4', 'n1', 'store-reply');
  expect(stage.answer(request)).toEqual({ type: 'write_ok' });
});

test('a read writes back what only some of the replicas hold, and answers when W hold it', async () => {
  const stage = new Stage({ nodes: 5, values: { readRepair: 'off' } });
  stage.write('n1', 1);
  // n1 has stored 2 for a client that nobody has answered, and then its words are lost.
  stage.isolate('n1');
  stage.request('n1', write(2, 2));
  stage.settle();
  stage.heal();
  stage.told();

  const request = stage.request('n2', read);
  for (const name of ['n1', 'n3']) stage.deliver('n2', name, 'query');
  for (const name of ['n1', 'n3']) stage.deliver(name, 'n2', 'query-reply');
  expect(stage.answer(request)).toBe(null);
  stage.settle('store', 'store-reply');

  expect(stage.answer(request)).toEqual({ type: 'read_ok', value: 2 });
  expect(stage.held('n1', 'n2', 'n3', 'n4', 'n5')).toEqual([2, 2, 2, 2, 2]);
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/write-back.txt');
});

test('a read of what W replicas hold writes nothing', () => {
  const stage = new Stage();
  stage.write('n1', 1);
  stage.told();

  expect(stage.read('n2')).toBe(1);
  expect(stage.told()).toEqual([
    'n2 is asked read #3',
    'n2 > n1: query 1.1 for a',
    'n2 > n3: query 1.1 for a',
    'n1 > n2: answers 1.1 with a=1(1 n1.1.2)',
    'n2 answers #3 read_ok 1',
    'n3 > n2: answers 1.1 with a=1(1 n1.1.2)',
  ]);
});

test('a round that every replica has answered is forgotten, and one that some have not when patience is over', () => {
  const stage = new Stage({ values: { handoff: 'off' } });
  stage.write('n1', 1);
  stage.read('n1');
  expect(stage.machine('n1').inspect()).toEqual({ role: 'replica', keys: 1, hints: 0, rounds: 0 });

  stage.isolate('n3');
  stage.write('n1', 2);
  stage.read('n1');
  expect(stage.machine('n1').inspect()['rounds']).toBe(3);
  stage.pass(1_200);
  expect(stage.machine('n1').inspect()).toEqual({ role: 'replica', keys: 1, hints: 0, rounds: 0 });
});

test('a key that nobody has written is an observation', () => {
  expect(new Stage().read('n3')).toBe('code 20');
});

test('the same version may arrive any number of times, through any coordinator, in any life', () => {
  const stage = new Stage();
  const given = stage.ask('n1', stamp);
  const body = stage.bodyWith(given, 5);
  stage.ask('n1', body);
  const late = stage.request('n1', body);
  const letters = stage.intercept('n1', 'n2');
  stage.settle();
  expect(stage.answer(late)).toEqual({ type: 'write_ok' });
  stage.write('n3', 6);
  stage.crash('n2');
  stage.start('n2');

  stage.handOver(letters);
  expect(stage.ask('n2', body)).toEqual({ type: 'write_ok' });
  expect(stage.held('n1', 'n2', 'n3')).toEqual([6, 6, 6]);
});

test('two writes that ask for a stamp at the same time get different ones, and all replicas keep the same', () => {
  const stage = new Stage();
  const one = stage.request('n1', stamp);
  const other = stage.request('n1', stamp);
  stage.settle();
  const bodies = [stage.bodyWith(stage.answer(one), 1), stage.bodyWith(stage.answer(other), 2)];

  expect(stage.answer(one)).not.toEqual(stage.answer(other));
  stage.request('n2', bodies[0] ?? read);
  stage.request('n3', bodies[1] ?? read);
  stage.settle();
  expect(new Set(stage.held('n1', 'n2', 'n3')).size).toBe(1);
});

test('a restarted node gives none of the stamps again that it gave before', () => {
  const stage = new Stage();
  const before = stage.ask('n1', stamp);
  stage.crash('n1');
  stage.start('n1');

  expect([before, stage.ask('n1', stamp)]).toEqual([
    { type: 'stamp_ok', stamp: { counter: 1, id: 'n1.1.2' } },
    { type: 'stamp_ok', stamp: { counter: 1, id: 'n1.2.2' } },
  ]);
});

test('an answer to a round of an earlier life is not taken for one to a round of this life', () => {
  const stage = new Stage();
  stage.request('n1', read);
  stage.deliver('n1', 'n2', 'query');
  const late = stage.intercept('n2', 'n1');
  stage.crash('n1');
  stage.start('n1');
  stage.write('n3', 1);
  stage.isolate('n1');
  const request = stage.request('n1', read);

  stage.heal();
  stage.handOver(late);
  expect(stage.answer(request)).toBe(null);
});

test('an answer that comes twice counts once', () => {
  const stage = new Stage({ nodes: 5 });
  const request = stage.request('n1', read);
  stage.deliver('n1', 'n2', 'query');
  const letters = stage.intercept('n2', 'n1');

  stage.handOver([...letters, ...letters]);
  expect(stage.answer(request)).toBe(null);
});

test('who is silent is asked again, until the coordinator gives up: a write may have happened, the rest has not', () => {
  const stage = new Stage();
  stage.isolate('n1');
  const requests = [write(5, 1), stamp, read].map((body) => stage.request('n1', body));
  stage.settle();
  stage.told();

  stage.ring('n1', 'resend');
  stage.settle();
  expect(stage.told()).toEqual([
    'n1 > n2: store 1.1 of a=5(1 A) (lost)',
    'n1 > n3: store 1.1 of a=5(1 A) (lost)',
    'n1 > n2: query 1.2 for a (lost)',
    'n1 > n3: query 1.2 for a (lost)',
    'n1 > n2: query 1.3 for a (lost)',
    'n1 > n3: query 1.3 for a (lost)',
  ]);
  stage.pass(1_000);
  expect(requests.map((request) => stage.answer(request)?.['code'])).toEqual([0, 11, 11]);
  expect(stage.machine('n1').inspect()).toEqual({ role: 'replica', keys: 1, hints: 2, rounds: 0 });
});

test('a crash before the disk has it takes a write back wholly: nobody was told', () => {
  const stage = new Stage({ values: { write: 1 } });
  const request = stage.request('n1', write(5, 1));
  expect(stage.answer(request)).toEqual({ type: 'write_ok' });

  stage.crashBeforeSync('n1');
  stage.start('n1');
  expect([stage.letters, stage.held('n1', 'n2', 'n3')]).toEqual([[], [null, null, null]]);
});

test('where versions go by the clock, the node that is asked for a stamp asks nobody', () => {
  const stage = new Stage({ values: { versions: 'wall-clock' } });
  stage.bump('n1', 5_000);

  expect(stage.ask('n1', stamp)).toEqual({ type: 'stamp_ok', stamp: { counter: 5e9, id: 'n1.1.1' } });
  stage.write('n1', 1);
  stage.write('n2', 2);
  expect(stage.held('n1', 'n2', 'n3')).toEqual([1, 1, 1]);
});

test('what cannot be understood is refused, and has no effect', () => {
  const stage = new Stage();
  const refused = [
    { type: 'cas', key: 'a', from: 1, to: 2 },
    { type: 'read' },
    { type: 'write', key: 'a', stamp: { counter: 1, id: 'A' } },
    { type: 'write', key: 'a', value: 1 },
    { type: 'write', key: 'a', value: 1, stamp: { counter: 0.5, id: 'A' } },
    { type: 'write', key: 'a', value: 1, stamp: { counter: 1 } },
  ].map((body) => stage.ask('n1', body));

  expect(refused.map((answer) => [answer?.['code'], answer?.['text']])).toEqual([
    [10, 'quorum does not know cas; it knows read, stamp, write'],
    [12, 'read needs a key that is text'],
    [12, 'write needs a value'],
    [12, 'write needs the stamp that the request stamp gave'],
    [12, 'write needs the stamp that the request stamp gave'],
    [12, 'write needs the stamp that the request stamp gave'],
  ]);
  expect(stage.letters).toEqual([]);
});

test('a single node is a quorum of its own', () => {
  const stage = new Stage({ nodes: 1 });

  expect([stage.read('n1'), stage.write('n1', 5)?.type, stage.read('n1')]).toEqual(['code 20', 'write_ok', 5]);
});
