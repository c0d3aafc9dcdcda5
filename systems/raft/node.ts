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
import type { ErrorBody, ResponseBody } from '../../src/protocol/wire.ts';
import type { Entry, RaftDialect, RaftRecord, Snapshot } from './dialect.ts';
import { answerWaiting } from './local-reads.ts';
import type { WaitingRead } from './local-reads.ts';
import { Log } from './log.ts';
import { Membership } from './membership.ts';
import type { Office } from './office.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { compactIfDue } from './snapshots.ts';
import type { IncomingSnapshot } from './snapshots.ts';
import { StateMachine } from './state-machine.ts';

export type Role =
  | { readonly kind: 'follower' }
  | { readonly kind: 'pre-candidate'; readonly grants: Set<NodeId> }
  | { readonly kind: 'candidate'; readonly votes: Set<NodeId> }
  | { readonly kind: 'leader'; readonly office: Office };

const follower: Role = { kind: 'follower' };

export class RaftNode {
  readonly self: NodeId;
  /** All nodes that may become members. */
  readonly nodes: readonly NodeId[];
  readonly settings: Settings;
  readonly membership: Membership;
  readonly log: Log = new Log();
  readonly stateMachine: StateMachine;

  role: Role = follower;
  /** Whom this node follows in its present term. */
  leader: NodeId | null = null;
  commit = 0;
  applied = 0;
  /** When this node last heard from its leader, gave a vote or began to campaign: from then on it is patient. */
  quietSince: Instant;
  /** When it last heard from any leader, or, where leases rely on it, may have: from then on it is loyal. */
  heardAt: Instant | null = null;
  /** What the latest snapshot on disk covers. The log in memory goes back to the one before, for who lags a little. */
  snapshotIndex = 0;
  incoming: IncomingSnapshot | null = null;
  /** Local reads of a state that this node has not reached yet. */
  waiting: WaitingRead[] = [];

  /** These are those of the step in progress. */
  now: Instant;
  /** By which clock a leader measures how long ago it heard from others. */
  officeNow: Instant;
  effects: Effects<RaftDialect>;

  readonly #context: NodeContext;
  #term = 0;
  #vote: NodeId | null = null;
  #patience: Duration = nanoseconds(0);

