/** A node as a container: killed and started, paused and unpaused by the engine. What it says goes into its log file. */
import { mkdirSync } from 'node:fs';
import type Docker from 'dockerode';
import { messageOf } from '../../core/errors.ts';
import { addToLog } from '../real/node-log.ts';
import type { Exit, Life, Vessel, Wanted } from '../real/real-node.ts';
import { inTime, observe } from '../real/waiting.ts';
import type { Attached } from './attached.ts';
import { attach } from './attached.ts';

export interface ContainerOptions {
  readonly docker: Docker;
  /** Where its log goes. */
  readonly folder: string;
  /** The container of the node, made before its first life. */
  container(): Docker.Container;
  /** Whatever has to be done before it is started for this life. */
  prepare(life: number): Promise<void>;
}

/** Milliseconds in which the last words of a container that has exited arrive. */
const lastWords = 1_000;

export class ContainerVessel implements Vessel {
  readonly absence: string = 'has no running container';
  readonly #options: ContainerOptions;

  constructor(options: ContainerOptions) {
    this.#options = options;
  }

  begin(life: number): Life {
    return new ContainerLife(this.#options, life);
  }
}

class ContainerLife implements Life {
  readonly exited: Promise<Exit>;
  readonly #options: ContainerOptions;
  /** Resolves when it has started or could not be. */
  readonly #started: Promise<unknown>;

  constructor(options: ContainerOptions, life: number) {
    this.#options = options;
    const running = this.#run(life);
    this.#started = running.catch(() => null);
    this.exited = running.then(
      ({ streams }) => this.#watch(streams),
      (error: unknown): Exit => ({ code: null, how: `could not be started: ${messageOf(error)}` }),
    );
  }

  get killed(): string {
    return 'has no process any more: its container was killed';
  }

  end(): void {
    void this.#started.then(() =>
      this.#container
        .kill({ signal: 'SIGKILL' })
        // It is gone; its exit tells more.
        .catch(() => null),
    );
  }

  async isGone(): Promise<boolean> {
    return (await this.observe()) === 'down';
  }

  async stop(within: number): Promise<string | null> {
    await this.#started;
    await this.#container.pause();
    const paused = await observe(within, async () => ((await this.observe()) === 'stopped' ? true : null));
    return paused === null ? null : 'is frozen (its container is paused)';
  }

  async resume(within: number): Promise<true | null> {
    await this.#container.unpause();
    return await observe(within, async () => ((await this.observe()) === 'running' ? true : null));
  }

  async observe(): Promise<Wanted> {
    const { State: state } = await this.#container.inspect();
    if (!state.Running) return 'down';
    return state.Paused ? 'stopped' : 'running';
  }

  get #container(): Docker.Container {
    return this.#options.container();
  }

  async #run(life: number): Promise<{ readonly streams: Attached }> {
    const { docker, folder } = this.#options;
    mkdirSync(folder, { recursive: true });
    await this.#options.prepare(life);
    const streams = await attach(docker, this.#container);
    // Written at once: when the node has exited, the end of its log is read.
    for (const output of [streams.stdout, streams.stderr])
      output.on('data', (chunk: Buffer) => addToLog(folder, chunk));
    streams.stdin.on('error', () => {});
    try {
      await this.#container.start();
    } catch (error) {
      streams.close();
      throw error;
    }
    return { streams };
  }

  async #watch(streams: Attached): Promise<Exit> {
    try {
      const { StatusCode: code } = (await this.#container.wait()) as { readonly StatusCode: number };
      // Its log is read as soon as its end is known.
      await inTime(lastWords, streams.ended);
      return await this.#exit(code);
    } catch (error) {
      return { code: null, how: `was lost sight of: ${messageOf(error)}` };
    }
  }

  async #exit(code: number): Promise<Exit> {
    const state = await this.#container.inspect().then(
      ({ State }) => State,
      () => null,
    );
    if (state?.OOMKilled === true) return { code, how: 'was killed because its memory was used up' };
    return { code, how: code === 137 ? 'died of SIGKILL' : `exited with code ${code}` };
  }
}
