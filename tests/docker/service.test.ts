/** Somebody else's program in an image of its own, deployed, broken and judged by the same code as our own nodes. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeNames } from '../../src/core/ids.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { Engine } from '../../src/environments/docker/engine.ts';
import { findProgram, withLibraries } from '../../src/environments/docker/images/host-programs.ts';
import type { Cluster, Environment } from '../../src/environments/environment.ts';
import type { Link } from '../../src/environments/faults.ts';
import { expand } from '../../src/harness/expand.ts';
import { ordinaryLimits } from '../../src/harness/models.ts';
import { run } from '../../src/harness/run.ts';
import { catalogue } from '../../src/cli/catalogue.ts';
import { redisIn } from '../fixtures/redis.ts';
import { Stage } from '../contract/stage.ts';
import { engine as possibleEngine, ledgers } from './engine.ts';

const engine = possibleEngine as Engine;
const redisServer = await findProgram('redis-server');
if (redisServer === null)
  process.stderr.write(
    'No service in a container: this machine has no redis-server. Install it (apt-get install redis-server).\n',
  );

const image = `harness-test-redis:${process.pid}`;
const system = redisIn(image);
const environment = ledgers as Environment;

/** FROM scratch, of this machine's redis-server and the libraries that it loads. */
beforeAll(async () => {
  if (possibleEngine === null || redisServer === null) return;
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  try {
    for (const entry of await withLibraries([redisServer])) {
      if (entry.kind !== 'copy') continue;
      const target = join(folder, entry.from === redisServer ? '/usr/bin/redis-server' : entry.from);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(entry.from, target, { dereference: true });
    }
    const archive = join(folder, '..', `${process.pid}-redis.tar`);
    await execa('tar', ['-C', folder, '-cf', archive, '.']);
    const imported = await engine.docker.importImage(archive, { repo: image.split(':')[0], tag: image.split(':')[1] });
    await new Promise((resolve) => imported.on('end', resolve).resume());
    rmSync(archive);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
afterAll(async () => {
  await engine?.docker
    .getImage(image)
    .remove({ force: true })
    .catch(() => null);
});

let cluster: Cluster | null = null;
afterEach(async () => {
  await cluster?.[Symbol.asyncDispose]();
  cluster = null;
});

const deploy = async (of = system, nodeCount = 1): Promise<Stage> => {
  const options = { bug: null, values: {} };
  const deployment = { system: of, options, bug: null, nodes: nodeNames(nodeCount), seed: 1, directory: null };
  cluster = await environment.deploy(deployment, new AbortController().signal);
  return new Stage(cluster);
};

describe.skipIf(possibleEngine === null || redisServer === null)('a service in a container', () => {
  const [n1] = nodeNames(1) as [ReturnType<typeof nodeNames>[number]];

  test('answers in its own language, and keeps what it was told over a kill', async () => {
    const stage = await deploy();
    expect(await stage.inspect(n1)).toEqual({ ok: true, value: { role: 'leader', term: 1 } });
    expect(await stage.ask(n1, { type: 'write', key: 'k', value: 7 })).toEqual({ type: 'write_ok', value: 7 });
    const { id, answer } = await stage.begin({ kind: 'kill', nodes: [n1] });
    expect(answer).toMatchObject({ ok: true });
    expect(await stage.ask(n1, { type: 'read', key: 'k' })).toBe('undeliverable before');
    expect(await stage.end(id)).toEqual({ ok: true, value: 'n1: runs (life 2) and answers' });
    expect(await stage.ask(n1, { type: 'read', key: 'k' })).toEqual({ type: 'read_ok', value: 7 });
    expect(await stage.peek(n1, 'k')).toEqual({ ok: true, value: 7 });
  });

  test('is silent while it is paused, and what was asked then is of unknown fate until it answers', async () => {
    const stage = await deploy();
    const { id } = await stage.begin({ kind: 'pause', nodes: [n1] });
    const asked = stage.ask(n1, { type: 'write', key: 'k', value: 1 }, 10_000);
    expect(await stage.ask(n1, { type: 'read', key: 'k' }, 200)).toBe('silence');
    expect(await stage.end(id)).toEqual({ ok: true, value: 'n1: runs again and answers' });
    expect(await asked).toEqual({ type: 'write_ok', value: 1 });
  });

  test('is cut off on connections that either side has opened before, and hears again afterwards', async () => {
    const stage = await deploy(system, 2);
    const [, n2] = nodeNames(2) as [NodeId, NodeId];
    // n2 has connected to n1, and gets what n1 is told on that connection.
    const told = (value: number): Promise<unknown> => stage.ask(n1, { type: 'write', key: 'k', value });
    const copied = (): Promise<unknown> => stage.peek(n2, 'k');
    await told(1);
    await expect.poll(copied, { timeout: 15_000 }).toEqual({ ok: true, value: 1 });
    const cut: readonly Link[] = [[n1, n2], [n2, n1]]; // prettier-ignore
    expect(await stage.begin({ kind: 'partition', cut: cut.slice(0, 1) })).toMatchObject({
      answer: { ok: false, error: expect.stringMatching(/^a service is cut off both ways or not at all/) as string },
    });
    const { id, answer } = await stage.begin({ kind: 'partition', cut });
    expect(answer).toMatchObject({ ok: true });
    expect(await told(2)).toEqual({ type: 'write_ok', value: 2 });
    await stage.sleep(1_000);
    expect(await copied()).toEqual({ ok: true, value: 1 });
    expect(await stage.end(id)).toMatchObject({ ok: true });
    await expect.poll(copied, { timeout: 30_000 }).toEqual({ ok: true, value: 2 });
  }, 60_000);

  test('whose image is nowhere is refused with what to do', async () => {
    await expect(deploy(redisIn('harness-test-nowhere:1'))).rejects.toThrow(UsageError);
    await expect(deploy(redisIn('harness-test-nowhere:1'))).rejects.toThrow(/has no image harness-test-nowhere:1/);
  });

  test('is run and judged as any other system', async () => {
    const request = {
      system: 'redis',
      nodeCount: 1,
      nemesis: 'kill',
      timeLimit: 8,
      nemesisInterval: 2,
      seed: 1,
      set: ['cas=0'],
    };
    const known = { ...catalogue, systems: { redis: system } };
    const planned = expand(request, { ...environment, reason: 'tests' }, known);
    const settings = {
      test: planned,
      environment,
      store: null,
      version: '0',
      program: 'harness',
      limits: ordinaryLimits,
    };
    const { report } = await run({ ...settings, signal: new AbortController().signal });
    expect({ ...report.outcome, reasons: report.outcome.reasons }).toMatchObject({ exitCode: 0 });
    expect(() => expand(request, { name: 'local', faults: environment.faults, reason: '' }, known)).toThrow(
      /runs in containers only: use --env docker/,
    );
    expect(() => expand({ ...request, nemesis: 'clock' }, { ...environment, reason: '' }, known)).toThrow(
      /Leave clock out/,
    );
  });
});
