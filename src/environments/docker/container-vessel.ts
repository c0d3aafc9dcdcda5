/** A node as a container: killed and started, paused and unpaused by the engine. What it says goes into its log file. */
import { mkdirSync } from 'node:fs';
import type Docker from 'dockerode';
import { messageOf } from '../../core/errors.ts';
import { exitCodes } from '../../runtimes/real/exit-codes.ts';
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
  /** Whatever has to be done before it is started for this life; resolves with what its standard input begins with. */
  prepare(life: number): Promise<string>;
  /** Whether all that the container stands on is still there. Never rejects. */
  isStanding(): Promise<boolean>;
  /** Bytes of memory that it was given; null: all that there is. */
  readonly memory: number | null;
  /** Fires when nothing of it matters any more: an engine that hangs would keep its connections open for ever. */
  readonly closed: AbortSignal;
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
  readonly begun: Promise<unknown>;
  readonly #options: ContainerOptions;

  constructor(options: ContainerOptions, life: number) {
    this.#options = options;
    const running = this.#run(life);
    this.begun = running.catch(() => null);
    this.exited = running.then(
      ({ streams }) => this.#watch(streams),
      // The program is asked for nothing yet: what failed is the engine, or something of ours.
      (error: unknown): Exit => ({ code: null, how: `could not be started: ${words(error)}`, isTrouble: true }),
    );
  }

  get killed(): string {
    return 'has no process any more: its container was killed';
  }

  end(): void {
    void this.begun.then(() =>
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
    await this.begun;
    const paused = await this.#change(within, 'stopped', () => this.#container.pause());
    return paused === null ? null : 'is frozen (its container is paused)';
  }

  async resume(within: number): Promise<true | null> {
    return await this.#change(within, 'running', () => this.#container.unpause());
  }

  /** A kernel under load is sometimes "unable to freeze", which says nothing about the next time. */
  async #change(within: number, wanted: Wanted, ask: () => Promise<unknown>): Promise<true | null> {
    let refusal: unknown = null;
    const changed = await observe(within, async () => {
      const seen = await this.observe();
      if (seen === wanted) return true;
      if (seen === 'down') return false;
      await ask().catch((error: unknown) => (refusal = error));
      return (await this.observe()) === wanted ? true : null;
    });
    if (changed === true) return true;
    if (refusal !== null) throw refusal;
    return null;
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
    const { docker, folder, closed } = this.#options;
    mkdirSync(folder, { recursive: true });
    const words = await this.#options.prepare(life);
    const streams = await attach(docker, this.#container);
    const close = (): void => streams.close();
    closed.addEventListener('abort', close);
    void streams.ended.then(() => closed.removeEventListener('abort', close));
    // Written at once: when the node has exited, the end of its log is read.
    for (const output of [streams.stdout, streams.stderr])
      output.on('data', (chunk: Buffer) => addToLog(folder, chunk));
    streams.stdin.on('error', () => {});
    streams.stdin.write(words);
    try {
      await this.#container.start();
    } catch (error) {
      // 304: it runs already, since an answer was lost. Nobody starts it while an earlier life of it is there.
      if ((error as { readonly statusCode?: unknown }).statusCode !== 304) {
        streams.close();
        throw error;
      }
    }
    return { streams };
  }

  async #watch(streams: Attached): Promise<Exit> {
    try {
      const { closed: abortSignal } = this.#options;
      const { StatusCode: code } = (await this.#container.wait({ abortSignal })) as { readonly StatusCode: number };
      // Its log is read as soon as its end is known.
      await inTime(lastWords, streams.ended);
      return await this.#exit(code);
    } catch (error) {
      return { code: null, how: `was lost sight of: ${words(error)}`, isTrouble: true };
    }
  }

  async #exit(code: number): Promise<Exit> {
    const state = await this.#container.inspect().then(
      ({ State }) => State,
      () => null,
    );
    if (state?.OOMKilled === true) return killedForMemory(code, this.#options.memory);
    // A throw in a step is the system's own, wherever it happens.
    if (code === exitCodes.crashed) return { code, how: exitedWith(code) };
    if (state === null || !(await this.#options.isStanding()))
      return {
        code,
        how: `${exitedWith(code)} when its container, its network holder or the engine was gone`,
        isTrouble: true,
      };
    return { code, how: exitedWith(code), ...(code === killedCode ? { isTrouble: true } : {}) };
  }
}

/** No program ends so by itself: somebody has sent it SIGKILL, and harness did not. */
const killedCode = 137;

const exitedWith = (code: number): string =>
  code === killedCode ? 'was killed by somebody else (SIGKILL)' : `exited with code ${code}`;

/** A limit is a part of the test; the end of a machine's memory is not. */
function killedForMemory(code: number, limit: number | null): Exit {
  if (limit === null) return { code, how: 'was killed because the memory of its machine was used up', isTrouble: true };
  return { code, how: `was killed because it used more memory than --node-memory allows (${limit / 2 ** 20} MiB)` };
}

const words = (error: unknown): string => messageOf(error).trim().replace(/\.$/, '');
