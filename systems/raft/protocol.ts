/**
 * Raft, as Ongaro & Ousterhout describe it ("In Search of an Understandable Consensus Algorithm", 2014), and where it
 * says more, Ongaro's dissertation ("Consensus: Bridging Theory and Practice", 2014). This file hands each input to
 * the room that deals with it: election.ts, follower.ts, snapshots.ts, leader.ts (with replication.ts, reads.ts,
 * lease.ts, changes.ts and transfer.ts), local-reads.ts, requests.ts.
 */
import { invariant } from '../../src/core/errors.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Inspection } from '../../src/core/inspection.ts';
import type { Json } from '../../src/core/json.ts';
import type { Now } from '../../src/core/time.ts';
import type { Effects, Input, Machine, NodeContext, Protocol } from '../../src/protocol/protocol.ts';
import type { RaftDialect, RaftMessage, RaftRecord } from './dialect.ts';
import { onElectionTimer, onPreVote, onPreVoteReply, onTimeoutNow, onVote, onVoteReply } from './election.ts';
import { onAppend } from './follower.ts';
import { onFollowerReply, onHeartbeatTimer } from './leader.ts';
import { onReadsTimer } from './local-reads.ts';
import { RaftNode } from './node.ts';
import { onRequest } from './requests.ts';
import { onInstallSnapshot } from './snapshots.ts';

export const raftProtocol: Protocol<RaftDialect> = {
  name: 'raft',
  start: (now, context, records, effects) => new RaftMachine(now, context, records, effects),
};

/** Exported for tests, which look at its node. */
export class RaftMachine implements Machine<RaftDialect> {
  readonly node: RaftNode;

  constructor(now: Now, context: NodeContext, records: Iterable<RaftRecord>, effects: Effects<RaftDialect>) {
    this.node = new RaftNode(now, context, records, effects);
    this.node.renewPatience();
  }

  step(now: Now, input: Input<RaftDialect>, effects: Effects<RaftDialect>): void {
    const { node } = this;
    node.enter(now, effects);
    invariant(input.kind !== 'scoped', () => 'raft has no child machine');
    if (input.kind === 'message') onMessage(node, input.from, input.message);
    else if (input.kind === 'request') onRequest(node, input.id, input.body);
    else if (input.timer === 'heartbeat') onHeartbeatTimer(node);
    else if (input.timer === 'reads') onReadsTimer(node);
    else onElectionTimer(node);
  }

  inspect(): Inspection {
    const { role, term, leader, commit, applied, log, snapshotIndex, membership } = this.node;
    const { members } = membership;
    return { role: role.kind, term, leader, commit, applied, length: log.lastIndex, snapshot: snapshotIndex, members };
  }

  peek(key: string): Json {
    return this.node.stateMachine.peek(key);
  }
}

function onMessage(node: RaftNode, from: NodeId, message: RaftMessage): void {
  switch (message.type) {
    case 'append':
      return onAppend(node, from, message);
    case 'append-reply':
    case 'snapshot-reply':
      return onFollowerReply(node, from, message);
    case 'snapshot':
      return onInstallSnapshot(node, from, message);
    case 'timeout-now':
      return onTimeoutNow(node, message);
    case 'outdated':
      return message.term > node.term ? node.follow(message.term, null) : undefined;
    case 'pre-vote':
      return onPreVote(node, from, message);
    case 'pre-vote-reply':
      return onPreVoteReply(node, from, message);
    case 'vote':
      return onVote(node, from, message);
    case 'vote-reply':
      return onVoteReply(node, from, message);
  }
}
