/** CRAQ at random (../../testing/chaos.ts), looked at from within after each move (invariants.ts). */
import type { HistoryEvent } from 'knossos-ts';
import { nodeNames } from '../../../src/core/ids.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import { seeded } from '../../../src/core/random.ts';
import type { Random } from '../../../src/core/random.ts';
import type { Call } from '../../../src/protocol/client.ts';
import { RaftClient } from '../../raft/client.ts';
import { Chaos as AnyChaos } from '../../testing/chaos.ts';
import type { CraqDialect } from '../dialect.ts';
import type { CraqMachine } from '../protocol.ts';
import { Invariants } from './invariants.ts';
import { Stage } from './stage.ts';

export interface ChaosOptions {
  readonly bug?: string | null;
  readonly values?: { readonly [name: string]: number | string };
}

/** Most timers ring seldom, and time leaps to whichever does: a lease has to last for longer than it would. */
const ordinary = { lease: 1_500, suspicion: 400, electionMin: 1_000, electionMax: 2_000 };

const keys = ['a', 'b'];

export class Chaos {
  readonly names: readonly NodeId[];
  readonly stage: Stage;
  readonly invariants: Invariants;
  readonly #chaos: AnyChaos<CraqDialect, CraqMachine>;

  constructor(seed: number, { bug = null, values = {} }: ChaosOptions = {}) {
    const random = seeded(seed);
    this.names = nodeNames(random.pick([2, 3, 3, 4, 5]));
    this.stage = new Stage({ nodes: this.names.length, bug, values: { ...ordinary, ...values } });
    this.stage.pass(8_000);
    this.invariants = new Invariants(this.stage, this.names);
    const troupe = {
      names: this.names,
      stage: this.stage,
      keys,
      crashes: true,
      calm: 0.03,
      client: (context: ConstructorParameters<typeof RaftClient>[0]) => new RaftClient(context),
      call,
      check: (down: ReadonlySet<NodeId>) => this.invariants.check(down),
    };
    this.#chaos = new AnyChaos(troupe, random);
  }

  run(moves: number): void {
    this.#chaos.run(moves);
  }

  get history(): readonly HistoryEvent[] {
    return this.#chaos.history;
  }

  /** What is not as it must be when all nodes are well and were left alone for a while, or null. */
  unrest(): string | null {
    const chains = this.names.map((name) => this.stage.chain(name));
    if (new Set(chains).size > 1 || chains[0]?.split('-').length !== this.names.length) return chains.join(' ');
    for (const key of keys) {
      const held = this.names.map((name) => JSON.stringify(this.stage.machine(name).peek(key)));
      if (new Set(held).size > 1) return `${key}: ${held.join(' ')}`;
    }
    return null;
  }
}

function call(key: string, random: Random, unique: () => number): Call {
  const chance = random.unit();
  if (chance < 0.5) return { f: 'read', key, value: null };
  const value = unique();
  if (chance < 0.75) return { f: 'write', key, value };
  return { f: 'cas', key, value: [Math.max(1, value - 1 - random.below(4)), value] };
}
