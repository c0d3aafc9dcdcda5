/** The images as the engine has them: what is built, when, and whether a node can live in them as a run lets it. */
import { on } from 'node:events';
import type Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { systems } from '../../systems/index.ts';
import { type Engine, engineMessage } from '../../src/environments/docker/engine.ts';
import { dockerFitness } from '../../src/environments/docker/fitness/docker-fitness.ts';
import { dataDirectory, ensureImages, sizesOf } from '../../src/environments/docker/images/images.ts';
import { labelsOf, ownOwner } from '../../src/environments/docker/labels.ts';
import { findRuns, removeRun } from '../../src/environments/docker/leftovers.ts';
import { engine } from './engine.ts';

const here = engine as Engine;

/** As a run confines its nodes. */
const confined = (volume: string): Docker.HostConfig => ({
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': '' },
  Binds: [`${volume}:${dataDirectory}`],
  NetworkMode: 'none',
});

/** Runs a container of the node image under those limits until it has said what is waited for, or has ended. */
async function heard(options: Docker.ContainerCreateOptions, awaited: string): Promise<string> {
  const run = `images-test-${process.pid}-${Math.round(performance.now())}`;
  const labels = { ...labelsOf(run, ownOwner()) };
  try {
    await here.docker.createVolume({ Name: run, Labels: labels });
    const images = await ensureImages(here);
    const container = await here.docker.createContainer({
      Image: images.node,
      Labels: labels,
      HostConfig: confined(run),
      ...options,
    });
    await container.start();
    const log = await container.logs({ follow: true, stdout: true, stderr: true });
    let words = '';
    for await (const bytes of on(log, 'data', { close: ['end'], signal: AbortSignal.timeout(30_000) })) {
      words += String(bytes);
      if (words.includes(awaited)) break;
    }
    return words;
  } finally {
    await removeRun(here.docker, run);
  }
}

describe.skipIf(engine === null)('the images', () => {
  test('are built once: when nothing has changed, nothing is said and nothing is made', async () => {
    const first = await ensureImages(here);
    const said: string[] = [];
    const again = await ensureImages(here, { progress: (line) => said.push(line) });
    expect({ again, said }).toEqual({ again: first, said: [] });
  });

  test("are ours by their labels, and of the engine's architecture", async () => {
    const images = await ensureImages(here);
    for (const { role, name } of await sizesOf(here, images)) {
      const { Config: config, Architecture: architecture } = await here.docker.getImage(name).inspect();
      expect(config.Labels).toMatchObject({ 'harness.image': role, 'harness.origin': images.origin });
      expect({ x64: 'amd64', arm64: 'arm64' }[here.facts.architecture]).toBe(architecture);
    }
  });

  test('let our program start without rights and on a read-only root, with its data on the volume', async () => {
    const config = {
      system: 'raft',
      options: {
        bug: null,
        values: Object.fromEntries((systems['raft']?.options ?? []).map(({ name, fallback }) => [name, fallback])),
      },
      sync: 'always',
      self: 'n1',
      nodes: ['n1'],
      members: ['n1'],
      life: 1,
      seed: 1,
      epoch: Date.now(),
      listen: { peers: 'tcp:0.0.0.0:7000', clients: 'tcp:0.0.0.0:7001' },
      peers: {},
      directory: `${dataDirectory}/n1`,
      logLevel: 'events',
      exitWithStdin: false,
    };
    const log = await heard({ Cmd: [JSON.stringify(config)] }, 'ready');
    expect(log).toContain('life 1 of raft');
    expect(log).toContain('n1 ready');
  });

  test('let nobody write anywhere else', async () => {
    const attempt = `
      const { writeFileSync } = require('node:fs');
      for (const file of ['/harness/x', '/usr/local/bin/x', '/x', '/tmp/x', '${dataDirectory}/x'])
        try { writeFileSync(file, ''); console.log(file, 'written'); } catch (error) { console.log(file, error.code); }
      console.log('done');`;
    const log = await heard({ Entrypoint: ['/usr/local/bin/node', '-e', attempt], Cmd: [] }, 'done');
    const said = [...log.matchAll(/(\/\S+) (EROFS|written|E[A-Z]+)/g)].map(([, file, fate]) => [file, fate]);
    expect(said).toEqual([
      ['/harness/x', 'EROFS'],
      ['/usr/local/bin/x', 'EROFS'],
      ['/x', 'EROFS'],
      ['/tmp/x', 'written'],
      [`${dataDirectory}/x`, 'written'],
    ]);
  });

  test('are refused with the reason where the named base cannot be had', async () => {
    const base = '127.0.0.1:1/no-such-base:1';
    const error: unknown = await ensureImages(here, { base }).catch((thrown: unknown) => thrown);
    expect((error as Error).name).toBe('UsageError');
    expect(engineMessage(error)).toMatch(
      /^The images could not be made from anything:\n {2}127\.0\.0\.1:1\/no-such-base:1: .*refused/,
    );
  });
});

describe.skipIf(engine === null)('the doctor, with an engine', () => {
  test('tries the faults on a node of its own, and leaves nothing behind', async () => {
    const { usable, faults } = await dockerFitness({ progress: () => {}, signal: AbortSignal.timeout(50_000) });
    expect(usable).toBe(true);
    const possible = faults.filter(({ can }) => can).map(({ fault }) => fault);
    expect(possible).toEqual(expect.arrayContaining(['partition', 'kill', 'pause', 'clock']));
    for (const { can, advice } of faults) expect(advice === null).toBe(can);
    const mine = (await findRuns(here)).filter(({ run }) => run.startsWith(`doctor-${process.pid}-`));
    expect(mine).toEqual([]);
  });
});
