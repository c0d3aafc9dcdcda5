/**
 * Which replicas are on their way: a log that is sent entry by entry may take longer than anybody watches, and a replica
 * that has come half-way has not diverged. A replica catches up for as long as it comes to values that it did not have
 * before; one that goes back and forth between values does not.
 */
import type { Value } from '../../history/operation.ts';
import { valueKey, type ValueKey } from '../../history/value.ts';

/** What one replica had for one key at one instant. */
export interface Peek {
  readonly replica: string;
  readonly key: Value;
  readonly value: Value;
  /** Nanoseconds since the run began. */
  readonly time: number;
}

/** Of the time that a replica was watched: how much of it must have passed without anything new. */
const stillness = 1 / 4;

interface Watched {
  readonly since: number;
  /** When it last came to something new. */
  moved: number;
  readonly seen: Map<ValueKey, Set<ValueKey>>;
}

export class CatchingUp {
  readonly #replicas = new Map<string, Watched>();
  #now = -Infinity;

  /** To be told by time. */
  note({ replica, key, value, time }: Peek): void {
    this.#now = time;
    let watched = this.#replicas.get(replica);
    if (watched === undefined)
      this.#replicas.set(replica, (watched = { since: time, moved: -Infinity, seen: new Map() }));
    const name = valueKey(key);
    const values = watched.seen.get(name);
    if (values === undefined) watched.seen.set(name, new Set([valueKey(value)]));
    else if (!values.has(valueKey(value))) {
      values.add(valueKey(value));
      watched.moved = time;
    }
  }

  /**
   * Whether it came to something new in the last quarter of the time until the latest peek. The time after that does not
   * count, in which nobody looked: whoever ends the watch by this, and whoever judges what was seen, see the same.
   */
  includes(replica: string): boolean {
    const watched = this.#replicas.get(replica);
    return watched !== undefined && this.#now - watched.moved < (this.#now - watched.since) * stillness;
  }

  /** Whether any does. */
  goesOn(): boolean {
    return [...this.#replicas.keys()].some((replica) => this.includes(replica));
  }
}
