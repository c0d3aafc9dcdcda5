/** What is left on an engine when a harness ends, however it does, and who is not disturbed by it. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import type { DockerCluster } from '../../src/environments/docker/docker-cluster.ts';
import type { Engine } from '../../src/environments/docker/engine.ts';
import { ensureImages } from '../../src/environments/docker/images/images.ts';
import { labelsOf, ownOwner, type Owner } from '../../src/environments/docker/labels.ts';
import { findRuns, reapDeadRuns, removeRun } from '../../src/environments/docker/leftovers.ts';
import type { Environment } from '../../src/environments/environment.ts';
import { ledger } from '../fixtures/ledger.ts';
import { containerDriver } from '../local/programs.ts';
import { engine as possibleEngine, ledgers } from './engine.ts';

const engine = possibleEngine as Engine;

let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

interface Harness {
  readonly pid: number;
  readonly run: string;
  readonly supervisor: number;
  readonly kill: () => Promise<void>;
}

/** Another harness, in a process of its own, with three nodes, the first of them paused. */
const harness = async (): Promise<Harness> => {
  const child = execa(process.execPath, [fileURLToPath(containerDriver)], { reject: false });
  closing.push(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await vi.waitFor(() => expect(said).toContain('\n'), 40_000);
  const { run, supervisor, answer } = JSON.parse(said) as { run: string; supervisor: number; answer: unknown };
  expect(answer).toEqual({ ok: true, value: 'n1: is frozen (its container is paused)' });
  closing.push(() => removeRun(engine.docker, run));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child;
  };
  return { pid: child.pid as number, run, supervisor, kill };
};

const deploy = async (signal = new AbortController().signal): Promise<DockerCluster> => {
  const options = { bug: null, values: {} };
  const deployment = { system: ledger, options, bug: null, nodes: nodeNames(2), seed: 1, directory: null };
  const cluster = (await (ledgers as Environment).deploy(deployment, signal)) as DockerCluster;
  closing.push(() => cluster[Symbol.asyncDispose]());
  return cluster;
};

const lives = async (cluster: DockerCluster): Promise<unknown> =>
  await Promise.all(
    cluster.nodes.map((node) => new Promise((resolve) => cluster.faults.inspect(node, (answer) => resolve(answer)))),
  );

const unharmed = Array.from({ length: 2 }, () => ({ ok: true, value: { role: 'ledger', life: 1, entries: 0 } }));

/** How many containers, networks and volumes the run has. */
const remains = async (run: string): Promise<readonly number[]> => {
  const found = (await findRuns(engine)).find((each) => each.run === run);
  return [found?.containers ?? [], found?.networks ?? [], found?.volumes ?? []].map(({ length }) => length);
};

describe.skipIf(possibleEngine === null)('on the engine', () => {
  test('a harness that is killed while a node is paused leaves nothing after ten seconds', async () => {
    const { run, kill } = await harness();
    expect(await remains(run)).toEqual([6, 1, 3]);
    await kill();
    await vi.waitFor(async () => expect(await remains(run)).toEqual([0, 0, 0]), { timeout: 10_000, interval: 200 });
  });

  test('when the supervisor was killed too, the next start clears up, and disturbs nobody else', async () => {
    const neighbour = await deploy();
    const { pid, run, supervisor, kill } = await harness();
    // A stopped harness cannot start another supervisor.
    process.kill(pid, 'SIGSTOP');
    process.kill(supervisor, 'SIGKILL');
    await kill();
    expect(await remains(run)).toEqual([6, 1, 3]);

    const next = await deploy();
    expect(await remains(run)).toEqual([0, 0, 0]);
    expect(await remains(next.runName)).toEqual([4, 1, 2]);
    expect([await lives(neighbour), await lives(next)]).toEqual([unharmed, unharmed]);
    await neighbour[Symbol.asyncDispose]();
    expect(await remains(neighbour.runName)).toEqual([0, 0, 0]);
    expect(await lives(next)).toEqual(unharmed);
  });

  test('only what is labelled with a dead owner is removed', async () => {
    const { node } = await ensureImages(engine);
    const me = ownOwner();
    const dead: Owner = { ...me, process: { ...me.process, startedAt: '1' } };
    const foreign: Owner = { ...dead, scope: { ...dead.scope, machine: 'another' } };
    const create = async (name: string, Labels: { readonly [name: string]: string }): Promise<string> => {
      const container = await engine.docker.createContainer({
        Image: node,
        name: `harness-test-${name}-${process.pid}`,
        Labels,
      });
      closing.push(() => container.remove({ force: true }).catch(() => null));
      return container.id;
    };
    const mine = await create('mine', labelsOf('test-mine', me));
    const gone = await create('gone', labelsOf('test-gone', dead));
    const far = await create('far', labelsOf('test-far', foreign));
    const plain = await create('plain', {});
    const nameless = await create('nameless', { 'harness.run': 'test-nameless' });

    const { removed, left, failures } = await reapDeadRuns(engine);

    expect(removed.map(({ run }) => run)).toEqual(['test-gone']);
    expect(
      left
        .map(({ run, fate }) => `${run} ${fate}`)
        .filter((text) => text.startsWith('test-'))
        .toSorted(),
    ).toEqual(['test-far unknown', 'test-mine alive', 'test-nameless unknown']);
    expect(failures).toEqual([]);
    const present = (await engine.docker.listContainers({ all: true })).map(({ Id }) => Id);
    expect([mine, far, plain, nameless].every((id) => present.includes(id))).toBe(true);
    expect(present).not.toContain(gone);
  });

  test.each([0, 400, 1_200])('a deployment that is aborted after %i ms leaves nothing', async (after) => {
    const before = (await findRuns(engine)).map(({ run }) => run);
    const abort = new AbortController();
    const deployed = deploy(abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), after);
    const outcome = await deployed.then(
      async (cluster) => {
        await cluster[Symbol.asyncDispose]();
        return 'deployed before';
      },
      (error: Error) => error.message,
    );
    // A quick machine may be done by then, but never at once.
    expect(after === 0 ? ['enough'] : ['enough', 'deployed before']).toContain(outcome);
    expect((await findRuns(engine)).map(({ run }) => run)).toEqual(before);
  });

  test('a cluster ends once, whatever state its nodes are in', async () => {
    const cluster = await deploy();
    await new Promise((resolve) => cluster.faults.begin(1, { kind: 'pause', nodes: nodeNames(1) }, resolve));
    await Promise.all([cluster[Symbol.asyncDispose](), cluster[Symbol.asyncDispose]()]);
    expect(await remains(cluster.runName)).toEqual([0, 0, 0]);
    expect(cluster.findings()).toEqual([]);
  });
});