  constructor(now: Now, context: NodeContext, records: Iterable<RaftRecord>, effects: Effects<RaftDialect>) {
    this.#context = context;
    this.self = context.self;
    this.nodes = context.nodes;
    this.settings = settingsOf(context.options);
    this.membership = new Membership(context.self, context.members);
    this.stateMachine = new StateMachine(this.settings.maxSessions, this.settings.mistakes);
    this.now = now.monotonic;
    this.officeNow = now.monotonic;
    this.quietSince = this.now;
    if (this.settings.reads === 'lease') this.heardAt = this.now;
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

  /**
   * True while this node leads, or heard from a leader so lately that no other may be elected (dissertation, 4.2.3 and
   * 9.6). It does not matter whether that leader's term is over: its lease may not be (lease.ts).
   */
  get isSheltered(): boolean {
    if (this.role.kind === 'leader') return true;
    return this.heardAt !== null && this.now - this.heardAt < this.settings.electionMin;
  }

  /** Begins a step. */
  enter({ wall, monotonic }: Now, effects: Effects<RaftDialect>): void {
    this.now = monotonic;
    this.officeNow = this.settings.mistakes.has('wall-clock-lease') ? wall : monotonic;
    this.effects = effects;
  }

  save(term: number, vote: NodeId | null): void {
    invariant(term >= this.#term, () => `term ${term} after ${this.#term}`);
    this.#term = term;
    this.#vote = vote;
    const forgets = this.settings.mistakes.has('forget-vote') && vote !== this.self;
    if (!forgets) this.effects.persist({ kind: 'state', term, vote });
  }

  append(entry: Entry): number {
    const index = this.log.append(entry);
    if (entry.command.kind === 'members') this.membership.replaceFrom(index, [entry]);
    this.effects.persist({ kind: 'entries', from: index, entries: [entry] });
    return index;
  }

  replaceFrom(from: number, entries: readonly Entry[]): void {
    invariant(from > this.commit, () => `entry ${from} would be replaced, but all up to ${this.commit} are committed`);
    this.log.replaceFrom(from, entries);
    this.membership.replaceFrom(from, entries);
    this.effects.persist({ kind: 'entries', from, entries });
  }

  /** Writes the durable state anew, with the snapshot in place of all that it covers. */
  rewriteDisk(snapshot: Snapshot): void {
    this.snapshotIndex = snapshot.index;
    const records: RaftRecord[] = [
      { kind: 'snapshot', snapshot },
      { kind: 'state', term: this.#term, vote: this.#vote },
    ];
    const from = snapshot.index + 1;
    if (this.log.lastIndex >= from)
      records.push({ kind: 'entries', from, entries: this.log.slice(from, this.log.lastIndex) });
    this.effects.compact(records);
  }

  /** Becomes what a snapshot says; the log keeps what rightly follows it. */
  restore({ index, term, members, items }: Snapshot): void {
    this.log.beginAt(index, term);
    this.membership.beginAt(index, members, this.log.slice(index + 1, this.log.lastIndex));
    this.stateMachine.restore(items);
    this.commit = index;
    this.applied = index;
    this.snapshotIndex = index;
  }

  /** Begins a new wait of random length, so that two nodes seldom campaign at once (paper, 5.2). */
  renewPatience(): void {
    const { electionMin, electionMax } = this.settings;
    this.quietSince = this.now;
    this.#patience = nanoseconds(electionMin + Math.floor(this.#context.random.unit() * (electionMax - electionMin)));
    this.effects.setTimer('election', this.#patience);
  }

  /** A leader of this term or a higher one has spoken. */
  hear(term: number, leader: NodeId): void {
    invariant(
      term > this.#term || this.role.kind !== 'leader',
      () => `${leader} leads term ${term}, and so do I, ${this.self}`,
    );
    this.follow(term, leader);
    this.quietSince = this.now;
    this.heardAt = this.now;
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
      this.answer(request, response);
    }
    compactIfDue(this);
    answerWaiting(this);
  }

  /** Answers from the applied state; where any node may do so, with the index that the client has seen by it. */
  answer(request: RequestId, response: ResponseBody): void {
    const isLocal = this.settings.reads === 'local';
    this.effects.reply(request, isLocal ? { ...response, index: this.applied } : response);
  }

  /** Sends a client on. Definite: nothing was done for it here, and nothing will be. */
  notLeader(request: RequestId): void {
    this.effects.reply(request, redirection(this.leader));
  }

  #resign({ commands, reads, change, transfer }: Office): void {
    this.effects.clearTimer('heartbeat');
    this.renewPatience();
    const appended = [...commands.values()];
    if (change?.kind === 'appended') appended.push(change.request);
    // These entries stand in logs and may still be committed by a later leader, so that no definite code is true.
    const text = `${this.self} lost its office before the command was committed`;
    for (const request of appended) this.effects.reply(request, errorBody(codes.crash, text));
    for (const { request } of reads) this.notLeader(request);
    if (change?.kind === 'catching-up') this.notLeader(change.request);
    if (transfer !== null && transfer.told) this.effects.reply(transfer.request, { type: 'transfer_ok' });
    else if (transfer !== null) this.notLeader(transfer.request);
  }

  #recover(record: RaftRecord): void {
    if (record.kind === 'snapshot') return this.restore(record.snapshot);
    if (record.kind === 'entries') {
      this.log.replaceFrom(record.from, record.entries);
      return this.membership.replaceFrom(record.from, record.entries);
    }
    this.#term = record.term;
    this.#vote = record.vote;
  }
}

const redirection = (leader: NodeId | null): ErrorBody =>
  leader === null
    ? errorBody(codes.temporarilyUnavailable, 'No leader is known here')
    : errorBody(codes.temporarilyUnavailable, `${leader} is the leader`, { leader });
