/**
 * One node: a process that is started, killed, stopped and continued. What it should be is asked of the faults that
 * are active (`wanted`), one change after the other, so overlapping faults need no order: killed wins over stopped,
 * and a node that starts while it should be stopped is stopped as soon as it has answered once.
 */
import { createWriteStream, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { HarnessError, messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { NodeConfig } from '../../runtimes/real/node-config.ts';
import { logTail, noteInLog } from './node-log.ts';
import type { ProcessIdentity } from './process-table.ts';
import { identify, isAlive, stoppedThreads } from './process-table.ts';
import { inTime, observe } from './waiting.ts';

export type Wanted = 'running' | 'stopped' | 'down';

export interface LocalNodeOptions {
  readonly name: NodeId;
  /** The compiled program of a node, and what it is told for the given life. */
  readonly program: string;
  config(life: number): NodeConfig;
  /** Where its log and its data are. */
  readonly folder: string;
  /** What the active faults want of it. */
  wanted(): Wanted;
  /** Resolves when the node answers, rejects when it does not yet. */
  answers(): Promise<unknown>;
  onStarted(started: ProcessIdentity): void;
  onGone(gone: ProcessIdentity): void;
  /** It exited although nobody asked it to. */
  onExit(code: number | null, text: string): void;
}

interface Life {
  readonly pid: number;
  readonly identity: ProcessIdentity | null;
  /** Resolves when the process has exited. */
  readonly exited: Promise<void>;
}

/** Milliseconds. A machine under load starts slowly. */
const startPatience = 15_000;
const patience = 4_000;

export class LocalNode {
  readonly name: NodeId;
  readonly #options: LocalNodeOptions;
  #life: Life | null = null;
  #lives = 0;
  #state: 'absent' | 'changing' | 'running' | 'stopped' = 'absent';
  /** Why it is not there although nobody killed it. */
  #failed: string | null = null;
  #closed = false;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(options: LocalNodeOptions) {
    this.#options = options;
    this.name = options.name;
  }

  /** Running, answering when last asked, and not about to change. */
  get well(): boolean {
    return this.#state === 'running' && this.#options.wanted() === 'running';
  }

  get lives(): number {
    return this.#lives;
  }

  /** What its process is seen to be, whatever is wanted of it. */
  observe(): Wanted {
    const { pid } = this;
    if (pid === null) return 'down';
    return stoppedThreads(pid) > 0 ? 'stopped' : 'running';
  }

  get pid(): number | null {
    return this.#life?.pid ?? null;
  }

  /** Makes the node what is wanted of it. Answers with what was observed of it; rejects when it could not be done. */
  async settle(): Promise<string> {
    const change = this.#changes.then(() => this.#change());
    this.#changes = change.catch(() => null);
    return await change;
  }

  /** Kills it for good. Resolves when it is gone; never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    const life = this.#life;
    if (life === null) return;
    kill(life.pid, 'SIGKILL');
    await inTime(patience, life.exited);
  }

  async #change(): Promise<string> {
    if (this.#closed) throw new HarnessError(`${this.name} is not touched any more: the cluster is being shut down`);
    const wanted = this.#options.wanted();
    if (wanted === 'down') return await this.#kill();
    if (this.#failed !== null) throw new HarnessError(`${this.name} is not running: ${this.#failed}`);
    const started = this.#life === null ? await this.#start() : null;
    if (wanted === 'stopped') return await this.#stop();
    if (this.#state === 'stopped') return await this.#continue();
    return started ?? 'is running';
  }

  async #start(): Promise<string> {
    const life = this.#spawn();
    const { exited } = life;
    const gone = exited.then(() => 'gone' as const);
    const answered = observe(startPatience, async () =>
      this.#life === life
        ? await this.#options.answers().then(
            () => 'answered' as const,
            () => null,
          )
        : ('gone' as const),
    );
    const outcome = await Promise.race([gone, answered]);
    if (outcome === 'answered' && this.#life === life) {
      this.#state = 'running';
      return `runs (life ${this.#lives}) and answers`;
    }
    if (outcome === null) {
      // It is taken down, so that nothing half-started stays behind.
      this.#failed = `it did not answer within ${startPatience / 1000} s`;
      await this.#kill();
    }
    const failed = this.#failed ?? 'it was shut down';
    throw new HarnessError(
      `${this.name} did not start: ${failed}. Its log ends with\n${logTail(this.#options.folder)}`,
    );
  }

  #spawn(): Life {
    const { folder, program } = this.#options;
    mkdirSync(folder, { recursive: true });
    const config = this.#options.config(++this.#lives);
    // The process writes into the file itself: what it says last is not lost with the harness.
    const log = createWriteStream('', { fd: openSync(join(folder, 'node.log'), 'a') });
    this.#state = 'changing';
    const child = execa(process.execPath, [program, JSON.stringify(config)], {
      stdin: 'pipe',
      stdout: log,
      stderr: log,
      detached: true,
      cleanup: false,
      reject: false,
    });
    log.destroy();
    child.stdin.on('error', () => {});
    const { pid } = child;
    const identity = pid === undefined ? null : identify(pid);
    const life: Life = {
      pid: pid ?? 0,
      identity,
      exited: child.then(({ exitCode, signal, failed, shortMessage }) => {
        if (identity !== null) this.#options.onGone(identity);
        const how = signal ?? exitCode ?? (failed ? shortMessage : 'nothing');
        this.#exited(life, exitCode ?? null, signal === undefined ? `exited with code ${how}` : `died of ${how}`);
      }),
    };
    this.#life = life;
    if (identity !== null) this.#options.onStarted(identity);
    return life;
  }

  #exited(life: Life, code: number | null, how: string): void {
    if (this.#life !== life) return;
    this.#life = null;
    this.#state = 'absent';
    // Killed and closed nodes are forgotten before they exit.
    this.#failed = `it ${how}`;
    noteInLog(this.#options.folder, this.#closed ? `${this.name} was killed with its cluster` : `${this.name} ${how}`);
    if (!this.#closed)
      this.#options.onExit(code, `${this.name} ${how}. Its log ends with\n${logTail(this.#options.folder)}`);
  }

  async #kill(): Promise<string> {
    const life = this.#life;
    this.#state = 'absent';
    this.#life = null;
    const failed = this.#failed;
    this.#failed = null;
    if (life === null) return failed === null ? 'is not in the process table' : `was gone already (${failed})`;
    kill(life.pid, 'SIGKILL');
    const left = await inTime(
      patience,
      life.exited.then(() => true),
    );
    if (left === null || (life.identity !== null && isAlive(life.identity)))
      throw new HarnessError(`${this.name} is still in the process table ${patience} ms after SIGKILL`);
    noteInLog(this.#options.folder, `${this.name} was killed`);
    return 'left the process table after SIGKILL';
  }

  async #stop(): Promise<string> {
    const pid = this.#life?.pid ?? 0;
    this.#state = 'stopped';
    kill(pid, 'SIGSTOP');
    const threads = await observe(patience, () => stoppedThreads(pid) || null);
    if (threads === null) throw new HarnessError(`${this.name} was not stopped ${patience} ms after SIGSTOP`);
    return 'is stopped (state T)';
  }

  async #continue(): Promise<string> {
    const life = this.#life;
    this.#state = 'changing';
    kill(life?.pid ?? 0, 'SIGCONT');
    const running = await observe(patience, () => (stoppedThreads(life?.pid ?? 0) === 0 ? true : null));
    let why = '';
    const answered = await observe(patience, () =>
      this.#options.answers().then(
        () => true,
        (error: unknown) => ((why = messageOf(error)), null),
      ),
    );
    if (running === null || answered === null) throw new HarnessError(`${this.name} did not continue: ${why}`);
    if (this.#life === life) this.#state = 'running';
    return 'runs again and answers';
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 1) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone; its exit tells more.
  }
}
