/** What holds of the chain at every moment, looked at from within. */
import { invariant } from '../../../src/core/errors.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import type { Instant } from '../../../src/core/time.ts';
import type { CraqNode } from '../node.ts';
import type { Stage } from './stage.ts';

export class Invariants {
  readonly #stage: Stage;
  readonly #names: readonly NodeId[];
  /** What is known to be committed at each place. */
  readonly #committed = new Map<number, string>();
  /** By life of a node, up to where that was looked at. */
  readonly #seen = new WeakMap<CraqNode, number>();

  constructor(stage: Stage, names: readonly NodeId[]) {
    this.#stage = stage;
    this.#names = names;
  }

  /** The last place that is known to be committed. */
  get committed(): number {
    return Math.max(0, ...this.#committed.keys());
  }

  /** To be called after every move, with the nodes that are down. */
  check(down: ReadonlySet<NodeId>): void {
    const nodes = this.#names.filter((name) => !down.has(name)).map((name) => this.#stage.node(name));
    for (const node of nodes) this.#oneOrder(node);
    oneEpochServes(nodes);
    for (const node of nodes) for (const other of nodes) beginning(node, other);
  }

  /** What one node takes for committed at a place, every node does. */
  #oneOrder(node: CraqNode): void {
    const { store, self } = node;
    for (let seq = (this.#seen.get(node) ?? 0) + 1; seq <= store.committed; seq++) {
      const entry = store.entryAt(seq);
      if (entry === null) continue;
      const text = JSON.stringify(entry);
      const known = this.#committed.get(seq) ?? text;
      invariant(known === text, () => `One order: ${self} has committed ${text}, and another node ${known}`);
      this.#committed.set(seq, text);
    }
    const before = this.#seen.get(node) ?? 0;
    invariant(before <= store.committed, () => `Never back: ${self} was at ${before}, and is at ${store.committed}`);
    this.#seen.set(node, store.committed);
  }
}

/** Clocks run alike here, so that whoever took the latest step knows what time it is. */
function oneEpochServes(nodes: readonly CraqNode[]): void {
  const now = Math.max(...nodes.map((node) => node.now)) as Instant;
  const serving = nodes.filter((node) => node.isMember && node.isCurrent && node.lease.holdsAt(now));
  const epochs = new Set(serving.map(({ epoch }) => epoch));
  const told = () => serving.map(({ self, epoch }) => `${self} in epoch ${epoch}`).join(', ');
  invariant(epochs.size <= 1, () => `One epoch serves: ${told()}`);
}

/** The Update Propagation Invariant, of those that follow: the later one's log is a beginning of the earlier one's. */
function beginning(node: CraqNode, other: CraqNode): void {
  if (node.successor !== other.self || node.epoch !== other.epoch || !node.isFollowing || !other.isFollowing) return;
  const { last, committed } = other.store;
  for (let seq = committed + 1; seq <= Math.min(last, node.store.last); seq++) {
    const [own, its] = [node.store.entryAt(seq), other.store.entryAt(seq)];
    invariant(
      own === null || own.epoch === its?.epoch,
      () => `Beginning: ${node.self} holds ${JSON.stringify(own)}, and its successor ${JSON.stringify(its)}`,
    );
  }
}
