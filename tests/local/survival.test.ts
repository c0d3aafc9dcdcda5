/** What is left when a harness dies, and who is not disturbed by it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import type { Cluster } from '../../src/environments/environment.ts';
import { local } from '../../src/environments/local/local.ts';
import { identify } from '../../src/environments/real/process-table.ts';
import { ledger } from '../fixtures/ledger.ts';
import { clusterDriver, ledgerNode } from './programs.ts';

let temporary = '';
let closing: (() => unknown)[] = [];
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 't-'));
});
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  rmSync(temporary, { recursive: true });
});

interface Harness {
  readonly pid: number;
  /** Its nodes, the first of them stopped, and its supervisor. */
  readonly pids: readonly number[];
  readonly kill: () => Promise<void>;
}

/** Another harness, in a process of its own, with the temporary folder of this test. */
const harness = async (): Promise<Harness> => {
  const child = execa(process.execPath, [fileURLToPath(clusterDriver)], { env: { TMPDIR: temporary }, reject: false });
  closing.push(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await vi.waitFor(() => expect(said).toContain('\n'), 10_000);
  const { pids, answer } = JSON.parse(said) as { pids: number[]; answer: unknown };
  expect(answer).toEqual({ ok: true, value: 'n1: is stopped (state T)' });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child;
  };
  return { pid: child.pid as number, pids, kill };
};

const alive = (pids: readonly number[]): readonly number[] => pids.filter((pid) => identify(pid) !== null);

/** As `ps` knows them, which is everywhere. */
const childrenOf = (parent: number): readonly number[] =>
  execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([ppid, pid]) => (ppid === parent && pid !== undefined ? [pid] : []));

const leftFiles = (): readonly string[] =>
  readdirSync(temporary).flatMap((name) =>
    name.startsWith('harness-owners') ? readdirSync(join(temporary, name)) : [name],
  );

const deploy = async (): Promise<Cluster> => {
  const options = { bug: null, values: {} };
  const deployment = { system: ledger, options, bug: null, nodes: nodeNames(3), seed: 1, directory: null };
  const cluster = await local(ledgerNode).deploy(deployment, new AbortController().signal);
  closing.push(() => cluster[Symbol.asyncDispose]());
  return cluster;
};

const lives = async (cluster: Cluster): Promise<unknown> =>
  await Promise.all(
    cluster.nodes.map((node) => new Promise((resolve) => cluster.faults.inspect(node, (answer) => resolve(answer)))),
  );

const unharmed = Array.from({ length: 3 }, () => ({ ok: true, value: { role: 'ledger', life: 1, entries: 0 } }));

test('a harness that is killed while a node is stopped leaves no process and no file after five seconds', async () => {
  const { pids, kill } = await harness();
  expect(alive(pids)).toHaveLength(4);
  await kill();
  await vi.waitFor(() => expect(alive(pids)).toEqual([]), { timeout: 5_000 });
  expect(leftFiles()).toEqual([]);
});

test('when the supervisor was killed too, the next start clears up, and disturbs nobody else', async () => {
  vi.stubEnv('TMPDIR', temporary);
  closing.push(() => vi.unstubAllEnvs());
  const neighbour = await deploy();
  const { pid, pids, kill } = await harness();
  const supervisor = pids.at(-1) as number;
  // A stopped harness cannot start another supervisor.
  process.kill(pid, 'SIGSTOP');
  process.kill(supervisor, 'SIGKILL');
  await kill();
  // The stopped node cannot see that its harness is gone.
  await vi.waitFor(() => expect(alive(pids)).toEqual([pids[0]]), { timeout: 5_000 });

  const next = await deploy();
  await vi.waitFor(() => expect(alive(pids)).toEqual([]), { timeout: 5_000 });
  expect(await lives(neighbour)).toEqual(unharmed);
  expect(await lives(next)).toEqual(unharmed);
  await neighbour[Symbol.asyncDispose]();
  expect(await lives(next)).toEqual(unharmed);
  await next[Symbol.asyncDispose]();
  expect(leftFiles()).toEqual([]);
});

test('a supervisor that dies is replaced by another one, which knows what the first one was told', async () => {
  const { pid, pids, kill } = await harness();
  const first = pids.at(-1) as number;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(childrenOf(pid).filter((child) => !pids.includes(child))).toHaveLength(1), 10_000);
  const second = childrenOf(pid).filter((child) => !pids.includes(child));
  await kill();
  await vi.waitFor(() => expect(alive([...pids, ...second])).toEqual([]), { timeout: 5_000 });
  expect(leftFiles()).toEqual([]);
});
