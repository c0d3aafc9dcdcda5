import { expect, test } from 'vitest';
import { cas, openSession, read, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

const trace = (stage: Stage): string => `${stage.told().join('\n')}\n`;

test('a write goes down the chain, and its acknowledgement up', async () => {
  const stage = new Stage({ directions: true });
  const session = stage.withOne();

  const request = stage.request('n1', write(session, 2, 2));
  expect(stage.said(request)).toBeNull();
  stage.settle();

  expect(stage.said(request)).toBe('write_ok');
  expect(['n1', 'n2', 'n3'].map((name) => stage.machine(name).peek('a'))).toEqual([2, 2, 2]);
  await expect(trace(stage)).toMatchFileSnapshot('testdata/write.txt');
});

test('a clean key is read where the client asks, a dirty one only after the tail was', async () => {
  const stage = new Stage({ directions: true });
  const session = stage.withOne();

  const clean = stage.request('n2', read());
  expect(stage.said(clean)).toBe(1);
  stage.request('n1', write(session, 2, 2));
  stage.deliver('n1', 'n2', 'update');
  const before = stage.request('n2', read());
  expect(stage.said(before)).toBeNull();
  stage.deliver('n2', 'n3', 'version-query');
  stage.deliver('n3', 'n2', 'version-reply');
  // The tail did not have it yet, so the old version is the committed one.
  expect(stage.said(before)).toBe(1);

  const after = stage.request('n2', read());
  stage.deliver('n2', 'n3', 'update');
  stage.deliver('n2', 'n3', 'version-query');
  stage.deliver('n3', 'n2', 'version-reply');
  expect(stage.said(after)).toBe(2);
  await expect(trace(stage)).toMatchFileSnapshot('testdata/dirty-read.txt');
});

test('a read that waits for a silent tail is refused after a while, and one at the tail needs nobody', () => {
  const stage = new Stage();
  const session = stage.withOne();
  stage.isolate('n3');
  stage.request('n1', write(session, 2, 2));
  stage.settle();
  const request = stage.request('n1', read());

  expect(stage.read('n3')).toBe(1);
  stage.pass(1_300);

  expect(stage.said(request)).toBe('code 11');
});

test('writes are for the head, and whoever else is asked names it', () => {
  const stage = new Stage();
  const session = stage.withOne();

  expect(stage.ask('n3', write(session, 2, 2))).toMatchObject({ code: 11, leader: 'n1' });
  expect(stage.ask('n2', openSession)).toMatchObject({ code: 11, leader: 'n1' });
});

test('with reads=tail only the tail answers, with reads=eventual everybody at once', () => {
  const plain = new Stage({ values: { reads: 'tail' } });
  plain.withOne();
  expect(plain.ask('n2', read())).toMatchObject({ code: 11, leader: 'n3' });
  expect(plain.read('n3')).toBe(1);

  const eventual = new Stage({ values: { reads: 'eventual' } });
  const session = eventual.withOne();
  eventual.request('n1', write(session, 2, 2));
  eventual.deliver('n1', 'n2', 'update');
  expect([eventual.read('n2'), eventual.machine('n2').peek('a')]).toEqual([2, 2]);
  eventual.isolate('n1');
  eventual.pass(5_000);
  expect(eventual.said(eventual.request('n1', read()))).toBe(2);
});

test('a cas compares the newest version, and its refusal waits until that one is committed', () => {
  const stage = new Stage();
  const session = stage.withOne();
  const other = stage.session();

  const writing = stage.request('n1', write(session, 2, 2));
  const refused = stage.request('n1', cas(other, 1, 1, 9));
  expect([stage.said(writing), stage.said(refused)]).toEqual([null, null]);
  stage.settle();

  expect([stage.said(writing), stage.said(refused)]).toEqual(['write_ok', 'no, 2']);
  expect(stage.says('n1', cas(other, 2, 2, 3))).toBe('cas_ok');
  expect(stage.says('n1', { ...cas(other, 3, 1, 2), key: 'nowhere' })).toBe('code 20');
});

test('a retry is answered as its first attempt was, also by a new head, and takes no effect', () => {
  const stage = new Stage();
  const session = stage.withOne();
  stage.ask('n1', cas(session, 2, 1, 2));
  stage.ask('n1', cas(session, 3, 1, 5));

  expect(stage.says('n1', cas(session, 3, 1, 5))).toBe('no, 2');
  expect(stage.says('n1', cas(session, 2, 1, 2))).toBe('code 13');
  stage.crash('n1');
  stage.until('n2', 'n2-n3');

  // n2 never saw the request, but the place of it in the order.
  expect(stage.says('n2', cas(session, 3, 2, 5))).toBe('no, 2');
  expect(stage.says('n2', cas(session, 4, 2, 3))).toBe('cas_ok');
  expect(stage.says('n2', write(99, 1, 1))).toBe('code 14');
});

test('a retry of what is still on its way waits for the same place', () => {
  const stage = new Stage();
  const session = stage.withOne();

  const first = stage.request('n1', write(session, 2, 2));
  const second = stage.request('n1', write(session, 2, 2));
  const { last } = stage.node('n1').store;
  stage.settle();

  expect([stage.said(first), stage.said(second)]).toEqual(['write_ok', 'write_ok']);
  expect(stage.node('n1').store.last).toBe(last);
});

test('what is lost, doubled or overtaken on the way arrives once and in order', () => {
  const stage = new Stage();
  const session = stage.withOne();
  const writes = [2, 3, 4].map((value) => stage.request('n1', write(session, value, value)));
  const [first, , third] = stage.intercept('n1', 'n2');
  if (first === undefined || third === undefined) throw new Error('three updates were sent');

  stage.handOver([third, third, first, first]);
  stage.settle();
  stage.pass(600);

  expect(writes.map((request) => stage.said(request))).toEqual(['write_ok', 'write_ok', 'write_ok']);
  expect(['n1', 'n2', 'n3'].map((name) => stage.machine(name).peek('a'))).toEqual([4, 4, 4]);
});

test('what cannot be understood is refused for good, and the configuration is nobody else business', () => {
  const stage = new Stage();
  stage.begin();

  expect(stage.says('n1', { type: 'delete', key: 'a' })).toBe('code 10');
  expect(stage.says('n1', { type: 'write', key: 'a', value: 1 })).toBe('code 12');
  expect(stage.says('n1', { type: 'cas', key: 'a', from: 1, session: 1, sequence: 1 })).toBe('code 12');
  expect(stage.says('n1', { type: 'read' })).toBe('code 12');
  expect(stage.says('n1', { type: 'remove_node', node: 'n9' })).toBe('code 12');
});
