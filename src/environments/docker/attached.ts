/** The standard streams of a container, as one connection to the engine. */
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';

export interface Attached {
  /** Ends the container's standard input when it is ended, as the death of this process would. */
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  /** Resolves when nothing more comes. */
  readonly ended: Promise<void>;
  close(): void;
}

/** To be called before the container is started, so that nothing of what it says is missed. */
export async function attach(docker: Docker, container: Docker.Container): Promise<Attached> {
  const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  // The engine frames what comes from the two outputs; its client knows how to take them apart.
  (docker.modem as Modem).demuxStream(stream, stdout, stderr);
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      stdout.end();
      stderr.end();
      resolve();
    };
    stream.on('end', finish);
    stream.on('close', finish);
    stream.on('error', finish);
  });
  return { stdin: stream, stdout, stderr, ended, close: () => (stream as unknown as PassThrough).destroy() };
}

interface Modem {
  demuxStream(stream: NodeJS.ReadableStream, stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): void;
}

/** What every container has and has not: no rights but those that are named, nothing to write on but what is given. */
export interface Confinement {
  readonly CapDrop: string[];
  readonly CapAdd: string[];
  readonly SecurityOpt: string[];
  readonly ReadonlyRootfs: boolean;
  readonly PidsLimit: number;
  readonly Tmpfs: { readonly [path: string]: string };
  readonly LogConfig: { readonly Type: string; readonly Config: object };
}

export const confinement = (rights: readonly string[]): Confinement => ({
  CapDrop: ['ALL'],
  CapAdd: [...rights],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  // Enough for any server with a thread for each client, and an end to whatever forks for ever.
  PidsLimit: 4_096,
  Tmpfs: { '/tmp': 'rw,noexec,nosuid,size=64m', '/run': 'rw,noexec,nosuid,size=8m' },
  // What it says goes to the run's folder; the engine's disk need not keep it as well.
  LogConfig: { Type: 'none', Config: {} },
});

/** What lets this process be the container's keeper: its standard input lasts as long as the connection. */
export const kept = {
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
  OpenStdin: true,
  StdinOnce: true,
  Tty: false,
} as const;
