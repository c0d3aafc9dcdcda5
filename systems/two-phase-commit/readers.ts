/**
 * Reads. Any replica will do (course notes, 3.1): whatever was committed, every worker has voted for, so that it holds
 * the value already or still has the key locked. Then nobody here knows whether there is a newer value, and the read
 * waits until the lock is free; or until its patience is over, so that the client can ask elsewhere.
 */
import { plus } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { Step, TwoPhaseNode } from './node.ts';
import { effectOf } from './operations.ts';

interface Reader {
  readonly request: RequestId;
  readonly key: string;
  readonly expires: Instant;
}

export class Readers {
  readonly #node: TwoPhaseNode;
  #waiting: readonly Reader[] = [];

  constructor(node: TwoPhaseNode) {
    this.#node = node;
  }

  get count(): number {
    return this.#waiting.length;
  }

  onRead(request: RequestId, key: string, step: Step): void {
    const reader = { request, key, expires: plus(step.now.monotonic, this.#node.settings.patience) };
    if (this.#mustWait(key)) this.#waiting = [...this.#waiting, reader];
    else this.#answer(reader, step);
  }

  /** To be called after every step: locks may have been released. */
  serve(step: Step): void {
    const free = this.#waiting.filter(({ key }) => !this.#mustWait(key));
    if (free.length === 0) return;
    this.#waiting = this.#waiting.filter((reader) => !free.includes(reader));
    for (const reader of free) this.#answer(reader, step);
  }

  onTimer({ now, effects }: Step): void {
    const late = this.#waiting.filter(({ expires }) => now.monotonic >= expires);
    this.#waiting = this.#waiting.filter((reader) => !late.includes(reader));
    for (const { request, key } of late)
      effects.reply(request, errorBody(codes.temporarilyUnavailable, `A transaction that is not decided locks ${key}`));
  }

  #mustWait(key: string): boolean {
    const { journal, settings } = this.#node;
    return journal.isLocked(key) && !settings.mistakes.has('read-ignores-lock');
  }

  #answer({ request, key }: Reader, { effects }: Step): void {
    effects.reply(request, effectOf({ f: 'read', key }, (name) => this.#node.journal.valueOf(name)).answer);
  }
}
