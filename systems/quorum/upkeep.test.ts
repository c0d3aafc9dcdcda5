import { expect, test } from 'vitest';
import { write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

const quiet = { antiEntropy: 'off', readRepair: 'off' };

test('a replica that was away gets from the coordinator what it missed, and the hint is settled when it has it', async () => {
  const stage = new Stage({ values: quiet });
  stage.isolate('n3');
  expect(stage.write('n1', 1)).toEqual({ type: 'write_ok' });
  stage.pass(1_000);
  expect(stage.machine('n1').inspect()['hints']).toBe(1);
  stage.ring('n1', 'upkeep');
  stage.settle();
  stage.told();
  stage.heal();

  stage.ring('n1', 'upkeep');
  stage.settle();
  expect(stage.held('n3')).toEqual([1]);
  expect(stage.machine('n1').inspect()['hints']).toBe(0);
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/hand-off.txt');
});

test('hints survive a crash of the node that keeps them', () => {
  const stage = new Stage({ values: quiet });
  stage.isolate('n3');
  stage.write('n1', 1);
  stage.pass(1_000);
  stage.crash('n1');
  stage.heal();
  stage.start('n1');

  stage.pass(200);
  expect(stage.held('n3')).toEqual([1]);
  stage.crash('n1');
  stage.start('n1');
  expect(stage.machine('n1').inspect()['hints']).toBe(0);
});

test('hints do not count towards W: a write that a majority has not stored is not acknowledged', () => {
  const stage = new Stage();
  stage.isolate('n1');

  const answer = stage.request('n1', write(1, 1));
  stage.pass(3_000);
  expect(stage.machine('n1').inspect()['hints']).toBe(2);
  expect(stage.answer(answer)).toMatchObject({ type: 'error', code: 0 });
});

test('a late word that an older version has arrived leaves the hint for a newer one', () => {
  const stage = new Stage({ values: quiet });
  stage.isolate('n3');
  stage.write('n1', 1);
  stage.pass(1_000);
  stage.heal();
  stage.ring('n1', 'upkeep');
  stage.deliver('n1', 'n3', 'hand-off');
  const late = stage.intercept('n3', 'n1');
  stage.isolate('n3');
  stage.write('n1', 2);
  stage.pass(1_000);
  stage.heal();

  stage.handOver(late);
  expect(stage.machine('n1').inspect()['hints']).toBe(1);
  stage.pass(400);
  expect([stage.held('n3'), stage.machine('n1').inspect()['hints']]).toEqual([[2], 0]);
});

test('many hints are handed off a batch at a time', () => {
  const stage = new Stage({ values: { ...quiet, batch: 2 } });
  stage.isolate('n3');
  for (const key of ['a', 'b', 'c']) stage.write('n1', 1, key);
  stage.pass(1_000);
  stage.heal();

  stage.ring('n1', 'upkeep');
  expect(stage.letters).toHaveLength(1);
  stage.settle();
  expect(stage.machine('n3').node.replica.keys()).toEqual(['a', 'b']);
  stage.ring('n1', 'upkeep');
  stage.settle();
  expect(stage.machine('n3').node.replica.keys()).toEqual(['a', 'b', 'c']);
});

test('two replicas that compare what they hold both end with the newest of each key', async () => {
  const stage = new Stage({ nodes: 2, values: { read: 1, write: 1, handoff: 'off', readRepair: 'off' } });
  stage.isolate('n1');
  for (const [name, key, counter] of [
    ['n1', 'a', 1],
    ['n2', 'a', 2],
    ['n1', 'b', 2],
    ['n2', 'b', 1],
    ['n1', 'c', 1],
    ['n2', 'd', 1],
  ] as const)
    stage.ask(name, write(counter, counter, 'A', key));
  stage.heal();
  stage.told();

  stage.ring('n1', 'upkeep');
  stage.settle();
  const held = (name: string) => ['a', 'b', 'c', 'd'].map((key) => stage.machine(name).peek(key));
  expect([held('n1'), held('n2')]).toEqual([
    [2, 2, 1, 1],
    [2, 2, 1, 1],
  ]);
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/anti-entropy.txt');
});

test('keys are compared a range at a time, until all have been, with every peer', () => {
  const values = { read: 1, write: 1, handoff: 'off', readRepair: 'off', batch: 2 };
  const stage = new Stage({ nodes: 3, values });
  stage.isolate('n1');
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) stage.ask('n2', write(1, 1, 'A', key));
  stage.pass(1_500);
  for (const name of ['n2', 'n3']) expect(stage.machine(name).node.replica.keys()).toEqual(keys);
  stage.heal();

  stage.pass(5 * 2 * 200);
  expect(stage.machine('n1').node.replica.keys()).toEqual(keys);
});

test('a digest is answered for its own range of keys only, and goes to every peer before the next range', () => {
  const stage = new Stage({ values: { read: 1, write: 1, handoff: 'off', readRepair: 'off', batch: 1 } });
  stage.isolate('n1');
  for (const key of ['a', 'c']) stage.ask('n1', write(1, 1, 'A', key));
  for (const key of ['b', 'd']) stage.ask('n2', write(1, 1, 'A', key));
  stage.heal();
  const digests = (): string[] => {
    stage.told();
    stage.ring('n1', 'upkeep');
    stage.settle();
    return stage.told().filter((line) => !line.includes('saves'));
  };

  expect([digests(), digests(), digests(), digests()]).toEqual([
    [
      'n1 > n2: digest after the beginning until a: a(1 A)',
      'n2 > n1: push of nothing, wants a',
      'n1 > n2: push of a=1(1 A)',
    ],
    [
      'n1 > n3: digest after the beginning until a: a(1 A)',
      'n3 > n1: push of nothing, wants a',
      'n1 > n3: push of a=1(1 A)',
    ],
    [
      'n1 > n2: digest after a until the end: c(1 A)',
      'n2 > n1: push of b=1(1 A), wants c',
      'n1 > n2: push of c=1(1 A)',
    ],
    ['n1 > n3: digest after a until b: b(1 A)'],
  ]);
});

test('replicas that hold the same say so in a digest, and nothing more', () => {
  const stage = new Stage();
  stage.write('n1', 1);
  stage.told();

  stage.ring('n1', 'upkeep');
  stage.settle();
  expect(stage.told()).toEqual(['n1 > n2: digest after the beginning until the end: a(1 n1.1.2)']);
});

test('a read sends the newest version to whom it has seen with an older one, also when that one answers late', async () => {
  const stage = new Stage({ values: { antiEntropy: 'off', handoff: 'off' } });
  stage.isolate('n3');
  stage.write('n1', 1);
  stage.pass(1_000);
  stage.heal();
  stage.told();

  expect(stage.read('n2')).toBe(1);
  expect(stage.held('n3')).toEqual([1]);
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/read-repair.txt');
});

test('with everything off, a replica that missed a write misses it for good', () => {
  const stage = new Stage({ values: { antiEntropy: 'off', handoff: 'off', readRepair: 'off' } });
  stage.isolate('n3');
  stage.write('n1', 1);
  stage.pass(1_000);
  stage.heal();

  stage.read('n2');
  stage.pass(10_000);
  expect(stage.held('n3')).toEqual([null]);
});
