/** The quorum store at random (../../testing/chaos.ts), looked at from within after each move (invariants.ts). */
import type { HistoryEvent } from 'knossos-ts';
import { nodeNames } from '../../../src/core/ids.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import { seeded } from '../../../src/core/random.ts';
import { Chaos as AnyChaos } from '../../testing/chaos.ts';
import { QuorumClient } from '../client.ts';
import type { QuorumDialect } from '../dialect.ts';
import type { QuorumMachine } from '../protocol.ts';
import { Invariants } from './invariants.ts';
import { Stage } from './stage.ts';

export interface ChaosOptions {
  readonly bug?: string | null;
  readonly values?: { readonly [name: string]: number | string };
  readonly crashes?: boolean;
}

/** Time leaps to whatever timer rings, so that patience is soon at an end. */
const ordinary = { patience: 5_000, upkeep: 500 };

const keys = ['a', 'b'];

export class Chaos {
  readonly #names: readonly NodeId[];
  readonly #stage: Stage;
  readonly #chaos: AnyChaos<QuorumDialect, QuorumMachine>;

  constructor(seed: number, { bug = null, values = {}, crashes = true }: ChaosOptions = {}) {
    const random = seeded(seed);
    const names = nodeNames(random.pick([3, 3, 4, 5]));
    const stage = new Stage({ nodes: names.length, bug, values: { ...ordinary, ...values } });
    const invariants = new Invariants(stage, names, keys);
    this.#names = names;
    this.#stage = stage;
    this.#chaos = new AnyChaos(
      {
        names,
        stage,
        keys,
        crashes,
        client: (context) => new QuorumClient(context),
        call: (key, draw, unique) =>
          draw.chance(0.5) ? { f: 'read', key, value: null } : { f: 'write', key, value: unique() },
        check: (down) => invariants.check(down),
      },
      random,
    );
  }

  get history(): readonly HistoryEvent[] {
    return this.#chaos.history;
  }

  run(moves: number): void {
    this.#chaos.run(moves);
  }

  /** What the nodes hold of a key that they do not agree about, or null. */
  divergence(): string | null {
    for (const key of keys) {
      const held = this.#names.map((name) => JSON.stringify(this.#stage.machine(name).node.replica.versionOf(key)));
      if (new Set(held).size > 1) return held.join(' ');
    }
    return null;
  }
}
