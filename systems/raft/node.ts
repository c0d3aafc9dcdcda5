/**
 * The state of one Raft node (paper, figure 2) and the few moves that change its term, its role or its log. Whatever
 * must survive a crash is persisted in the same step in which it changes.
 *
 * Why a node may count on its own entry or vote at once, although it is not on disk yet: every send and reply of this
 * step and of later ones is held by the host until the records persisted so far are durable. So another node, or a
 * client, can learn of a vote, of an entry, of a commit index that counted this node's own entry, or of the answer to
 * a command only when this node's part of it is on disk; and if the crash comes first, nobody ever heard of it. A vote
 * or an acknowledgement from elsewhere that made up the majority was given in answer to a message of ours, and so
 * after the records that it is about were durable here.
 */
import { invariant } from '../../src/core/errors.ts';
import type { NodeId } from '../../src/core/ids.ts';
import { nanoseconds } from '../../src/core/time.ts';
import type { Duration, Instant, Now } from '../../src/core/time.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { Effects, NodeContext, RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { ErrorBody } from '../../src/protocol/wire.ts';
import type { Entry, RaftDialect, RaftRecord } from './dialect.ts';
import { Log } from './log.ts';
import type { Office } from './office.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { StateMachine } from './state-machine.ts';

export type Role =
  | { readonly kind: 'follower' }
  | { readonly kind: 'pre-candidate'; readonly grants: Set<NodeId> }
  | { readonly kind: 'candidate'; readonly votes: Set<NodeId> }
  | { readonly kind: 'leader'; readonly office: Office };

const follower: Role = { kind: 'follower' };

export class RaftNode {
  readonly self: NodeId;
  /** The other members. */
  readonly others: readonly NodeId[];
  readonly majority: number;
  readonly settings: Settings;
  readonly log: Log = new Log();
  readonly stateMachine: StateMachine;

  role: Role = follower;
  /** Whom this node follows in its present term. */
  leader: NodeId | null = null;
  commit = 0;
  applied = 0;
  /** When this node last heard from its leader, gave a vote or began to campaign: from then on it is patient. */
  quietSince: Instant;

  /** Both are those of the step in progress. */
  now: Instant;
  effects: Effects<RaftDialect>;

  readonly #context: NodeContext;
  #term = 0;
  #vote: NodeId | null = null;
  #patience: Duration = nanoseconds(0);

  constructor(now: Now, context: NodeContext, records: Iterable<RaftRecord>, effects: Effects<RaftDialect>) {
    this.#context = context;
    this.self = context.self;
    this.others = context.members.filter((member) => member !== context.self);
    this.majority = (context.members.length >> 1) + 1;
    this.settings = settingsOf(context.options);
    this.stateMachine = new StateMachine(this.settings.maxSessions);
    this.now = now.monotonic;
    this.quietSince = now.monotonic;
    this.effects = effects;
    for (const record of records) this.#recover(record);
  }

  get term(): number {
    return this.#term;
  }

  get vote(): NodeId | null {
    return this.#vote;
  }

  /** Until when this node waits for a leader before it campaigns. */
  get patienceEnds(): Instant {
    return (this.quietSince + this.#patience) as Instant;
  }

  /** True while this node leads, or heard from a leader so lately that no other may be elected (dissertation, 4.2.3, 9.6). */
  get isSheltered(): boolean {
    if (this.role.kind === 'leader') return true;
    return this.leader !== null && this.now - this.quietSince < this.settings.electionMin;
  }

  save(term: number, vote: NodeId | null): void {
    invariant(term >= this.#term, () => `term ${term} after ${this.#term}`);
    this.#term = term;
    this.#vote = vote;
    this.effects.persist({ kind: 'state', term, vote });
  }

  append(entry: Entry): number {
    const index = this.log.append(entry);
    this.effects.persist({ kind: 'entries', from: index, entries: [entry] });
    return index;
  }

  replaceFrom(from: number, entries: readonly Entry[]): void {
    invariant(from > this.commit, () => `entry ${from} would be replaced, but all up to ${this.commit} are committed`);
    this.log.replaceFrom(from, entries);
    this.effects.persist({ kind: 'entries', from, entries });
  }

  /** Begins a new wait of random length, so that two nodes seldom campaign at once (paper, 5.2). */
  renewPatience(): void {
    const { electionMin, electionMax } = this.settings;
    this.quietSince = this.now;
    this.#patience = nanoseconds(electionMin + Math.floor(this.#context.random.unit() * (electionMax - electionMin)));
    if (this.#context.members.includes(this.self)) this.effects.setTimer('election', this.#patience);
  }

  /** Becomes or stays a follower, in this term or a higher one, of the given leader if there is one. */
  follow(term: number, leader: NodeId | null): void {
    if (term > this.#term) this.save(term, null);
    this.leader = leader;
    const { role } = this;
    if (role.kind === 'follower') return;
    this.role = follower;
    if (role.kind === 'leader') this.#resign(role.office);
  }

  /** Applies everything up to the index, which the caller knows to be committed; a leader answers its clients. */
  commitTo(index: number): void {
    if (index <= this.commit) return;
    this.commit = index;
    while (this.applied < this.commit) {
      const { command } = this.log.at(this.applied + 1);
      const response = this.stateMachine.apply(this.applied + 1, command);
      this.applied++;
      if (this.role.kind !== 'leader' || response === null) continue;
      const request = this.role.office.commands.get(this.applied);
      if (request === undefined) continue;
      this.role.office.commands.delete(this.applied);
      this.effects.reply(request, response);
    }
  }

  /** Sends a client on. Definite: nothing was done for it here, and nothing will be. */
  notLeader(request: RequestId): void {
    this.effects.reply(request, redirection(this.leader));
  }

  #resign(office: Office): void {
    this.effects.clearTimer('heartbeat');
    this.renewPatience();
    // These commands stand in logs and may still be committed by a later leader, so that no definite code is true.
    for (const request of office.commands.values())
      this.effects.reply(
        request,
        errorBody(codes.crash, `${this.self} lost its office before the command was committed`),
      );
    for (const read of office.reads) this.notLeader(read.request);
  }

  #recover(record: RaftRecord): void {
    if (record.kind === 'entries') return this.log.replaceFrom(record.from, record.entries);
    this.#term = record.term;
    this.#vote = record.vote;
  }
}

const redirection = (leader: NodeId | null): ErrorBody =>
  leader === null
    ? errorBody(codes.temporarilyUnavailable, 'No leader is known here')
    : errorBody(codes.temporarilyUnavailable, `${leader} is the leader`, { leader });
