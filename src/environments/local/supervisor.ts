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

/** The harness's side of the supervisor: tells it what would be left behind. */
export class Supervisor {
  readonly #process = spawn();

  constructor() {
    // If it is gone, owner files are still there for the next start to clean up.
    this.#process.stdin.on('error', () => {});
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  tell(message: SupervisorMessage): void {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends it as the death of the harness would. */
  async close(): Promise<void> {
    this.#process.stdin.end();
    const timer = new AbortController();
    await Promise.race([this.#process, sleep(patience, null, { signal: timer.signal }).catch(() => null)]);
    timer.abort();
    this.#process.kill('SIGKILL');
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
