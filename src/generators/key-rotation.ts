/**
 * Keys take turns (jepsen.independent/concurrent-generator): a fixed number is active at once, each for a bounded
 * number of operations, and is then replaced by a fresh one. So every key's history stays short enough to check. The
 * rotation is a value, to be used inside a generator; `State` is what that generator knows of a key.
 */
import type { Random } from '../core/random.ts';

interface ActiveKey<State> {
  readonly key: string;
  /** How many operations it has had. */
  readonly used: number;
  readonly state: State;
}

/** Keys are named by the order in which they came up: k1, k2, ... */
export const keyName = (number: number): string => `k${number}`;

export const keyNumber = (key: string): number => Number(key.slice(1));

export class KeyRotation<State> {
  readonly #fresh: State;
  readonly #operationsPerKey: number;
  readonly #active: readonly ActiveKey<State>[];
  /** The number of the newest key. */
  readonly #newest: number;

  private constructor(fresh: State, operationsPerKey: number, active: readonly ActiveKey<State>[], newest: number) {
    this.#fresh = fresh;
    this.#operationsPerKey = operationsPerKey;
    this.#active = active;
    this.#newest = newest;
  }

  /** `count` keys at once; a key starts with the state `fresh`. */
  static of<State>(count: number, operationsPerKey: number, fresh: State): KeyRotation<State> {
    const active = Array.from({ length: count }, (_, index) => ({ key: keyName(index + 1), used: 0, state: fresh }));
    return new KeyRotation(fresh, operationsPerKey, active, count);
  }

  /** One of the active keys: with probability `hotShare` the first, otherwise any. */
  draw(random: Random, hotShare: number): { readonly key: string; readonly state: State } {
    const place = hotShare > 0 && random.chance(hotShare) ? 0 : random.below(this.#active.length);
    return this.#active[place] as ActiveKey<State>;
  }

  /** Counts an operation of an active key; the last one retires it. */
  use(key: string, state: State): KeyRotation<State> {
    const place = this.#place(key);
    const used = (this.#active[place]?.used ?? 0) + 1;
    if (used < this.#operationsPerKey) return this.#with(place, { key, used, state }, this.#newest);
    const newest = this.#newest + 1;
    return this.#with(place, { key: keyName(newest), used: 0, state: this.#fresh }, newest);
  }

  /** Changes what is known of a key. One that has retired is of no interest any more. */
  learn(key: string, change: (state: State) => State): KeyRotation<State> {
    const place = this.#place(key);
    const entry = this.#active[place];
    if (entry === undefined) return this;
    const state = change(entry.state);
    return state === entry.state ? this : this.#with(place, { ...entry, state }, this.#newest);
  }

  #place(key: string): number {
    return this.#active.findIndex((entry) => entry.key === key);
  }

  #with(place: number, entry: ActiveKey<State>, newest: number): KeyRotation<State> {
    return new KeyRotation(this.#fresh, this.#operationsPerKey, this.#active.with(place, entry), newest);
  }
}
