/**
 * The state of one node and what its parts share. What it knows of its neighbours, its lease, and whether it is current
 * belong to one epoch and to one life: they are in memory only, and begin anew with either (chain.ts).
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Inspection } from '../../src/core/inspection.ts';
import type { Instant, Now } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { Effects, NodeContext, RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { Fetching, FrozenCopy } from './catch-up.ts';
import { headOf, initialConfiguration, isMember, neighbourOf, tailOf } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import type { CraqDialect, CraqMessage, CraqRecord } from './dialect.ts';
import { Lease } from './lease.ts';
import { newLink } from './link.ts';
import type { Link } from './link.ts';
import { newCounts } from './reads.ts';
import type { PendingRead, ReadCounts } from './reads.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { Store } from './store.ts';

export class CraqNode {
  readonly self: NodeId;
  /** All that may be in the chain. */
  readonly nodes: readonly NodeId[];
  readonly life: number;
  readonly settings: Settings;
  readonly store: Store;
  readonly lease: Lease;

  /** Whether this node's log is, in this epoch, a beginning of its predecessor's. */
  isFollowing = false;
  /** Whether it surely holds all that was committed before this epoch, too. */
  isCurrent = false;
  /** What it knows of its successor. */
  link: Link = newLink();
  /** Who waits for the entry at a place to be committed. */
  readonly waiting: Map<number, RequestId[]> = new Map();
  /** Reads that wait for the tail's answer, by their number. */
  readonly reads: Map<number, PendingRead> = new Map();
  readsAsked = 0;
  readonly counts: ReadCounts = newCounts();
  /** While it is no member, or lacks what its predecessor cannot send. */
  fetching: Fetching | null = null;
  /** What it is sending to those who fetch. */
  readonly copies: Map<NodeId, FrozenCopy> = new Map();
  /** Something has happened that the keeper of the configuration waits to hear. */
  hasNews = false;

  /** Those of the step in progress. */
  now: Instant;
  effects: Effects<CraqDialect>;
  /** What this node has said to itself: the keeper of the configuration may be here, too. */
  readonly toSelf: CraqMessage[] = [];

  constructor(now: Now, context: NodeContext, records: Iterable<CraqRecord>, effects: Effects<CraqDialect>) {
    const { self, nodes, members, life, options } = context;
    this.self = self;
    this.nodes = nodes;
    this.life = life;
    this.settings = settingsOf(options);
    this.store = new Store(this.settings, initialConfiguration(members), records);
    this.lease = new Lease(this.settings);
    this.now = now.monotonic;
    this.effects = effects;
  }

  get configuration(): Configuration {
    return this.store.configuration;
  }

  get epoch(): number {
    return this.store.configuration.epoch;
  }

  get isMember(): boolean {
    return isMember(this.configuration, this.self);
  }

  get isHead(): boolean {
    return headOf(this.configuration) === this.self;
  }

  get isTail(): boolean {
    return tailOf(this.configuration) === this.self;
  }

  get predecessor(): NodeId | null {
    return neighbourOf(this.configuration, this.self, -1);
  }

  get successor(): NodeId | null {
    return neighbourOf(this.configuration, this.self, 1);
  }

  /** Whether this node may answer, commit and accept: now, and only in the step in progress. */
  get mayServe(): boolean {
    return this.isMember && this.isCurrent && this.lease.holdsAt(this.now);
  }

  /** Begins a step. */
  enter({ monotonic }: Now, effects: Effects<CraqDialect>): void {
    this.now = monotonic;
    this.effects = effects;
  }

  send(to: NodeId, message: CraqMessage): void {
    if (to === this.self) this.toSelf.push(message);
    else this.effects.send(to, message);
  }

  /** Definite: nothing was done for it here, and nothing will be. Names whom to ask instead, unless that is this node. */
  refuse(request: RequestId, text: string, instead: NodeId): void {
    const hint = instead === this.self ? {} : { leader: instead };
    this.effects.reply(request, errorBody(codes.temporarilyUnavailable, text, hint));
  }

  /** The primary is the head of the latest epoch. */
  inspect(): Inspection {
    const { configuration, store } = this;
    const { epoch, chain, active } = configuration;
    const { last, committed } = store;
    const leads = this.isHead && active;
    const { counts } = this;
    return { role: this.#role(), term: epoch, leads, members: chain, active, last, committed, counters: { ...counts } };
  }

  #role(): string {
    const { configuration, self } = this;
    if (!this.isMember) return configuration.excluded.includes(self) ? 'removed' : 'joining';
    if (this.isHead) return 'head';
    return this.isTail ? 'tail' : 'middle';
  }
}
