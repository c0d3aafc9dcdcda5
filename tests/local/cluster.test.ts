/** What is particular to clusters of processes; what holds for every environment is in the contract. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeId, nodeNames } from '../../src/core/ids.ts';
import type { Deployment } from '../../src/environments/environment.ts';
import type { Answer, Fault, Link } from '../../src/environments/faults.ts';
import { local } from '../../src/environments/local/local.ts';
import type { LocalCluster } from '../../src/environments/local/local-cluster.ts';
import { identify } from '../../src/environments/real/process-table.ts';
import { ledger } from '../fixtures/ledger.ts';
import { ledgerNode } from './programs.ts';

const [n1, n2, n3] = nodeNames(3) as [NodeId, NodeId, NodeId];

let temporary = '';
let closing: (() => unknown)[] = [];
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 't-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true });
});

const deploymentOf = (changes: Partial<Deployment> = {}): Deployment => ({
  system: ledger,
  options: { bug: null, values: {} },
  bug: null,
  nodes: nodeNames(3),
  seed: 1,
  directory: null,
  ...changes,
});

const deploy = async (changes?: Partial<Deployment>, signal = new AbortController().signal): Promise<LocalCluster> => {
  const cluster = (await local(ledgerNode).deploy(deploymentOf(changes), signal)) as LocalCluster;
  closing.push(() => cluster[Symbol.asyncDispose]());
  return cluster;
};

const begin = (cluster: LocalCluster, id: number, fault: Fault): Promise<Answer<string>> =>
  new Promise((resolve) => cluster.faults.begin(id, fault, resolve));
const end = (cluster: LocalCluster, id: number): Promise<Answer<string>> =>
  new Promise((resolve) => cluster.faults.end(id, resolve));
const inspect = (cluster: LocalCluster, node: NodeId): Promise<Answer<unknown>> =>
  new Promise((resolve) => cluster.faults.inspect(node, resolve));

const isolated = (node: NodeId): readonly Link[] =>
  [n1, n2, n3].flatMap((other): Link[] =>
    other === node
      ? []
      : [
          [node, other],
          [other, node],
        ],
  );

const leftRuns = (): readonly string[] => readdirSync(temporary).filter((name) => name.startsWith('harness-run-'));

describe('faults on local processes', () => {
  test('say what was observed when they began and when they ended', async () => {
    const cluster = await deploy();
    const pid = cluster.pids().get(n2) as number;
    expect(await begin(cluster, 1, { kind: 'kill', nodes: [n2] })).toEqual({
      ok: true,
      value: 'n2: left the process table after SIGKILL',
    });
    expect(identify(pid)).toBeNull();
    expect(await begin(cluster, 2, { kind: 'pause', nodes: [n1, n2, n3] })).toEqual({
      ok: true,
      value: 'n1, n3: is stopped (state T); n2: is not in the process table',
    });
    expect(await begin(cluster, 3, { kind: 'pause', nodes: [n2] })).toEqual({
      ok: false,
      error: 'nothing to pause: n2 killed by another fault',
    });
    expect(await end(cluster, 3)).toMatchObject({ ok: true });
    expect(await end(cluster, 2)).toEqual({
      ok: true,
      value: 'n1, n3: runs again and answers; n2: is not in the process table',
    });
    expect(await end(cluster, 1)).toEqual({ ok: true, value: 'n2: runs (life 2) and answers' });
    expect(await end(cluster, 1)).toEqual({ ok: false, error: 'fault 1 is not active' });
    expect(cluster.findings()).toEqual([]);
  });

  test('that do not last until they are ended are not taken for proven, and are undone all the same', async () => {
    const cluster = await deploy();
    await begin(cluster, 1, { kind: 'pause', nodes: [n1, n2] });
    process.kill(cluster.pids().get(n2) as number, 'SIGCONT');
    expect(await end(cluster, 1)).toEqual({ ok: false, error: 'it did not last: n2 came back by itself' });
    expect(await begin(cluster, 2, { kind: 'pause', nodes: [n1, n2] })).toMatchObject({ ok: true });
    expect(await end(cluster, 2)).toMatchObject({ ok: true });
  });

  test('prove a cut whose ends are stopped or killed at the link itself', async () => {
    const cluster = await deploy();
    await begin(cluster, 1, { kind: 'kill', nodes: [n2] });
    await begin(cluster, 2, { kind: 'pause', nodes: [n3] });
    expect(await begin(cluster, 3, { kind: 'partition', cut: isolated(n2) })).toEqual({
      ok: true,
      value: '4 of 4 cut links dropped their probes; no link was left open to compare',
    });
    expect(await end(cluster, 3)).toEqual({
      ok: true,
      value: '4 with an end that is down or stopped are open again',
    });
    await end(cluster, 2);
    expect(await begin(cluster, 4, { kind: 'partition', cut: isolated(n2) })).toEqual({
      ok: true,
      value: '4 of 4 cut links dropped their probes; 2 of 2 open links delivered theirs',
    });
    await end(cluster, 1);
    expect(await end(cluster, 4)).toEqual({ ok: true, value: '4 of 4 links deliver again' });
  });

  test('heal within two seconds, although the cut lasted longer than a link stays silent', async () => {
    const cluster = await deploy();
    await begin(cluster, 1, { kind: 'partition', cut: isolated(n1) });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const healedAt = performance.now();
    expect(await end(cluster, 1)).toEqual({ ok: true, value: '4 of 4 links deliver again' });
    expect(performance.now() - healedAt).toBeLessThan(2_000);
  });
});

describe('a local node', () => {
  test('that somebody else kills is a finding with the end of its log', async () => {
    const directory = join(temporary, 'kept');
    const cluster = await deploy({ directory });
    process.kill(cluster.pids().get(n3) as number, 'SIGTERM');
    await vi.waitFor(() => expect(cluster.findings()).toHaveLength(1));
    expect(cluster.findings()).toMatchObject([{ kind: 'exit', node: n3 }]);
    expect(cluster.findings()[0]?.text).toMatch(/^n3 died of SIGTERM\. Its log ends with\n[^]* n3 ready\n/);
    expect(await begin(cluster, 1, { kind: 'pause', nodes: [n3] })).toEqual({
      ok: false,
      error: 'n3 is not running: it died of SIGTERM',
    });
    expect(cluster.troubles()).toEqual([]);
  });

  test('that somebody else kills with SIGKILL, which no program does to itself, is trouble and no finding', async () => {
    const cluster = await deploy();
    process.kill(cluster.pids().get(n3) as number, 'SIGKILL');
    await vi.waitFor(() => expect(cluster.troubles()).toEqual(['n3 died of SIGKILL.']));
    expect(cluster.findings()).toEqual([]);
  });

  test('whose log is damaged does not start again, and that is trouble and no finding', async () => {
    const directory = join(temporary, 'kept');
    const cluster = await deploy({ directory });
    await begin(cluster, 1, { kind: 'kill', nodes: [n1] });
    appendFileSync(join(directory, 'n1/data/log'), '1 1 x\n1 1 y\n');
    const ended = await end(cluster, 1);
    expect(ended).toMatchObject({ ok: false });
    expect((ended as { error: string }).error).toMatch(
      /n1 did not start: it exited with code 71[^]*does not match its checksum/,
    );
    expect(cluster.findings()).toEqual([]);
    expect(cluster.troubles()).toEqual([
      expect.stringMatching(
        /^The disk failed: n1 exited with code 71\. Its log ends with\n[^]*does not match its checksum/,
      ),
    ]);
  });

  test('keeps its log and its data in the folder of the deployment, over several lives', async () => {
    const directory = join(temporary, 'kept');
    const cluster = await deploy({ directory });
    await begin(cluster, 1, { kind: 'kill', nodes: [n1] });
    await end(cluster, 1);
    await cluster[Symbol.asyncDispose]();
    const log = readFileSync(join(directory, 'n1/node.log'), 'utf8');
    const lines = log.split('\n').map((line) => line.replace(/^ *\d+\.\d{3} /, '').replace(/process \d+/, 'process P'));
    expect(lines).toEqual([
      'n1 life 1 of ledger, process P',
      'n1 0 records survived',
      'n1 ledger',
      'n1 ready',
      '--- n1 was killed',
      'n1 life 2 of ledger, process P',
      'n1 0 records survived',
      'n1 ledger',
      'n1 ready',
      '--- n1 was killed with its cluster',
      '',
    ]);
    expect(existsSync(join(directory, 'n1/data/log'))).toBe(true);
  });
});

describe('a deployment', () => {
  test('is refused with the end of the log of a node that dies at start, and leaves nothing behind', async () => {
    const deployed = deploy({ system: { ...ledger, name: 'unheard-of' } });
    await expect(deployed).rejects.toThrow(
      /^n\d did not start: it exited with code 64\. Its log ends with\n {4}This program knows no system unheard-of\.$/m,
    );
    expect(leftRuns()).toEqual([]);
  });

  test.each([0, 30, 150])(
    'that is aborted after %i ms rejects with the reason and leaves nothing behind',
    async (after) => {
      const abort = new AbortController();
      const deployed = deploy({}, abort.signal);
      setTimeout(() => abort.abort(new Error('enough')), after);
      await expect(deployed).rejects.toThrow('enough');
      expect(leftRuns()).toEqual([]);
    },
  );

  test('ends quickly whatever state its nodes are in, once, and leaves no process', async () => {
    const cluster = await deploy();
    const pids = [...cluster.pids().values(), cluster.supervisor as number];
    await begin(cluster, 1, { kind: 'pause', nodes: [n1] });
    await begin(cluster, 2, { kind: 'kill', nodes: [n2] });
    const ending = end(cluster, 2);
    const started = performance.now();
    await Promise.all([cluster[Symbol.asyncDispose](), cluster[Symbol.asyncDispose]()]);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await ending).toMatchObject({ ok: false });
    expect(pids.filter((pid) => identify(pid) !== null)).toEqual([]);
    expect(leftRuns()).toEqual([]);
    expect(await inspect(cluster, n1)).toMatchObject({ ok: false });
    expect(await begin(cluster, 3, { kind: 'partition', cut: [[n1, nodeId('n2')]] })).toMatchObject({ ok: false });
  });
});
