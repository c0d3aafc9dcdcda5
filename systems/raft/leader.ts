import type { NodeId } from '../../src/core/ids.ts';
import { checkChange, continueChange } from './changes.ts';
import type { AppendReply, SnapshotReply } from './dialect.ts';
import { vouch } from './lease.ts';
import type { RaftNode } from './node.ts';
import { agreedBy, newFollower } from './office.ts';
import type { Office } from './office.ts';
import { propose } from './proposals.ts';
import { answerReads, confirmRounds } from './reads.ts';
import { announce, onAccepted, onRejected } from './replication.ts';
import { onSnapshotReply } from './snapshots.ts';
import { checkTransfer, continueTransfer } from './transfer.ts';

/** A candidate has won: it leads, and commits what it inherited by an entry of its own term (paper, 5.4.2). */
export function takeOffice(node: RaftNode): void {
  const next = node.log.lastIndex + 1;
  const beginsWithNoOp = !node.settings.mistakes.has('no-leader-noop');
  const office: Office = {
    noOp: beginsWithNoOp ? next : 0,
    followers: node.membership.others.map((id) => newFollower(id, next, node.officeNow, true)),
    commands: new Map(),
    reads: [],
    round: 0,
    confirmed: 0,
    sent: [],
    leaseEnded: false,
    change: null,
    transfer: null,
  };
  node.role = { kind: 'leader', office };
  node.leader = node.self;
  node.incoming = null;
  node.effects.clearTimer('election');
  node.effects.setTimer('heartbeat', node.settings.heartbeat);
  if (beginsWithNoOp) propose(node, office, { kind: 'no-op' });
  else announce(node, office);
}

export function onHeartbeatTimer(node: RaftNode): void {
  if (node.role.kind !== 'leader') return;
  const { office } = node.role;
  if (!node.settings.mistakes.has('stale-read') && !hearsMajority(node, office)) return node.follow(node.term, null);
  announce(node, office);
  if (node.membership.others.length === 0) confirmRounds(node, office);
  checkTransfer(node, office);
  checkChange(node, office);
  node.effects.setTimer('heartbeat', node.settings.heartbeat);
}

/** What a follower answers to an append, or to a part of a snapshot. */
export function onFollowerReply(node: RaftNode, from: NodeId, reply: AppendReply | SnapshotReply): void {
  if (reply.term !== node.term || node.role.kind !== 'leader') return;
  const { office } = node.role;
  const follower = office.followers.find(({ id }) => id === from);
  if (follower === undefined) return;
  follower.heardAt = node.officeNow;
  // A follower that rejects the entries of this term's leader confirms the leader all the same.
  const isNewRound = reply.round > follower.round;
  if (isNewRound) {
    follower.round = reply.round;
    vouch(office, follower);
  }
  if (reply.type === 'snapshot-reply') onSnapshotReply(node, office, follower, reply);
  else if (reply.accepted) onAccepted(node, office, follower, reply);
  else onRejected(node, office, follower, reply);
  if (isRemoved(node)) {
    // It tells the others what is committed, and goes (dissertation, 4.2.2).
    announce(node, office);
    return node.follow(node.term, null);
  }
  if (isNewRound) confirmRounds(node, office);
  else answerReads(node, office);
  continueTransfer(node, office);
  continueChange(node, office, follower);
}

const isRemoved = ({ membership, commit }: RaftNode): boolean => !membership.includesSelf && membership.index <= commit;

/** Check-quorum (dissertation, 6.2): without a majority, a leader would keep its clients waiting for nothing. */
function hearsMajority(node: RaftNode, office: Office): boolean {
  const heard = agreedBy(node, office, node.officeNow, (follower) => follower.heardAt);
  return node.officeNow - heard < node.settings.electionMin;
}
