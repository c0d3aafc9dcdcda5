import { expect, test } from 'vitest';
import { nodeId } from '../../src/core/ids.ts';
import { cas, insert, read, txn, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

const nodes = ['n1', 'n2', 'n3'] as const;

test('a write is logged, voted on, decided, told and acknowledged, in this order', async () => {
  const stage = new Stage();

  expect(stage.says('n1', write(5))).toBe('write_ok');
  expect(stage.held(...nodes)).toEqual([5, 5, 5]);
  expect(stage.says('n2', write(6))).toBe('write_ok');
  expect(stage.held(...nodes)).toEqual([6, 6, 6]);
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/commit.txt');
});

test('the client is answered when the decision is made, and not before every worker has voted commit', () => {
  const stage = new Stage();
  const request = stage.request('n1', write(5));

  stage.settle('prepare');
  stage.deliver('n2', 'n1', 'vote-commit');
  expect(stage.saidTo(request)).toBe(null);
  stage.deliver('n3', 'n1', 'vote-commit');
  expect(stage.saidTo(request)).toBe('write_ok');
  expect(stage.held(...nodes)).toEqual([5, null, null]);
});

test('two coordinators that write the same key at once may both fail, and leave it as it was', async () => {
  const stage = new Stage();
  const requests = [stage.request('n1', write(1)), stage.request('n2', write(2))];
  stage.settle();

  expect(requests.map((request) => stage.saidTo(request))).toEqual(['code 30', 'code 30']);
  expect(stage.held(...nodes)).toEqual([null, null, null]);
  expect(stage.says('n3', write(3))).toBe('write_ok');
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/conflict.txt');
});

test('a coordinator that has the key locked itself begins nothing', () => {
  const stage = new Stage();
  stage.request('n1', write(1));
  stage.told();

  const requests = [write(2), cas(1, 2), insert(2), txn(['r', 'a', null])].map((body) => stage.request('n1', body));
  expect(requests.map((request) => stage.saidTo(request))).toEqual(['code 30', 'code 30', 'code 30', 'code 30']);
  expect(stage.told().filter((line) => line.includes('logs'))).toEqual([]);
});

test('where a vote does not come in time the coordinator aborts, for good, and tells whoever comes back', async () => {
  const stage = new Stage();
  stage.isolate('n3');
  const request = stage.request('n1', write(5));
  stage.pass(400);
  expect(stage.saidTo(request)).toBe(null);
  stage.pass(300);
  expect(stage.saidTo(request)).toBe('code 11');

  stage.heal();
  stage.pass(200);
  expect(stage.held(...nodes)).toEqual([null, null, null]);
  for (const name of nodes) expect(stage.machine(name).inspect()).toMatchObject({ ready: 0, unacknowledged: 0 });
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/missing-vote.txt');
});

test('while a node is away, nothing can be written, and what is not locked can be read at every other one', () => {
  const stage = new Stage();
  stage.says('n1', write(5));
  stage.says('n1', write(7, 'b'));
  stage.isolate('n3');

  const request = stage.request('n1', write(6));
  stage.settle();
  expect([stage.read('n1', 'b'), stage.read('n2', 'b'), stage.read('n3', 'b')]).toEqual([7, 7, 7]);
  stage.pass(700);
  expect(stage.saidTo(request)).toBe('code 11');
  expect([stage.read('n1'), stage.read('n2'), stage.read('n3')]).toEqual([5, 5, 5]);
});

test('a read waits while the key is locked, and sees what was decided', () => {
  const stage = new Stage();
  stage.says('n1', write(1));
  const written = stage.request('n1', write(2));
  stage.settle('prepare', 'vote-commit');
  expect(stage.saidTo(written)).toBe('write_ok');

  const reads = nodes.map((name) => stage.request(name, read()));
  expect(reads.map((one) => stage.saidTo(one))).toEqual([2, null, null]);
  stage.settle();
  expect(reads.map((one) => stage.saidTo(one))).toEqual([2, 2, 2]);
});

test('a read that has waited too long is refused: it can be asked elsewhere', () => {
  const stage = new Stage();
  stage.request('n1', write(2));
  stage.settle('prepare');
  stage.isolate('n2');

  const request = stage.request('n2', read());
  stage.pass(800);
  expect(stage.saidTo(request)).toBe('code 11');
  expect(stage.machine('n2').inspect()['reads']).toBe(0);
});

test('what writes nothing asks nobody', () => {
  const stage = new Stage();
  stage.says('n1', write(5));
  stage.told();

  expect(stage.read('n2')).toBe(5);
  expect(stage.says('n2', cas(4, 6))).toBe('code 22');
  expect(stage.says('n2', cas(4, 6, 'b'))).toBe('code 20');
  expect(stage.says('n2', insert(6))).toBe('code 21');
  expect(stage.says('n2', insert(5))).toBe('insert_ok');
  expect(stage.says('n2', txn(['r', 'a', null], ['r', 'b', null]))).toBe('txn_ok');
  expect(stage.told().filter((line) => line.includes('>') || line.includes('logs'))).toEqual([]);
});

test('a transaction over several keys is there wholly or not at all', async () => {
  const stage = new Stage();
  stage.says('n1', write(100, 'alice'));
  stage.says('n1', write(50, 'bob'));
  stage.told();

  // Alice gives 30 to Bob, if neither account has changed since it was read.
  const transfer = txn(['c', 'alice', 1], ['c', 'bob', 1], ['w', 'alice', 70], ['w', 'bob', 80]);
  expect(stage.ask('n2', transfer)).toEqual({ type: 'txn_ok', txn: transfer['txn'] });
  expect(stage.ask('n3', txn(['r', 'alice', null], ['r', 'bob', null]))).toEqual({
    type: 'txn_ok',
    txn: [
      ['r', 'alice', { value: 70, version: 2 }],
      ['r', 'bob', { value: 80, version: 2 }],
    ],
  });
  // The same once more has been overtaken: by itself.
  expect(stage.ask('n1', transfer)).toMatchObject({
    code: 22,
    current: [
      ['c', 'alice', 2],
      ['c', 'bob', 2],
    ],
  });
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/transfer.txt');
});

test('a transaction is aborted when any of its keys is locked, also one that it only compares', () => {
  const stage = new Stage();
  stage.request('n1', write(1, 'b'));
  stage.settle('prepare');

  // Nothing is said of the versions: it was aborted before anybody looked at them.
  expect(stage.ask('n2', txn(['c', 'b', 0], ['w', 'a', 1]))).toEqual({
    type: 'error',
    code: 30,
    text: 'Another transaction has a lock that this one needs',
  });
  stage.request('n2', txn(['c', 'd', 0], ['w', 'c', 1]));
  stage.settle('prepare');
  expect(stage.says('n3', write(2, 'd'))).toBe('code 30');
});

test('a single node is a coordinator and the only worker', () => {
  const stage = new Stage({ nodes: 1 });

  expect([stage.read('n1'), stage.says('n1', write(5)), stage.read('n1')]).toEqual(['code 20', 'write_ok', 5]);
  expect(stage.machine('n1').inspect()).toEqual({ role: 'replica', keys: 1, ready: 0, unacknowledged: 0, reads: 0 });
});

test('two transactions of one coordinator are under way at once, and the later one may overtake the other', () => {
  const stage = new Stage();
  const first = stage.request('n1', write(1));
  const late = stage.intercept('n1', 'n3');
  const second = stage.request('n1', write(2, 'b'));
  stage.settle();
  expect([stage.saidTo(first), stage.saidTo(second)]).toEqual([null, 'write_ok']);

  stage.handOver(late);
  stage.settle();
  expect(stage.saidTo(first)).toBe('write_ok');
});

test('what is over is forgotten: a worker remembers no more than its coordinators', () => {
  const stage = new Stage();
  for (let value = 1; value <= 20; value++) stage.says('n1', write(value));

  const remembered = nodes.map((name) => stage.machine(name).node.journal.decidedCount(nodeId('n1')));
  expect(remembered).toEqual([0, 1, 1]);
});

test('a node for which nothing is open sets no timer', () => {
  const stage = new Stage();
  stage.says('n1', write(5));
  stage.pass(200);

  expect(nodes.map((name) => stage.timers(name))).toEqual([[], [], []]);
});

test('a coordinator does not begin more than it can remember', () => {
  const stage = new Stage({ values: { mostOpen: 2 } });
  stage.isolate('n3');
  const requests = ['a', 'b', 'c'].map((key) => stage.request('n1', write(1, key)));
  expect(stage.saidTo(requests[2] ?? 0)).toBe('code 11');
  stage.pass(700);

  expect(stage.says('n1', write(1, 'd'))).toBe('code 11');
  stage.heal();
  stage.pass(200);
  expect(stage.says('n1', write(1, 'd'))).toBe('write_ok');
});

test('what is owed to a node that comes back is told in batches, the first decided first', () => {
  const stage = new Stage({ values: { batch: 2 } });
  stage.isolate('n3');
  for (const key of ['a', 'b', 'c']) stage.request('n1', write(1, key));
  stage.pass(700);
  stage.told();

  stage.pass(100);
  expect(stage.told()).toEqual(['n1 > n3: GLOBAL-ABORT n1.1.1 n1.1.2 (lost)']);
  stage.heal();
  stage.pass(300);
  expect(stage.machine('n1').inspect()['unacknowledged']).toBe(0);
});
