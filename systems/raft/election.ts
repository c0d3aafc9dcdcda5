/**
 * How a leader is elected (paper, 5.2 and 5.4.1), with the pre-vote of the dissertation's section 9.6: a node first
 * asks whether it could win, and raises its term only if a majority would vote for it. Whoever has heard from a
 * leader within the shortest election timeout answers no, to the vote itself, too (4.2.3). So a node that comes back
 * from behind a partition deposes nobody.
 */
import type { NodeId } from '../../src/core/ids.ts';
import { since } from '../../src/core/time.ts';
import type { PreVote, PreVoteReply, TimeoutNow, Vote, VoteReply } from './dialect.ts';
import { takeOffice } from './leader.ts';
import type { RaftNode } from './node.ts';

/** The timer is set once per wait and not at every sign of the leader; so it may come early, and then waits on. */
export function onElectionTimer(node: RaftNode): void {
  if (node.role.kind === 'leader') return;
  const left = since(node.now, node.patienceEnds);
  if (left > 0) node.effects.setTimer('election', left);
  else if (mayCampaign(node)) askAround(node);
  else node.renewPatience();
}

/** The leader hands over: no pre-vote, and no loyalty to it (dissertation, 3.10 and 4.2.3). */
export function onTimeoutNow(node: RaftNode, { term }: TimeoutNow): void {
  if (term === node.term && node.role.kind === 'follower' && node.membership.includesSelf) campaign(node, true);
}

export function onPreVote(node: RaftNode, from: NodeId, { term: proposed, lastTerm, lastIndex }: PreVote): void {
  const granted = proposed > node.term && !node.isSheltered && isUpToDate(node, lastTerm, lastIndex);
  node.effects.send(from, { type: 'pre-vote-reply', term: node.term, proposed, granted });
}

export function onPreVoteReply(node: RaftNode, from: NodeId, reply: PreVoteReply): void {
  if (reply.term > node.term) return node.follow(reply.term, null);
  if (node.role.kind !== 'pre-candidate' || !reply.granted || reply.proposed !== node.term + 1) return;
  node.role.grants.add(from);
  if (node.role.grants.size >= node.membership.majority) campaign(node, false);
}

export function onVote(node: RaftNode, from: NodeId, { term, lastTerm, lastIndex, transfer }: Vote): void {
  // The term is not taken over either, or a leader that is well would be deposed by the next append's reply.
  if (node.isSheltered && transfer !== true && term >= node.term) return;
  if (term > node.term) node.follow(term, null);
  const isFree = node.vote === null || node.vote === from;
  const granted = term === node.term && isFree && isUpToDate(node, lastTerm, lastIndex);
  if (granted) {
    if (node.vote === null) node.save(term, from);
    node.follow(term, null);
    node.quietSince = node.now;
  }
  node.effects.send(from, { type: 'vote-reply', term: node.term, granted });
}

export function onVoteReply(node: RaftNode, from: NodeId, reply: VoteReply): void {
  if (reply.term > node.term) return node.follow(reply.term, null);
  if (node.role.kind !== 'candidate' || !reply.granted || reply.term !== node.term) return;
  node.role.votes.add(from);
  if (node.role.votes.size >= node.membership.majority) takeOffice(node);
}

function askAround(node: RaftNode): void {
  const grants = new Set<NodeId>(ownVote(node));
  node.leader = null;
  node.role = { kind: 'pre-candidate', grants };
  node.renewPatience();
  const { lastIndex, lastTerm } = node.log;
  for (const other of node.membership.others)
    node.effects.send(other, { type: 'pre-vote', term: node.term + 1, lastIndex, lastTerm });
  if (grants.size >= node.membership.majority) campaign(node, false);
}

function campaign(node: RaftNode, isTransfer: boolean): void {
  const votes = new Set<NodeId>(ownVote(node));
  node.save(node.term + 1, node.self);
  node.leader = null;
  node.role = { kind: 'candidate', votes };
  node.renewPatience();
  const { term } = node;
  const { lastIndex, lastTerm } = node.log;
  for (const other of node.membership.others)
    node.effects.send(other, { type: 'vote', term, lastIndex, lastTerm, ...(isTransfer ? { transfer: true } : {}) });
  if (votes.size >= node.membership.majority) takeOffice(node);
}

/** Who was removed does not count its own vote. */
const ownVote = (node: RaftNode): readonly NodeId[] => (node.membership.includesSelf ? [node.self] : []);

/**
 * A server that was removed must still be able to lead until that is committed: perhaps nobody else's log will do
 * (dissertation, 4.2.2 and figure 4.6).
 */
const mayCampaign = ({ membership, commit }: RaftNode): boolean => membership.includesSelf || membership.index > commit;

const isUpToDate = ({ log, settings }: RaftNode, lastTerm: number, lastIndex: number): boolean =>
  log.isUpToDate(lastTerm, settings.mistakes.has('vote-for-shorter-log') ? Infinity : lastIndex);
