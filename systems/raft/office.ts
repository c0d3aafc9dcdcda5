import type { NodeId } from '../../src/core/ids.ts';
import type { Instant } from '../../src/core/time.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';

/** What a node knows only while it leads, and forgets when it resigns. */
export interface Office {
  /** The index of the no-op that began this term. */
  readonly noOp: number;
  readonly followers: readonly Follower[];
  /** Who waits for the entry at an index. All of them were appended in this term. */
  readonly commands: Map<number, RequestId>;
  /** In the order of their arrival. */
  readonly reads: PendingRead[];
  /** The latest round of ReadIndex that was sent, and the latest that a majority has confirmed. */
  round: number;
  confirmed: number;
}

/** A leader's view of one follower (etcd-io/raft calls it progress). */
export interface Follower {
  readonly id: NodeId;
  /** Up to here its log is known to be the leader's. */
  match: number;
  /** The index of the next entry to send; what lies between `match` and it is on the way. */
  next: number;
  /** False while the end of the common log is searched for, with appends that carry no entries. */
  streaming: boolean;
  /** The last index of each append that carried entries and is not acknowledged. */
  inFlight: number[];
  /** The latest round that it has confirmed. */
  round: number;
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

/** The greatest number that at least `majority` of the values reach. */
export function reachedBy(majority: number, values: number[]): number {
  values.sort((one, other) => other - one);
  return values[majority - 1] as number;
}
