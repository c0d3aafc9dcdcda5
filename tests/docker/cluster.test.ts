/** What is particular to clusters of containers; what holds for every environment is in the contract. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeNames } from '../../src/core/ids.ts';
import type { DockerCluster } from '../../src/environments/docker/docker-cluster.ts';
import { openDocker } from '../../src/environments/docker/docker.ts';
import type { Engine } from '../../src/environments/docker/engine.ts';
import { requireEngine } from '../../src/environments/docker/engine.ts';
import type { Deployment, Environment } from '../../src/environments/environment.ts';
import type { Answer, Fault, Link } from '../../src/environments/faults.ts';
import { ledger } from '../fixtures/ledger.ts';
import { ledgerNode } from '../local/programs.ts';
import { engine as possibleEngine, ledgers } from './engine.ts';

const engine = possibleEngine as Engine;
const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

let directory = '';
let closing: (() => unknown)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'containers-'));
});
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  rmSync(directory, { recursive: true });
});

const deploy = async (
  changes: Partial<Deployment> = {},
  environment = ledgers as Environment,
): Promise<DockerCluster> => {
  const options = { bug: null, values: {} };
  const deployment = { system: ledger, options, bug: null, nodes: nodeNames(3), seed: 1, directory, ...changes };
  const cluster = (await environment.deploy(deployment, new AbortController().signal)) as DockerCluster;
  closing.push(() => cluster[Symbol.asyncDispose]());
  return cluster;
};

const begin = (cluster: DockerCluster, id: number, fault: Fault): Promise<Answer<string>> =>
  new Promise((resolve) => cluster.faults.begin(id, fault, resolve));
const end = (cluster: DockerCluster, id: number): Promise<Answer<string>> =>
  new Promise((resolve) => cluster.faults.end(id, resolve));

const isolated = (node: NodeId): readonly Link[] =>
  [n1, n2, n3].filter((other) => other !== node).flatMap((other): Link[] => [[node, other], [other, node]]); // prettier-ignore

const container = (cluster: DockerCluster, name: string) =>
  engine.docker.getContainer(`harness-${cluster.runName}-${name}`);

describe.skipIf(possibleEngine === null)('in containers', () => {
  test('a cut is proved at the links of nodes that are down or paused, outlives their deaths, and heals', async () => {
    const cluster = await deploy();
    await begin(cluster, 1, { kind: 'kill', nodes: [n2] });
    await begin(cluster, 2, { kind: 'pause', nodes: [n3] });
    expect(await begin(cluster, 3, { kind: 'partition', cut: isolated(n2) })).toEqual({
      ok: true,
      value: '4 of 4 cut links dropped their probes; no link was left open to compare',
    });
    await end(cluster, 2);
    expect(await end(cluster, 1)).toEqual({ ok: true, value: 'n2: runs (life 2) and answers' });
    expect(await begin(cluster, 4, { kind: 'partition', cut: isolated(n2) })).toEqual({
      ok: true,
      value: '4 of 4 cut links dropped their probes; 2 of 2 open links delivered theirs',
    });
    await end(cluster, 3);
    expect(await end(cluster, 4)).toEqual({ ok: true, value: '4 of 4 links deliver again' });
    expect(cluster.findings()).toEqual([]);
  });

  test('a cut that somebody else lifts is not taken for proven', async () => {
    const cluster = await deploy();
    await begin(cluster, 1, { kind: 'partition', cut: [[n1, n2]] });
    const flush = await container(cluster, 'n2-net').exec({ Cmd: ['iptables-nft', '-F', 'HARNESS'] });
    await flush.start({});
    await vi.waitFor(async () => expect((await flush.inspect()).ExitCode).toBe(0));
    expect(await end(cluster, 1)).toEqual({
      ok: false,
      error: 'it did not last: 1 of 1 cut links still delivered a probe',
    });
  });

  test('a node that somebody else kills or removes is trouble of the environment, and nobody is blamed', async () => {
    const cluster = await deploy();
    await container(cluster, 'n3').kill();
    await container(cluster, 'n2').remove({ force: true });
    await vi.waitFor(() => expect(cluster.troubles()).toHaveLength(2), 10_000);
    for (const trouble of cluster.troubles()) expect(trouble).toMatch(/^n[23] (?:was killed|could|exited|was lost)/);
    expect(cluster.findings()).toEqual([]);
  });

  test('a holder that somebody else kills is trouble of the environment, and the node is not blamed for it', async () => {
    const cluster = await deploy({ directory: null });
    await container(cluster, 'n2-net').kill();
    await vi.waitFor(() => expect(cluster.troubles()).toHaveLength(1), 10_000);
    expect(cluster.troubles()).toEqual([
      'The network holder of n2 has ended: somebody or something stopped its container.',
    ]);
    expect(await begin(cluster, 1, { kind: 'kill', nodes: [n2] })).toMatchObject({ ok: true });
    expect(await end(cluster, 1)).toMatchObject({ ok: false });
    expect(cluster.troubles()).toHaveLength(2);
    expect(cluster.troubles()[0]).toMatch(/^n2 could not be started: The network holder \S+ has ended\.$/);
    expect(cluster.findings()).toEqual([]);
  });

  test('log and data of every node are kept in the folder of the deployment, over several lives', async () => {
    const cluster = await deploy();
    await begin(cluster, 1, { kind: 'kill', nodes: [n1] });
    await end(cluster, 1);
    await cluster[Symbol.asyncDispose]();
    const log = readFileSync(join(directory, 'n1/node.log'), 'utf8');
    const lines = log.split('\n').map((line) => line.replace(/^ *\d+\.\d{3} /, ''));
    expect(lines).toEqual([
      'n1 life 1 of ledger, process 1',
      'n1 0 records survived',
      'n1 ledger',
      'n1 ready',
      '--- n1 was killed',
      'n1 life 2 of ledger, process 1',
      'n1 0 records survived',
      'n1 ledger',
      'n1 ready',
      '--- n1 was killed with its cluster',
      '',
    ]);
    expect(existsSync(join(directory, 'n1/data/log'))).toBe(true);
  });

  test('a node has no rights, no disk but its volume, no open port beyond its network, and what it may use', async () => {
    const limits = { memory: 128 * 2 ** 20, cpus: 0.5 };
    const cluster = await deploy({}, await openDocker(engine, ledgerNode, { limits }));
    const { HostConfig: node } = await container(cluster, 'n1').inspect();
    const { HostConfig: holder } = await container(cluster, 'n1-net').inspect();
    expect(node).toMatchObject({
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Privileged: false,
      PidsLimit: 4_096,
      Memory: limits.memory,
      NanoCpus: 5e8,
    });
    expect(node.CapAdd ?? []).toEqual([]);
    const network = await engine.docker.getNetwork(`harness-${cluster.runName}`).inspect();
    expect(network).toMatchObject({ Internal: true });
    expect(holder).toMatchObject({ CapDrop: ['ALL'], CapAdd: ['NET_ADMIN'], ReadonlyRootfs: true, Privileged: false });
    for (const { PortBindings: bindings } of [node, holder])
      for (const published of Object.values((bindings ?? {}) as { [port: string]: { HostIp: string }[] }).flat())
        expect(published.HostIp).toBe('127.0.0.1');
  });

  test('a deployment is refused with the end of the log of a node that dies at start', async () => {
    await expect(deploy({ system: { ...ledger, name: 'unheard-of' } })).rejects.toThrow(
      /^n\d did not start: it exited with code 64\. Its log ends with\n {4}This program knows no system unheard-of\.$/m,
    );
  });

  test('a deployment whose holders the engine does not start is refused in the words of the engine', async () => {
    const { docker, facts } = await requireEngine();
    const modem = docker.modem as { dial(question: { readonly path: string }, done: (error: unknown) => void): void };
    const dial = modem.dial.bind(modem);
    modem.dial = (question, done) =>
      /\/start/.test(question.path) ? done(new Error('no address is left')) : dial(question, done);
    await expect(deploy({}, await openDocker({ docker, facts }, ledgerNode))).rejects.toThrow(/^no address is left$/);
  });
});
