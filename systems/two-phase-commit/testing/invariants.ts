/** What holds of two-phase commit at every moment, looked at from within. */
import { invariant } from '../../../src/core/errors.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import type { Decision } from '../dialect.ts';
import { nameOf } from '../transactions.ts';
import type { Write } from '../transactions.ts';
import type { Stage } from './stage.ts';

export class Invariants {
  readonly #stage: Stage;
  readonly #names: readonly NodeId[];
  readonly #keys: readonly string[];
  /** By transaction, the first decision that was seen. */
  readonly #decisions = new Map<string, Decision>();
  /** By key and version, the value. */
  readonly #values = new Map<string, string>();
  /** By key, the newest version that any node holds. */
  readonly #newest = new Map<string, Write>();
  /** By node and key, the version that it held last. */
  readonly #held = new Map<string, number>();

  constructor(stage: Stage, names: readonly NodeId[], keys: readonly string[]) {
    this.#stage = stage;
    this.#names = names;
    this.#keys = keys;
  }

  /** To be called after every move, with the nodes that are down. */
  check(down: ReadonlySet<NodeId>): void {
    const up = this.#names.filter((name) => !down.has(name));
    for (const name of up) {
      this.#oneDecision(name);
      for (const key of this.#keys) this.#oneHistory(name, key);
    }
    for (const name of up) for (const key of this.#keys) this.#lockedWhereBehind(name, key);
  }

  /** "Because no machine can take back its decision, exactly one of these will happen" (course notes). */
  #oneDecision(name: NodeId): void {
    const { journal } = this.#stage.machine(name).node;
    for (const coordinator of this.#names)
      for (const { id, decision } of journal.decidedOf(coordinator)) {
        const known = this.#decisions.get(nameOf(id)) ?? decision;
        invariant(known === decision, () => `One decision: ${nameOf(id)} is ${known}, and at ${name} ${decision}`);
        this.#decisions.set(nameOf(id), decision);
      }
  }

  /** All replicas go through the same versions of a key, and none goes back, also over a crash. */
  #oneHistory(name: NodeId, key: string): void {
    const held = this.#stage.machine(name).node.journal.valueOf(key);
    const before = this.#held.get(`${name} ${key}`) ?? 0;
    const version = held?.version ?? 0;
    invariant(version >= before, () => `Never back: ${name} held version ${before} of ${key}, and then ${version}`);
    this.#held.set(`${name} ${key}`, version);
    if (held === null) return;
    const value = JSON.stringify(held.value);
    const known = this.#values.get(`${key} ${version}`) ?? value;
    invariant(known === value, () => `One value: version ${version} of ${key} is ${known}, and at ${name} ${value}`);
    this.#values.set(`${key} ${version}`, known);
    if (version > (this.#newest.get(key)?.version ?? 0)) this.#newest.set(key, held);
  }

  /** Whoever lacks what is committed has promised it, and still has the key locked. */
  #lockedWhereBehind(name: NodeId, key: string): void {
    const { journal } = this.#stage.machine(name).node;
    const newest = this.#newest.get(key)?.version ?? 0;
    const version = journal.valueOf(key)?.version ?? 0;
    const text = () => `Locked: ${name} holds version ${version} of ${key}, others ${newest}, and it is not locked`;
    invariant(version === newest || journal.isLocked(key), text);
  }
}
