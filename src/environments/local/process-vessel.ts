/** A node as a process of this machine: started by execa, killed, stopped and continued by signals. */
import { createWriteStream, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { NodeConfig } from '../../runtimes/real/node-config.ts';
import type { ProcessIdentity } from '../real/process-table.ts';
import { identify, isAlive, stoppedThreads } from '../real/process-table.ts';
import type { Exit, Life, Vessel, Wanted } from '../real/real-node.ts';
import { observe } from '../real/waiting.ts';

export interface ProcessOptions {
  /** The compiled program of a node, and what it is told for the given life. */
  readonly program: string;
  config(life: number): NodeConfig;
  /** Where its log and its data are. */
  readonly folder: string;
  onStarted(started: ProcessIdentity): void;
  onGone(gone: ProcessIdentity): void;
}

export class ProcessVessel implements Vessel {
  readonly absence: string = 'is not in the process table';
  readonly #options: ProcessOptions;
  #pid: number | null = null;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /** Of the life in progress; null when there is none. */
  get pid(): number | null {
    return this.#pid;
  }

  begin(life: number): Life {
    const { folder, program } = this.#options;
    mkdirSync(folder, { recursive: true });
    const config = this.#options.config(life);
    // The process writes into the file itself: what it says last is not lost with the harness.
    const log = createWriteStream('', { fd: openSync(join(folder, 'node.log'), 'a') });
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
    const pid = child.pid ?? null;
    const identity = pid === null ? null : identify(pid);
    this.#pid = pid;
    if (identity !== null) this.#options.onStarted(identity);
    const exited = child.then(({ exitCode, signal, failed, shortMessage }): Exit => {
      if (this.#pid === pid) this.#pid = null;
      if (identity !== null) this.#options.onGone(identity);
      const how = signal ?? exitCode ?? (failed ? shortMessage : 'nothing');
      if (signal === undefined) return { code: exitCode ?? null, how: `exited with code ${how}` };
      // No program ends so by itself: somebody, or the kernel for want of memory, has sent it, and harness did not.
      return { code: null, how: `died of ${how}`, ...(signal === 'SIGKILL' ? { isTrouble: true } : {}) };
    });
    return new ProcessLife(pid ?? 0, identity, exited);
  }
}

class ProcessLife implements Life {
  readonly killed: string = 'left the process table after SIGKILL';
  readonly exited: Promise<Exit>;
  readonly #pid: number;
  readonly #identity: ProcessIdentity | null;

  constructor(pid: number, identity: ProcessIdentity | null, exited: Promise<Exit>) {
    this.#pid = pid;
    this.#identity = identity;
    this.exited = exited;
  }

  end(): void {
    send(this.#pid, 'SIGKILL');
  }

  isGone(): boolean {
    return this.#identity === null || !isAlive(this.#identity);
  }

  async stop(within: number): Promise<string | null> {
    send(this.#pid, 'SIGSTOP');
    const threads = await observe(within, () => stoppedThreads(this.#pid) || null);
    return threads === null ? null : 'is stopped (state T)';
  }

  async resume(within: number): Promise<true | null> {
    send(this.#pid, 'SIGCONT');
    return await observe(within, () => (stoppedThreads(this.#pid) === 0 ? true : null));
  }

  observe(): Wanted {
    if (this.isGone()) return 'down';
    return stoppedThreads(this.#pid) > 0 ? 'stopped' : 'running';
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 1) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone; its exit tells more.
  }
}
