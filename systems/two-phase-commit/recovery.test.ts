import { expect, test } from 'vitest';
import { read, write } from './testing/bodies.ts';
import { Stage } from './testing/stage.ts';

/** The tables of the course notes: what a node does that finds itself in this state when it starts again. */

const nodes = ['n1', 'n2', 'n3'] as const;

const restart = (stage: Stage, name: string): void => {
  stage.crash(name);
  stage.start(name);
};

test('a coordinator that crashed in INIT has not logged anything, and nobody has heard of it', () => {
  const stage = new Stage();
  stage.request('n1', write(5));
  stage.crashBeforeSync('n1');
  stage.start('n1');

  expect(stage.letters).toEqual([]);
  expect(stage.says('n1', write(6))).toBe('write_ok');
});

test('a coordinator that crashed in WAIT aborts', async () => {
  const stage = new Stage({ directions: true });
  const request = stage.request('n1', write(5));
  stage.settle('prepare');
  restart(stage, 'n1');
  stage.settle();

  expect(stage.saidTo(request)).toBe(null);
  expect(stage.held(...nodes)).toEqual([null, null, null]);
  for (const name of nodes) expect(stage.machine(name).inspect()).toMatchObject({ ready: 0, unacknowledged: 0 });
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/coordinator-in-wait.txt');
});

test.each(['before', 'after'] as const)(
  'a coordinator that crashed in COMMIT, %s anybody heard of it, commits',
  (when) => {
    const stage = new Stage();
    const request = stage.request('n1', write(5));
    stage.settle('prepare', 'vote-commit');
    expect(stage.saidTo(request)).toBe('write_ok');
    if (when === 'after') stage.deliver('n1', 'n2', 'global-commit');
    stage.letters.length = 0;
    restart(stage, 'n1');
    stage.settle();

    expect(stage.held(...nodes)).toEqual([5, 5, 5]);
    for (const name of nodes) expect(stage.machine(name).inspect()).toMatchObject({ ready: 0, unacknowledged: 0 });
  },
);

test('a decision that the disk has not got has not been made: nobody was told', () => {
  const stage = new Stage();
  stage.request('n1', write(5));
  stage.settle('prepare');
  stage.deliver('n2', 'n1', 'vote-commit');
  stage.deliver('n3', 'n1', 'vote-commit');
  stage.crashBeforeSync('n1');
  expect(stage.letters).toEqual([]);
  stage.start('n1');
  stage.settle();

  expect(stage.held(...nodes)).toEqual([null, null, null]);
});

test('a coordinator that crashed in ABORT tells it again', () => {
  const stage = new Stage();
  stage.isolate('n3');
  stage.request('n1', write(5));
  stage.pass(700);
  restart(stage, 'n1');
  stage.heal();
  stage.pass(100);

  expect(stage.machine('n1').inspect()['unacknowledged']).toBe(0);
});

test('a transaction that all have acknowledged is forgotten, also over a crash', () => {
  const stage = new Stage();
  stage.says('n1', write(5));
  restart(stage, 'n1');

  expect(stage.letters).toEqual([]);
  expect(stage.timers('n1')).toEqual([]);
  expect(stage.read('n1')).toBe(5);
});

test('a worker that crashed in READY has its locks again, blocks, and asks', async () => {
  const stage = new Stage({ directions: true });
  stage.says('n1', write(1));
  stage.request('n1', write(2));
  stage.settle('prepare');
  stage.crash('n1');
  stage.letters.length = 0;
  restart(stage, 'n2');
  stage.told();

  const reading = stage.request('n2', read());
  expect(stage.says('n2', write(3))).toBe('code 30');
  stage.pass(800);
  expect(stage.saidTo(reading)).toBe('code 11');
  expect(stage.machine('n2').inspect()['ready']).toBe(1);

  stage.start('n1');
  stage.settle();
  expect([stage.read('n2'), stage.says('n2', write(3))]).toEqual([1, 'write_ok']);
  await expect([...stage.told(), ''].join('\n')).toMatchFileSnapshot('testdata/worker-in-ready.txt');
});

test('it blocks for as long as the coordinator is away, however long that is', () => {
  const stage = new Stage();
  stage.request('n1', write(2));
  stage.settle('prepare', 'vote-commit');
  stage.crash('n1');
  stage.letters.length = 0;
  stage.pass(600_000);

  expect(stage.machine('n2').inspect()['ready']).toBe(1);
  stage.start('n1');
  stage.settle();
  expect(stage.held(...nodes)).toEqual([2, 2, 2]);
});

test('a worker that has voted abort votes so again after a crash', () => {
  const stage = new Stage();
  stage.request('n2', write(2));
  stage.request('n1', write(1));
  const prepare = stage.intercept('n1', 'n2');
  stage.handOver(prepare);
  stage.letters.length = 0;
  restart(stage, 'n2');
  stage.settle();
  stage.told();

  // Its own transaction is aborted by now and the lock is free; it must not change its mind.
  stage.handOver(prepare);
  stage.settle();
  expect(stage.told()).toContain('n2 > n1: VOTE-ABORT n1.1.1');
});

test('a vote that the disk has not got was not given', () => {
  const stage = new Stage();
  stage.request('n1', write(5));
  stage.deliver('n1', 'n2', 'prepare');
  stage.crashBeforeSync('n2');
  stage.start('n2');

  expect(stage.letters.some(({ from }) => from === 'n2')).toBe(false);
  expect(stage.machine('n2').inspect()['ready']).toBe(0);
  stage.pass(100);
  expect(stage.held(...nodes)).toEqual([5, 5, 5]);
});

test('a worker that crashed in COMMIT acknowledges when it is told again', () => {
  const stage = new Stage();
  stage.request('n1', write(5));
  stage.settle('prepare', 'vote-commit', 'global-commit');
  stage.letters.length = 0;
  restart(stage, 'n2');

  expect(stage.held('n2')).toEqual([5]);
  stage.pass(100);
  expect(stage.machine('n1').inspect()['unacknowledged']).toBe(0);
});

test('a journal that begins anew keeps what is not over, and what would be taken for new', async () => {
  const stage = new Stage({ values: { compactEvery: 1 } });
  stage.says('n1', write(1));
  stage.request('n2', write(7, 'b'));
  const late = stage.intercept('n2', 'n3');
  stage.pass(700);
  stage.says('n2', write(8, 'b'));
  stage.request('n1', write(2));
  stage.settle('prepare');
  stage.letters.length = 0;
  for (const name of nodes) restart(stage, name);
  stage.told();

  stage.handOver(late);
  expect(stage.machine('n3').inspect()['ready']).toBe(1);
  stage.settle();
  expect(nodes.map((name) => [stage.read(name), stage.read(name, 'b')])).toEqual([
    [1, 8],
    [1, 8],
    [1, 8],
  ]);
  for (const name of nodes) expect(stage.machine(name).inspect()).toMatchObject({ ready: 0, unacknowledged: 0 });
});
