/**
 * What the log is applied to: a map, and the sessions that make a retry safe (dissertation, 6.3). A session remembers
 * its client's last sequence number and the answer to it, so that a command which stands in the log twice takes effect
 * once and both are answered alike. Everything here follows from the log alone, expiry too: when there are too many
 * sessions, the one whose last command lies furthest back in the log is forgotten, on every replica at the same entry.
 * A command of a forgotten session is refused on every replica, now and for ever, since session ids are log indexes
 * and no index of a committed entry comes again.
 */
import type { Json } from '../../src/core/json.ts';
import { sameJson } from '../../src/core/json.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';
import type { Command, Operation, SnapshotItem } from './dialect.ts';
import type { Mistakes } from './bugs.ts';

interface Session {
  readonly sequence: number;
  readonly response: ResponseBody | null;
}

export class StateMachine {
  readonly #values = new Map<string, Json>();
  /** In the order of their last use: a Map keeps the order of insertion. */
  readonly #sessions = new Map<number, Session>();
  readonly #maxSessions: number;
  readonly #mistakes: Mistakes;

  constructor(maxSessions: number, mistakes: Mistakes) {
    this.#maxSessions = maxSessions;
    this.#mistakes = mistakes;
  }

  /** Applies a committed command and returns its answer; null for what changes nothing here. */
  apply(index: number, command: Command): ResponseBody | null {
    if (command.kind === 'no-op' || command.kind === 'members') return null;
    if (command.kind === 'open-session') return this.#open(index);
    return this.#once(command.session, command.sequence, command.operation);
  }

  /** Answers a read from what has been applied; an absent key is code 20. */
  read(key: string): ResponseBody {
    const value = this.#values.get(key);
    return value === undefined ? absent(key) : { type: 'read_ok', value };
  }

  /** The applied value; null when there is none. */
  peek(key: string): Json {
    return this.#values.get(key) ?? null;
  }

  /** All that has been applied. Sessions come in their order, by which a full table forgets. */
  items(): readonly SnapshotItem[] {
    const items: SnapshotItem[] = [];
    for (const [key, value] of this.#values) items.push({ kind: 'value', key, value });
    if (this.#mistakes.has('snapshot-loses-session')) return items;
    for (const [session, { sequence, response }] of this.#sessions)
      items.push({ kind: 'session', session, sequence, response });
    return items;
  }

  /** Becomes what the items say, and nothing else. */
  restore(items: readonly SnapshotItem[]): void {
    this.#values.clear();
    this.#sessions.clear();
    for (const item of items)
      if (item.kind === 'value') this.#values.set(item.key, item.value);
      else this.#sessions.set(item.session, { sequence: item.sequence, response: item.response });
  }

  #open(index: number): ResponseBody {
    this.#sessions.set(index, { sequence: 0, response: null });
    if (this.#sessions.size > this.#maxSessions) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return { type: 'open_session_ok', session: index };
  }

  #once(id: number, sequence: number, operation: Operation): ResponseBody {
    const session = this.#sessions.get(id);
    // Definite, and so a class of its own: this entry has no effect on any replica. What became of an earlier attempt
    // of the same operation it does not say; the client keeps that apart.
    if (session === undefined) return errorBody(codes.abort, `Session ${id} is not known; open a new one`);
    const isNew = sequence > session.sequence || this.#mistakes.has('apply-retry-twice');
    const response = isNew ? this.#execute(operation) : session.response;
    this.#sessions.delete(id);
    this.#sessions.set(id, isNew ? { sequence, response } : session);
    // A client has one operation at a time, so nobody waits for the answer to an older one any more.
    if (sequence < session.sequence || response === null)
      return errorBody(codes.crash, `Session ${id} is already beyond operation ${sequence}`);
    return response;
  }

  #execute(operation: Operation): ResponseBody {
    if (operation.type === 'write') {
      this.#values.set(operation.key, operation.value);
      return { type: 'write_ok' };
    }
    const current = this.#values.get(operation.key);
    if (current === undefined) return absent(operation.key);
    if (!sameJson(current, operation.from))
      return errorBody(codes.preconditionFailed, `Key ${operation.key} holds another value`, { current });
    this.#values.set(operation.key, operation.to);
    return { type: 'cas_ok' };
  }
}

const absent = (key: string): ResponseBody => errorBody(codes.keyDoesNotExist, `Key ${key} does not exist`);
