import type { NodeId } from '../../src/core/ids.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import type { AppendReply, Command } from './dialect.ts';
import type { RaftNode } from './node.ts';
import { reachedBy } from './office.ts';
import type { Office } from './office.ts';
import { answerReads, confirmRounds } from './reads.ts';
import { advanceCommit, announce, onAccepted, onRejected, replicate } from './replication.ts';

/** A candidate has won: it leads, and commits what it inherited by an entry of its own term (paper, 5.4.2). */
export function takeOffice(node: RaftNode): void {
  const next = node.log.lastIndex + 1;
  const office: Office = {
    noOp: next,
    followers: node.others.map((id) => ({
      id,
      match: 0,
      next,
      streaming: true,
      inFlight: [],
      round: 0,
      heardAt: node.now,
    })),
    commands: new Map(),
    reads: [],
    round: 0,
    confirmed: 0,
  };
  node.role = { kind: 'leader', office };
  node.leader = node.self;
  node.effects.clearTimer('election');
  node.effects.setTimer('heartbeat', node.settings.heartbeat);
  propose(node, office, { kind: 'no-op' });
}

/** Appends a command and sends it off; the request is answered when the command was applied, or the office is lost. */
export function propose(node: RaftNode, office: Office, command: Command, request?: RequestId): void {
  const index = node.append({ term: node.term, command });
  if (request !== undefined) office.commands.set(index, request);
  replicate(node, office);
  if (node.majority === 1) advanceCommit(node, office);
}

export function onHeartbeatTimer(node: RaftNode): void {
  if (node.role.kind !== 'leader') return;
  const { office } = node.role;
  if (node.settings.confirmsLeadership && !hearsMajority(node, office)) return node.follow(node.term, null);
  announce(node, office);
  if (node.majority === 1) confirmRounds(node, office);
  node.effects.setTimer('heartbeat', node.settings.heartbeat);
}

export function onAppendReply(node: RaftNode, from: NodeId, reply: AppendReply): void {
  if (reply.term !== node.term || node.role.kind !== 'leader') return;
  const { office } = node.role;
  const follower = office.followers.find(({ id }) => id === from);
  if (follower === undefined) return;
  follower.heardAt = node.now;
  if (reply.accepted) onAccepted(node, office, follower, reply);
  else onRejected(node, office, follower, reply);
  // A follower that rejects the entries of this term's leader confirms the leader all the same.
  if (reply.round > follower.round) {
    follower.round = reply.round;
    confirmRounds(node, office);
  } else answerReads(node, office);
}

/** Check-quorum (dissertation, 6.2): without a majority, a leader would keep its clients waiting for nothing. */
function hearsMajority(node: RaftNode, office: Office): boolean {
  const heard = reachedBy(node.majority, [node.now, ...office.followers.map((follower) => follower.heardAt)]);
  return node.now - heard < node.settings.electionMin;
}
