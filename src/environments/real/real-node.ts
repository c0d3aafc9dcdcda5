/**
 * One node of flesh and blood: something that is started, killed, stopped and continued. What it should be is asked of
 * the faults that are active (`wanted`), one change after the other, so overlapping faults need no order: killed wins
 * over stopped, and a node that starts while it should be stopped is stopped as soon as it has answered once.
 */
import { HarnessError, messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { logTail, noteInLog } from './node-log.ts';
import { inTime, observe } from './waiting.ts';

export type Wanted = 'running' | 'stopped' | 'down';

/** What a node lives in: a process of this machine, a container. */
export interface Vessel {
  /** Completes the sentence "n2 ..." when nobody is alive in it. */
  readonly absence: string;
  /** Begins the life of this number. What goes wrong with that ends the life. */
  begin(life: number): Life;
}

export interface Life {
  /**
   * Resolves when its program runs, or could not be started: nobody can answer before. Whoever starts it has a deadline
   * for that. Absent: it runs at once.
   */
  readonly begun?: Promise<unknown>;
  /** Resolves when it is over, whoever ended it; never rejects. */
  readonly exited: Promise<Exit>;
  /** Asks for its end without waiting for it. */
  end(): void;
  /** Whether anything is left of it after it has exited. */
  isGone(): boolean | Promise<boolean>;
  /** Completes the sentence "n2 ..." after it was killed. */
  readonly killed: string;
  /** Both answer with what was seen, or null when it was not seen within so many milliseconds. */
  stop(within: number): Promise<string | null>;
  resume(within: number): Promise<true | null>;
  /** What it is seen to be, whatever is wanted of it. */
  observe(): Wanted | Promise<Wanted>;
}

export interface Exit {
  readonly code: number | null;
  /** Completes the sentence "n2 ...": `exited with code 70`. */
  readonly how: string;
  /** What it lived in has failed it, or nobody knows how it fared: that says nothing about the system. */
  readonly isTrouble?: boolean;
}

export interface RealNodeOptions {
  readonly name: NodeId;
  readonly vessel: Vessel;
  /** Where its log is. */
  readonly folder: string;
  /** What the active faults want of it. */
  wanted(): Wanted;
  /** Resolves when the node answers, rejects when it does not yet. */
  answers(): Promise<unknown>;
  /** It exited although nobody asked it to. */
  onExit(exit: Exit, text: string): void;
  readonly patience?: NodePatience;
}

/** Milliseconds. A machine under load starts slowly. */
export interface NodePatience {
  readonly start: number;
  /** For everything else. */
  readonly change: number;
}

const ordinaryPatience: NodePatience = { start: 30_000, change: 4_000 };

export class RealNode {
  readonly name: NodeId;
  readonly #options: RealNodeOptions;
  readonly #patience: NodePatience;
  #life: Life | null = null;
  /** It was killed, and has not been seen to be gone: nothing may be started beside it. */
  #dying: Life | null = null;
  #lives = 0;
  #state: 'absent' | 'changing' | 'running' | 'stopped' = 'absent';
  /** Why it is not there although nobody killed it. */
  #failed: string | null = null;
  #closed = false;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(options: RealNodeOptions) {
    this.#options = options;
    this.#patience = options.patience ?? ordinaryPatience;
    this.name = options.name;
  }

  /** Running, answering when last asked, and not about to change. */
  get well(): boolean {
    return this.#state === 'running' && this.#options.wanted() === 'running';
  }

  get isAlive(): boolean {
    return this.#life !== null;
  }

  /** What it is seen to be, whatever is wanted of it. */
  async observe(): Promise<Wanted> {
    const life = this.#life ?? this.#dying;
    return life === null ? 'down' : await life.observe();
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
    const life = this.#life ?? this.#dying;
    if (life === null) return;
    life.end();
    await inTime(this.#patience.change, life.exited);
  }

  async #change(): Promise<string> {
    if (this.#closed) throw new HarnessError(`${this.name} is not touched any more: the cluster is being shut down`);
    const wanted = this.#options.wanted();
    if (wanted === 'down') return await this.#kill();
    if (this.#failed !== null) throw new HarnessError(`${this.name} is not running: ${this.#failed}`);
    const started = this.#life === null ? await this.#start() : null;
    if (wanted === 'stopped') return await this.#stop();
    if (this.#state === 'stopped') return await this.#resume();
    return started ?? 'is running';
  }

  async #start(): Promise<string> {
    await this.#bury(this.#patience.start);
    this.#state = 'changing';
    const life = this.#options.vessel.begin(++this.#lives);
    this.#life = life;
    const gone = life.exited.then((exit) => {
      this.#exited(life, exit);
      return 'gone' as const;
    });
    const look = async (): Promise<'answered' | 'gone' | null> => {
      if (this.#life !== life) return 'gone';
      return await this.#options.answers().then(
        () => 'answered',
        () => null,
      );
    };
    const answered = async () => {
      await life.begun;
      return await observe(this.#patience.start, look);
    };
    const outcome = await Promise.race([gone, answered()]);
    if (outcome === 'answered' && this.#life === life) {
      this.#state = 'running';
      return `runs (life ${this.#lives}) and answers`;
    }
    let failed = this.#failed ?? 'it was shut down';
    if (outcome === null) {
      failed = `it did not answer within ${this.#patience.start / 1000} s`;
      // It is taken down, so that nothing half-started stays behind.
      await this.#kill();
    }
    throw new HarnessError(
      `${this.name} did not start: ${failed}. Its log ends with\n${logTail(this.#options.folder)}`,
    );
  }

  #exited(life: Life, exit: Exit): void {
    const { how } = exit;
    if (this.#life !== life) return;
    this.#life = null;
    this.#state = 'absent';
    // Killed and closed nodes are forgotten before they exit.
    this.#failed = `it ${how}`;
    noteInLog(this.#options.folder, this.#closed ? `${this.name} was killed with its cluster` : `${this.name} ${how}`);
    if (!this.#closed)
      this.#options.onExit(exit, `${this.name} ${how}. Its log ends with\n${logTail(this.#options.folder)}`);
  }

  async #kill(): Promise<string> {
    const life = this.#life;
    this.#state = 'absent';
    this.#life = null;
    const failed = this.#failed;
    this.#failed = null;
    if (life !== null) {
      this.#dying = life;
      life.end();
    }
    return (
      (await this.#bury(this.#patience.change)) ??
      (failed === null ? this.#options.vessel.absence : `was gone already (${failed})`)
    );
  }

  /** Waits until a killed one is gone, and says so; null when there is none. */
  async #bury(within: number): Promise<string | null> {
    const life = this.#dying;
    if (life === null) return null;
    const deadline = performance.now() + within;
    const exit = await inTime(within, life.exited);
    const gone = await observe(Math.max(0, deadline - performance.now()), async () =>
      exit !== null && (await life.isGone()) ? true : null,
    );
    if (gone === null) {
      // Whoever comes next begins with asking again: the first time may not have been heard.
      life.end();
      throw new HarnessError(`${this.name} is still there ${within} ms after SIGKILL`);
    }
    this.#dying = null;
    noteInLog(this.#options.folder, `${this.name} was killed`);
    return life.killed;
  }

  async #stop(): Promise<string> {
    this.#state = 'stopped';
    const seen = (await this.#life?.stop(this.#patience.change)) ?? null;
    if (seen === null) throw new HarnessError(`${this.name} was not stopped within ${this.#patience.change} ms`);
    return seen;
  }

  async #resume(): Promise<string> {
    const life = this.#life;
    this.#state = 'changing';
    const running = (await life?.resume(this.#patience.change)) ?? null;
    let why = '';
    const answered = await observe(this.#patience.change, () =>
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
