/**
 * A node and its holder for the length of a trial, made as a run makes them: the holder owns the network and may
 * change it, the node joins it and may do nothing. They carry the labels of a run, so that the next start removes what
 * a killed trial has left.
 */
import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Engine, within } from '../engine.ts';
import { clockVariables } from '../holder/clock-variables.ts';
import type { Images } from '../images/images.ts';
import { dataDirectory } from '../images/images.ts';
import { labelsOf, ownOwner } from '../labels.ts';
import { removeRun } from '../leftovers.ts';
import { clockFile, trialClient, trialHolder, trialServer } from './trial-program.ts';

export interface Executed {
  readonly code: number;
  readonly output: string;
  /** What it complained of. */
  readonly complaint: string;
}

export interface Clocks {
  /** In milliseconds, both. */
  readonly wall: number;
  readonly monotonic: number;
}

const nodeProgram = '/usr/local/bin/node';
/** In milliseconds. */
const patience = 600;

export class Trial implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #run: string;
  readonly #signal: AbortSignal;
  readonly holder: Docker.Container;
  readonly node: Docker.Container;

  private constructor(
    engine: Engine,
    run: string,
    parts: readonly [Docker.Container, Docker.Container],
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#run = run;
    this.#signal = signal;
    [this.holder, this.node] = parts;
  }

  /** Rejects, with nothing left behind, where a container cannot be made or started. */
  static async start(engine: Engine, images: Images, signal: AbortSignal): Promise<Trial> {
    const run = `doctor-${process.pid}-${Date.now().toString(36)}`;
    try {
      const holder = await within(makeHolder(engine.docker, images, run), signal);
      await within(holder.start(), signal);
      const node = await within(makeNode(engine.docker, images, run, holder.id), signal);
      await within(node.start(), signal);
      return new Trial(engine, run, [holder, node], signal);
    } catch (error) {
      await removeRun(engine.docker, run);
      throw error;
    }
  }

  /** Runs a program in the holder, which may change the network that both share. */
  async execute(command: readonly string[]): Promise<Executed> {
    const execution = await within(
      this.holder.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true }),
      this.#signal,
    );
    const stream = await within(execution.start({}), this.#signal);
    const [output, complaint] = [new PassThrough(), new PassThrough()];
    this.#engine.docker.modem.demuxStream(stream, output, complaint);
    stream.on('end', () => (output.end(), complaint.end()));
    const said = await within(Promise.all([text(output), text(complaint)]), this.#signal);
    const { ExitCode: code } = await within(execution.inspect(), this.#signal);
    return { code: code ?? -1, output: said[0].trim(), complaint: said[1].trim() };
  }

  /** What a new connection to the node hears: its clocks; or `silent`, or `refused`. */
  async ask(line: string = 'hello'): Promise<Clocks | 'silent' | 'refused'> {
    const { output } = await this.execute([nodeProgram, '-e', trialClient, String(patience), line]);
    return output.startsWith('{') ? (JSON.parse(output) as Clocks) : output === 'refused' ? 'refused' : 'silent';
  }

  /** Asks until the node answers; it may still be starting. */
  async answers(): Promise<boolean> {
    for (let attempt = 0; attempt < 12; attempt++) {
      const heard = await this.ask();
      if (typeof heard === 'object') return true;
      // A refusal comes at once, and a silence has taken its time already.
      if (heard === 'refused') await this.execute([nodeProgram, '-e', 'setTimeout(() => {}, 100)']);
    }
    return false;
  }

  async address(): Promise<string | null> {
    const { NetworkSettings: settings } = await within(this.holder.inspect(), this.#signal);
    return Object.values(settings.Networks)[0]?.IPAddress ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeRun(this.#engine.docker, this.#run);
  }
}

function makeHolder(docker: Docker, images: Images, run: string): Promise<Docker.Container> {
  return docker.createContainer({
    Image: images.holder,
    Entrypoint: [nodeProgram, '-e', trialHolder],
    Cmd: [],
    Labels: { ...labelsOf(run, ownOwner()) },
    HostConfig: { ...confined(), CapAdd: ['NET_ADMIN'] },
  });
}

function makeNode(docker: Docker, images: Images, run: string, holder: string): Promise<Docker.Container> {
  const clock = images.faketime === null ? {} : clockVariables(images.faketime, clockFile);
  return docker.createContainer({
    Image: images.node,
    Entrypoint: [nodeProgram, '-e', trialServer],
    Cmd: [],
    Env: Object.entries(clock).map(([name, value]) => `${name}=${value}`),
    Labels: { ...labelsOf(run, ownOwner()) },
    HostConfig: { ...confined(), NetworkMode: `container:${holder}` },
  });
}

const confined = (): Docker.HostConfig => ({
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': '', [dataDirectory]: '' },
});
