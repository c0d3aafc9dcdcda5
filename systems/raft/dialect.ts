/**
 * The vocabulary of Raft: what its nodes say to each other (Ongaro & Ousterhout 2014, figure 2; dissertation, 9.6 for
 * the pre-vote) and what they write to disk. Indexes begin at 1; index 0 of term 0 stands for the empty log.
 */
import type { Json } from '../../src/core/json.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';

export interface RaftDialect {
  readonly message: RaftMessage;
  readonly record: RaftRecord;
  readonly timer: 'election' | 'heartbeat' | 'reads';
}

export type RaftMessage =
  | PreVote
  | PreVoteReply
  | Vote
  | VoteReply
  | Append
  | AppendReply
  | Outdated
  | InstallSnapshot
  | SnapshotReply
  | TimeoutNow;

/** Asks whether an election for `term` could be won. Nobody's term changes by it. */
export interface PreVote {
  readonly type: 'pre-vote';
  /** The term that the sender would campaign in: its own plus one. */
  readonly term: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
}

export interface PreVoteReply {
  readonly type: 'pre-vote-reply';
  /** The voter's own term. */
  readonly term: number;
  /** The `term` of the request. */
  readonly proposed: number;
  readonly granted: boolean;
}

export interface Vote {
  readonly type: 'vote';
  readonly term: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  /** The leader itself asked for this election, so that nobody needs to be loyal to it (dissertation, 4.2.3). */
  readonly transfer?: true;
}

export interface VoteReply {
  readonly type: 'vote-reply';
  readonly term: number;
  readonly granted: boolean;
}

/** Without entries it is a heartbeat, a probe for the end of the common log, or a round of ReadIndex: often all three. */
export interface Append {
  readonly type: 'append';
  readonly term: number;
  readonly previousIndex: number;
  readonly previousTerm: number;
  readonly entries: readonly Entry[];
  readonly commit: number;
  /** The latest round in which the leader asked its followers to confirm it (reads.ts). */
  readonly round: number;
}

export type AppendReply = Accepted | Rejected;

export interface Accepted {
  readonly type: 'append-reply';
  readonly term: number;
  readonly round: number;
  readonly accepted: true;
  /** Up to here the follower's log is the leader's. */
  readonly match: number;
}

export interface Rejected {
  readonly type: 'append-reply';
  readonly term: number;
  readonly round: number;
  readonly accepted: false;
  /** The `previousIndex` of the request, by which the leader knows stale rejections. */
  readonly previousIndex: number;
  /** The term of the follower's entry there and the first index of that term; without an entry, null and its end. */
  readonly conflictTerm: number | null;
  readonly conflictIndex: number;
}

/**
 * Tells the sender of an append that its term is over. It is no append-reply, because a leader that was elected again
 * could take the answer to an append of its former term for a confirmation of a round of its present one.
 */
export interface Outdated {
  readonly type: 'outdated';
  readonly term: number;
}

/** A part of a snapshot, for a follower that needs entries which the leader has forgotten (paper, figure 13). */
export interface InstallSnapshot {
  readonly type: 'snapshot';
  readonly term: number;
  readonly round: number;
  /** What names the snapshot: the last entry that it covers. */
  readonly index: number;
  readonly lastTerm: number;
  readonly members: readonly NodeId[];
  /** How many items came before these. */
  readonly offset: number;
  readonly items: readonly SnapshotItem[];
  readonly isLast: boolean;
}

/** Answers each part but the last one, to which an append-reply answers. */
export interface SnapshotReply {
  readonly type: 'snapshot-reply';
  readonly term: number;
  readonly round: number;
  readonly index: number;
  /** Of the part that it answers. */
  readonly offset: number;
  /** How many items have come in order: fewer than `offset` if the follower has restarted meanwhile. */
  readonly received: number;
}

/** Tells the heir of a leader to campaign at once (dissertation, 3.10). */
export interface TimeoutNow {
  readonly type: 'timeout-now';
  readonly term: number;
}

/** A piece of the applied state. Sessions stand in the order of their last use. */
export type SnapshotItem =
  | { readonly kind: 'value'; readonly key: string; readonly value: Json }
  | {
      readonly kind: 'session';
      readonly session: number;
      readonly sequence: number;
      readonly response: ResponseBody | null;
    };

export interface Entry {
  readonly term: number;
  readonly command: Command;
}

export type Command =
  /** What a new leader begins its term with, so that it can commit all that came before (dissertation, 6.4). */
  | { readonly kind: 'no-op' }
  /** From this entry on, committed or not, these are the members (dissertation, 4.1). */
  | { readonly kind: 'members'; readonly members: readonly NodeId[] }
  /** Opens a client session whose id is the index of this entry (dissertation, 6.3). */
  | { readonly kind: 'open-session' }
  | { readonly kind: 'operation'; readonly session: number; readonly sequence: number; readonly operation: Operation };

export type Operation =
  | { readonly type: 'write'; readonly key: string; readonly value: Json }
  | { readonly type: 'cas'; readonly key: string; readonly from: Json; readonly to: Json };

/** What has been applied up to `index`, and who the members were there. */
export interface Snapshot {
  readonly index: number;
  /** Of the entry at `index`. */
  readonly term: number;
  readonly members: readonly NodeId[];
  readonly items: readonly SnapshotItem[];
}

/**
 * What a restart reads back, in order. A later `state` replaces an earlier one; `entries` replace whatever the log held
 * from their first index on. A snapshot is only ever the first record: `compact` begins the log anew with it.
 */
export type RaftRecord =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'state'; readonly term: number; readonly vote: NodeId | null }
  | { readonly kind: 'entries'; readonly from: number; readonly entries: readonly Entry[] };
