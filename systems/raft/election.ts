/**
 * How a leader is elected (paper, 5.2 and 5.4.1), with the pre-vote of the dissertation's section 9.6: a node first
 * asks whether it could win, and raises its term only if a majority would vote for it. Whoever has heard from a
 * leader within the shortest election timeout answers no, to the vote itself, too (4.2.3). So a node that comes back
 * from behind a partition deposes nobody.
 */
import type { NodeId } from '../../src/core/ids.ts';
import { since } from '../../src/core/time.ts';
import type { PreVote, PreVoteReply, Vote, VoteReply } from './dialect.ts';
import { takeOffice } from './leader.ts';
import type { RaftNode } from './node.ts';

/** The timer is set once per wait and not at every sign of the leader; so it may come early, and then waits on. */
export function onElectionTimer(node: RaftNode): void {
  if (node.role.kind === 'leader') return;
  const left = since(node.now, node.patienceEnds);
  if (left > 0) node.effects.setTimer('election', left);
  else askAround(node);
}

export function onPreVote(node: RaftNode, from: NodeId, { term: proposed, lastTerm, lastIndex }: PreVote): void {
  const granted = proposed > node.term && !node.isSheltered && node.log.isUpToDate(lastTerm, lastIndex);
  node.effects.send(from, { type: 'pre-vote-reply', term: node.term, proposed, granted });
}

export function onPreVoteReply(node: RaftNode, from: NodeId, reply: PreVoteReply): void {
  if (reply.term > node.term) return node.follow(reply.term, null);
  if (node.role.kind !== 'pre-candidate' || !reply.granted || reply.proposed !== node.term + 1) return;
  node.role.grants.add(from);
  if (node.role.grants.size >= node.majority) campaign(node);
}

export function onVote(node: RaftNode, from: NodeId, { term, lastTerm, lastIndex }: Vote): void {
  // The term is not taken over either, or a leader that is well would be deposed by the next append's reply.
  if (node.isSheltered && term >= node.term) return;
  if (term > node.term) node.follow(term, null);
  const isFree = node.vote === null || node.vote === from;
  const granted = term === node.term && isFree && node.log.isUpToDate(lastTerm, lastIndex);
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
  if (node.role.votes.size >= node.majority) takeOffice(node);
}

function askAround(node: RaftNode): void {
  node.leader = null;
  node.role = { kind: 'pre-candidate', grants: new Set([node.self]) };
  node.renewPatience();
  const { lastIndex, lastTerm } = node.log;
  for (const other of node.others)
    node.effects.send(other, { type: 'pre-vote', term: node.term + 1, lastIndex, lastTerm });
  if (node.majority === 1) campaign(node);
}

function campaign(node: RaftNode): void {
  node.save(node.term + 1, node.self);
  node.role = { kind: 'candidate', votes: new Set([node.self]) };
  node.renewPatience();
  const { lastIndex, lastTerm } = node.log;
  for (const other of node.others) node.effects.send(other, { type: 'vote', term: node.term, lastIndex, lastTerm });
  if (node.majority === 1) takeOffice(node);
}
