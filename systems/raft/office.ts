import type { NodeId } from '../../src/core/ids.ts';
import type { Instant } from '../../src/core/time.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import type { Snapshot } from './dialect.ts';
import type { RaftNode } from './node.ts';

/** What a node knows only while it leads, and forgets when it resigns. */
export interface Office {
  /** The index of the no-op that began this term; nothing of this term is committed before it is. */
  readonly noOp: number;
  /** The other members, a server that is to become one, and those that were removed in this term. */
  readonly followers: Follower[];
  /** Who waits for the entry at an index. All of them were appended in this term. */
  readonly commands: Map<number, RequestId>;
  /** In the order of their arrival. */
  readonly reads: PendingRead[];
  /** The latest round of ReadIndex that was sent, and the latest that a majority has confirmed. */
  round: number;
  confirmed: number;
  /** When the latest rounds were sent, in their order; only for leases. */
  readonly sent: SentRound[];
  /** Once a leader has begun to hand over, it never relies on its lease again (transfer.ts). */
  leaseEnded: boolean;
  change: MembershipChange | null;
  transfer: Transfer | null;
}

/** A leader's view of one follower (etcd-io/raft calls it progress). */
export interface Follower {
  readonly id: NodeId;
  /** Whether it counts in majorities. */
  isVoter: boolean;
  /** Up to here its log is known to be the leader's. */
  match: number;
  /** The index of the next entry to send; what lies between `match` and it is on the way. */
  next: number;
  /** False while the end of the common log is searched for, with appends that carry no entries. */
  streaming: boolean;
  /** The last index of each append that carried entries and is not acknowledged. */
  inFlight: number[];
  /** The snapshot that it is being sent. */
  sending: { readonly snapshot: Snapshot; offset: number; sentAt: Instant } | null;
  /** The latest round that it has confirmed, and when that one was sent. */
  round: number;
  vouchedAt: number;
  heardAt: Instant;
}

export interface PendingRead {
  readonly request: RequestId;
  readonly key: string;
  /** The state must be applied up to here. */
  readonly index: number;
  /** This round, or a later one, must be confirmed. */
  readonly round: number;
}

export interface SentRound {
  readonly round: number;
  readonly at: Instant;
}

export type ChangeType = 'add_server' | 'remove_server';

export type MembershipChange =
  /** The new server gets the log before it counts (dissertation, 4.2.1): up to `target` in this round. */
  | {
      readonly kind: 'catching-up';
      readonly node: NodeId;
      readonly request: RequestId;
      round: number;
      target: number;
      roundBegan: Instant;
    }
  | { readonly kind: 'appended'; readonly type: ChangeType; readonly index: number; readonly request: RequestId };

export interface Transfer {
  readonly to: NodeId;
  readonly request: RequestId;
  readonly began: Instant;
  /** Whether the heir was told to campaign. */
  told: boolean;
}

export const newFollower = (id: NodeId, next: number, now: Instant, isVoter: boolean): Follower => ({
  id,
  isVoter,
  match: 0,
  next,
  streaming: true,
  inFlight: [],
  sending: null,
  round: 0,
  vouchedAt: -Infinity,
  heardAt: now,
});

/** The greatest number that a majority of the members reach; `own` is this node's, and counts if it is a member. */
export function agreedBy(
  { membership }: RaftNode,
  { followers }: Office,
  own: number,
  of: (follower: Follower) => number,
): number {
  const values = membership.includesSelf ? [own] : [];
  for (const follower of followers) if (follower.isVoter) values.push(of(follower));
  values.sort((one, other) => other - one);
  return values[membership.majority - 1] ?? -Infinity;
}
