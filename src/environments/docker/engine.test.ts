import { mkdtemp, rm } from 'node:fs/promises';
import { type RequestListener, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../core/errors.ts';
import { architectureOf, engineMessage, explainFailure, probeEngine, requireEngine } from './engine.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'harness-engine-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Something that speaks HTTP on a socket, as an engine does, and what the probe makes of it. */
async function probing<T>(answer: RequestListener, probe: (host: string) => Promise<T>): Promise<T> {
  const socket = join(folder, 'engine.sock');
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    return await probe(`unix://${socket}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const engine =
  (version: object, info: object): RequestListener =>
  ({ url }, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(url?.startsWith('/version') === true ? version : info));
  };

const info = {
  OperatingSystem: 'Docker Desktop',
  OSType: 'linux',
  Architecture: 'aarch64',
  KernelVersion: '6.10.14-linuxkit',
  CgroupVersion: '2',
  SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'],
  NCPU: 8,
  MemTotal: 8_000_000_000,
};

describe('the way to an engine', () => {
  it('tells what the engine says about itself, in the words of Node', async () => {
    const probe = await probing(engine({ Version: '27.3.1', ApiVersion: '1.47' }, info), (host) =>
      probeEngine({ variables: { DOCKER_HOST: host } }),
    );
    expect(probe.available && probe.facts).toEqual({
      endpoint: `unix://${folder}/engine.sock`,
      version: '27.3.1',
      apiVersion: '1.47',
      system: 'Docker Desktop',
      os: 'linux',
      architecture: 'arm64',
      kernel: '6.10.14-linuxkit',
      cgroup: 2,
      rootless: true,
      desktop: true,
      remote: false,
      cpus: 8,
      memory: 8_000_000_000,
    });
  });

  it('refuses an engine that is too old', async () => {
    const probe = await probing(engine({ Version: '18.09.1', ApiVersion: '1.39' }, info), (host) =>
      probeEngine({ variables: { DOCKER_HOST: host } }),
    );
    expect(probe).toEqual({
      available: false,
      reason: `the engine at unix://${folder}/engine.sock is 18.09.1 with API 1.39, and 1.41 is the oldest we use`,
      advice: 'Install Docker Engine 20.10 or newer.',
    });
  });

  it('gives up on an engine that hangs', async () => {
    const probe = await probing(
      () => {},
      (host) => probeEngine({ variables: { DOCKER_HOST: host }, timeout: 100 }),
    );
    expect(probe).toMatchObject({ available: false, reason: `unix://${folder}/engine.sock did not answer in time` });
  });

  it('limits every later question to an engine that hangs, but not what lasts until its asker has enough', async () => {
    const hangs: RequestListener = (request, response) => {
      if (/^\/(?:version|info)/.test(request.url ?? ''))
        engine({ Version: '27.3.1', ApiVersion: '1.47' }, info)(request, response);
    };
    const [question, waiting] = await probing(hangs, async (host) => {
      const { docker } = await requireEngine({ variables: { DOCKER_HOST: host }, answerLimit: 100 });
      const enough = new AbortController();
      const lasting = docker.getContainer('n1').wait({ abortSignal: enough.signal });
      const asked = await docker.getContainer('n1').remove({ force: true }).catch(messageOf);
      const first = await Promise.race([lasting, Promise.resolve('waits still')]);
      enough.abort();
      return [asked, [first, await lasting.catch(({ name }: Error) => name)]];
    });
    expect(question).toBe(
      `The engine at unix://${folder}/engine.sock did not answer within 0.1 s (DELETE /containers/n1)`,
    );
    expect(waiting).toEqual(['waits still', 'AbortError']);
  });

  it('says that there is no socket, and what to do', async () => {
    const host = `unix://${folder}/none.sock`;
    expect(await probeEngine({ variables: { DOCKER_HOST: host } })).toEqual({
      available: false,
      reason: `there is no socket at ${host}`,
      advice: 'Check DOCKER_HOST, or unset it to use the engine of this machine.',
    });
    await expect(requireEngine({ variables: { DOCKER_HOST: host } })).rejects.toThrow(
      `No Docker engine: there is no socket at ${host}. Check DOCKER_HOST`,
    );
  });

  it('says which group one has to be in where the socket is forbidden', () => {
    const error = Object.assign(new Error('connect EACCES /var/run/docker.sock'), { code: 'EACCES' });
    expect(explainFailure(error, 'unix:///var/run/docker.sock', {})).toEqual({
      available: false,
      reason: 'you may not use the socket unix:///var/run/docker.sock',
      advice: 'Add yourself to its group and log in again (sudo usermod -aG docker $USER), or run a rootless engine.',
    });
  });

  it('says that a left-over socket has no engine', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(explainFailure(error, 'unix:///var/run/docker.sock', {})).toMatchObject({
      reason: 'nothing answers at unix:///var/run/docker.sock',
      advice: 'The socket is a left-over: start the engine (sudo systemctl start docker).',
    });
  });

  it('refuses an address that no engine can have', async () => {
    expect(await probeEngine({ variables: { DOCKER_HOST: 'ftp://x' } })).toMatchObject({
      available: false,
      reason: 'DOCKER_HOST is ftp://x, which is no unix://, tcp:// or ssh:// address',
    });
  });
});

describe('words of an engine', () => {
  it('come without those of the library', () => {
    expect(engineMessage(new Error('(HTTP code 500) server error - dial tcp: no such host '))).toBe(
      'dial tcp: no such host',
    );
    expect(engineMessage(new Error('(HTTP code 404) unexpected - '))).toBe('(HTTP code 404) unexpected -');
  });

  it('name architectures as Node does, and leave those it does not know', () => {
    expect(['x86_64', 'amd64', 'aarch64', 'arm64', 'riscv64'].map(architectureOf)).toEqual([
      'x64',
      'x64',
      'arm64',
      'arm64',
      'riscv64',
    ]);
  });
});
