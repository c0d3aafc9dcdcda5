import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Life } from '../real/real-node.ts';
import { ContainerVessel } from './container-vessel.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'vessel-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refused = (statusCode: number, message: string): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) ${message}`), { statusCode });

interface Behaviour {
  readonly start?: () => Promise<void>;
  readonly pause?: () => Promise<void>;
  readonly wait?: (options: { readonly abortSignal: AbortSignal }) => Promise<{ readonly StatusCode: number }>;
  readonly state?: () => object;
  readonly isStanding?: boolean;
  readonly memory?: number;
  readonly closed?: AbortSignal;
}

/** A container of an engine that does what the test says. */
function begin({
  state,
  isStanding = true,
  memory,
  closed = new AbortController().signal,
  ...behaviour
}: Behaviour): Life {
  const container = {
    // It has said all that it will ever say.
    attach: async () => new PassThrough().resume().end(),
    start: async () => undefined,
    wait: () => new Promise(() => {}),
    inspect: async () => ({ State: { Running: false, Paused: false, OOMKilled: false, ...state?.() } }),
    ...behaviour,
  };
  const modem = { demuxStream: () => undefined };
  return new ContainerVessel({
    docker: { modem } as unknown as Docker,
    folder,
    container: () => container as unknown as Docker.Container,
    prepare: async () => '',
    isStanding: async () => isStanding,
    memory: memory ?? null,
    closed,
  }).begin(1);
}

const fails = (error: Error) => (): Promise<never> => Promise.reject(error);
const exits = (StatusCode: number) => async () => ({ StatusCode });

describe('the exit of a container', () => {
  it('is trouble of the environment when it could not be started, whatever the reason', async () => {
    expect(await begin({ start: fails(refused(500, 'cannot join the network.')) }).exited).toEqual({
      code: null,
      how: 'could not be started: (HTTP code 500) cannot join the network',
      isTrouble: true,
    });
  });

  it('is awaited when the engine says that it runs already', async () => {
    expect(await begin({ start: fails(refused(304, 'container already started')), wait: exits(3) }).exited).toEqual({
      code: 3,
      how: 'exited with code 3',
    });
  });

  it('is trouble of the environment when nobody can say how it was', async () => {
    expect(await begin({ wait: fails(new Error('socket hang up')) }).exited).toEqual({
      code: null,
      how: 'was lost sight of: socket hang up',
      isTrouble: true,
    });
  });

  it('is trouble of the environment when what it stood on is gone, but for a throw in a step', async () => {
    expect(await begin({ wait: exits(137), isStanding: false }).exited).toEqual({
      code: 137,
      how: 'was killed by somebody else (SIGKILL) when its container, its network holder or the engine was gone',
      isTrouble: true,
    });
    expect(await begin({ wait: exits(70), isStanding: false }).exited).toEqual({
      code: 70,
      how: 'exited with code 70',
    });
  });

  it('is trouble of the environment when somebody else killed it, which no program does to itself', async () => {
    expect(await begin({ wait: exits(137) }).exited).toEqual({
      code: 137,
      how: 'was killed by somebody else (SIGKILL)',
      isTrouble: true,
    });
    expect(await begin({ wait: exits(139) }).exited).toEqual({ code: 139, how: 'exited with code 139' });
  });

  it('is not awaited any more when its cluster is closed, whatever the engine does', async () => {
    const closed = new AbortController();
    const wait: Behaviour['wait'] = ({ abortSignal }) =>
      new Promise((_, reject) => abortSignal.addEventListener('abort', () => reject(new Error('enough'))));
    const life = begin({ wait, closed: closed.signal });
    setTimeout(() => closed.abort());
    expect(await life.exited).toMatchObject({ how: 'was lost sight of: enough' });
  });

  it('for want of memory names the limit that it broke, and is trouble where there was none', async () => {
    const short = { wait: exits(137), state: () => ({ OOMKilled: true }) };
    expect(await begin({ ...short, memory: 128 * 2 ** 20 }).exited).toEqual({
      code: 137,
      how: 'was killed because it used more memory than --node-memory allows (128 MiB)',
    });
    expect(await begin(short).exited).toMatchObject({ isTrouble: true });
  });
});

describe('a pause', () => {
  it('is asked for again when the kernel could not freeze the container', async () => {
    let asked = 0;
    const pause = async (): Promise<void> => {
      if (++asked < 3) throw refused(500, 'unable to freeze');
    };
    const life = begin({ pause, state: () => ({ Running: true, Paused: asked >= 3 }) });
    expect(await life.stop(2_000)).toBe('is frozen (its container is paused)');
    expect(asked).toBe(3);
  });

  it('that the engine refuses to the last is refused with its words', async () => {
    const pause = fails(refused(500, 'unable to freeze'));
    const life = begin({ pause, state: () => ({ Running: true }) });
    await expect(life.stop(50)).rejects.toThrow('unable to freeze');
  });
});
