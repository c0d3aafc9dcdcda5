import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { compiledPath } from './compiled-path.ts';
import type { ProcessIdentity } from './process-table.ts';

export type SupervisorMessage =
  | { readonly kind: 'started' | 'gone'; readonly process: ProcessIdentity }
  /** A file or folder to remove at the end. */
  | { readonly kind: 'remove'; readonly path: string };

/** Milliseconds that a supervisor has to end by itself. */
const patience = 2_000;

/** Whoever ends it by hand does not do so for ever. */
const mostRespawns = 100;

/** The harness's side of the supervisor: tells it what would be left behind, and starts another one should it die. */
export class Supervisor {
  readonly #left = new Map<string, SupervisorMessage>();
  #process = this.#spawn();
  #spawned = 1;
  #closing = false;

  get pid(): number | undefined {
    return this.#process.pid;
  }

  tell(message: SupervisorMessage): void {
    if (message.kind === 'gone') this.#left.delete(String(message.process.pid));
    else this.#left.set(message.kind === 'remove' ? message.path : String(message.process.pid), message);
    this.#write(message);
  }

  /** Ends it as the death of the harness would. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#process.stdin.end();
    const timer = new AbortController();
    await Promise.race([this.#process, sleep(patience, null, { signal: timer.signal }).catch(() => null)]);
    timer.abort();
    this.#process.kill('SIGKILL');
  }

  #write(message: SupervisorMessage): void {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #spawn(): ReturnType<typeof spawn> {
    const child = spawn();
    // What is written to one that has just died is told to the next one.
    child.stdin.on('error', () => {});
    void child.then(() => {
      if (this.#closing || this.#spawned >= mostRespawns) return;
      this.#spawned++;
      this.#process = this.#spawn();
      for (const message of this.#left.values()) this.#write(message);
    });
    return child;
  }
}

/** In a process group of its own, so that a terminal's Ctrl-C does not reach it. */
const spawn = () =>
  execa(process.execPath, [compiledPath(new URL('./supervisor-program.js', import.meta.url))], {
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
  });
