/**
 * What makes a retry safe: each client session remembers the number of its last operation and what it came to (Ongaro's
 * dissertation, section 6.3, has the same). Sessions follow from the committed entries alone, forgetting too, so that
 * whoever becomes the head knows what the old one knew.
 */
import type { ResponseBody } from '../../src/protocol/wire.ts';
import type { Entry, Item } from './dialect.ts';

export interface Session {
  readonly sequence: number;
  /** Null before its first operation. */
  readonly response: ResponseBody | null;
}

export class Sessions {
  /** In the order of their last use: a Map keeps the order of insertion. */
  readonly #sessions = new Map<number, Session>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(session: number): Session | undefined {
    return this.#sessions.get(session);
  }

  /** Takes a committed entry, each in its turn. */
  take({ seq, change }: Entry): void {
    if (change.kind === 'open-session') return this.#use(seq, { sequence: 0, response: null });
    this.#use(change.session, { sequence: change.sequence, response: change.response });
  }

  items(): readonly Item[] {
    return [...this.#sessions].map(([session, { sequence, response }]) => ({
      kind: 'session',
      session,
      sequence,
      response,
    }));
  }

  /** Becomes what the items say, and nothing else. */
  restore(items: readonly Item[]): void {
    this.#sessions.clear();
    for (const item of items)
      if (item.kind === 'session')
        this.#sessions.set(item.session, { sequence: item.sequence, response: item.response });
  }

  #use(id: number, session: Session): void {
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    if (this.#sessions.size <= this.#most) return;
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }
}
