import type { NodeId } from '../../src/core/ids.ts';
import type { Now } from '../../src/core/time.ts';
import type { Effects, NodeContext } from '../../src/protocol/protocol.ts';
import type { QuorumDialect, QuorumRecord, Round } from './dialect.ts';
import { Replica } from './replica.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

/** What all parts of a node share. Every node is a replica of every key, and coordinates whatever it is asked. */
export class QuorumNode {
  readonly self: NodeId;
  readonly peers: readonly NodeId[];
  readonly settings: Settings;
  readonly replica: Replica;
  readonly #life: number;
  #named = 0;

  constructor({ self, nodes, life, options }: NodeContext, records: Iterable<QuorumRecord>) {
    this.self = self;
    this.peers = nodes.filter((node) => node !== self);
    this.settings = settingsOf(options, nodes.length);
    this.replica = new Replica(this.settings, records);
    this.#life = life;
  }

  /** A name that this node has never given and never will: the count begins anew with each life, which is part of it. */
  nextName(): Round {
    this.#named++;
    return `${this.#life}.${this.#named}`;
  }
}

/** The step in progress. */
export interface Step {
  readonly now: Now;
  readonly effects: Effects<QuorumDialect>;
}
