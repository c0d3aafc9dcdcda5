import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { compiledPath } from './compiled-path.ts';

/** Milliseconds that a supervisor has to end by itself. */
const patience = 2_000;

/** Whoever ends it by hand does not do so for ever. */
const mostRespawns = 100;

/**
 * The harness's side of a supervisor, a process that outlives the harness by a moment and takes away what it was told
 * of: tells it what would be left behind, one message a line, and starts another one should it die.
 */
export class Supervisor {
  readonly #program: string;
  /** What has to be told to the next one, by the name of the thing. */
  readonly #left = new Map<string, object>();
  #process: ReturnType<typeof spawn>;
  #spawned = 1;
  #closing = false;

  /** `program`: reads messages from its standard input, and does its duty when that ends. */
  constructor(program: URL) {
    this.#program = compiledPath(program);
    this.#process = this.#spawn();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  tell(name: string, message: object): void {
    this.#left.set(name, message);
    this.#write(message);
  }

  /** The thing is gone by itself. */
  forget(name: string, message: object): void {
    this.#left.delete(name);
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

  #write(message: object): void {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #spawn(): ReturnType<typeof spawn> {
    const child = spawn(this.#program);
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
const spawn = (program: string) =>
  execa(process.execPath, [program], {
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
  });
