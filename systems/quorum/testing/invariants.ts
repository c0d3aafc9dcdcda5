/** What holds of the quorum store at every moment, looked at from within. */
import { invariant } from '../../../src/core/errors.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import type { Version } from '../dialect.ts';
import { isNewer } from '../stamps.ts';
import type { Stage } from './stage.ts';

export class Invariants {
  readonly #stage: Stage;
  readonly #names: readonly NodeId[];
  readonly #keys: readonly string[];
  /** By key and stamp, the value. */
  readonly #values = new Map<string, string>();
  /** By node and key, what it held last. */
  readonly #held = new Map<string, Version>();

  constructor(stage: Stage, names: readonly NodeId[], keys: readonly string[]) {
    this.#stage = stage;
    this.#names = names;
    this.#keys = keys;
  }

  /** To be called after every move, with the nodes that are down. */
  check(down: ReadonlySet<NodeId>): void {
    for (const name of this.#names)
      if (!down.has(name))
        for (const key of this.#keys) {
          const version = this.#stage.machine(name).node.replica.versionOf(key);
          this.#neverBack(name, key, version);
          if (version !== null) this.#oneValue(version);
        }
  }

  /** A replica goes from older to newer versions, also over a crash. */
  #neverBack(name: NodeId, key: string, version: Version | null): void {
    const before = this.#held.get(`${name} ${key}`) ?? null;
    const text = () => `${name} held ${JSON.stringify(before)}, and then ${JSON.stringify(version)}`;
    invariant(!isNewer(before, version), () => `Never back: ${text()}`);
    if (version !== null) this.#held.set(`${name} ${key}`, version);
  }

  /** A stamp stands for one value. */
  #oneValue({ key, stamp, value }: Version): void {
    const place = `${key} ${stamp.counter} ${stamp.id}`;
    const known = this.#values.get(place) ?? JSON.stringify(value);
    invariant(known === JSON.stringify(value), () => `One value: ${place} is ${known} and ${JSON.stringify(value)}`);
    this.#values.set(place, known);
  }
}
