/**
 * Snapshots (paper, 7; dissertation, 5). When a node has applied `snapshotEvery` entries since the last one, it
 * replaces its durable log by what it has applied, followed by the entries behind it. In memory it keeps the entries
 * since the snapshot before, so that a follower that lags a little needs only these. One that lags more is sent the
 * leader's applied state, in parts of `snapshotChunk` items, each after the one before was acknowledged. The members
 * and the sessions belong to the state: without the sessions, replicas would differ in which retries they carry out.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { InstallSnapshot, Snapshot, SnapshotItem, SnapshotReply } from './dialect.ts';
import { answerWaiting } from './local-reads.ts';
import type { RaftNode } from './node.ts';
import type { Follower, Office } from './office.ts';

/** A snapshot of which a follower has received the beginning. Its leader's term and its index name it. */
export interface IncomingSnapshot {
  readonly term: number;
  readonly index: number;
  readonly items: SnapshotItem[];
}

/** To be called when entries were applied. */
export function compactIfDue(node: RaftNode): void {
  if (node.applied - node.snapshotIndex < node.settings.snapshotEvery) return;
  const before = node.snapshotIndex;
  node.rewriteDisk(snapshotOf(node));
  node.log.forgetUpTo(before);
  node.membership.forgetUpTo(before);
}

/** The follower needs entries that are forgotten. */
export function beginSnapshot(node: RaftNode, office: Office, follower: Follower): void {
  follower.sending = { snapshot: snapshotOf(node), offset: 0, sentAt: node.now };
  sendPart(node, office, follower);
}

/** The follower has said something else while parts are on their way: one may have been lost. */
export function resumeSnapshot(node: RaftNode, office: Office, follower: Follower): void {
  const { sending } = follower;
  if (sending !== null && node.now - sending.sentAt >= node.settings.heartbeat) sendPart(node, office, follower);
}

export function onSnapshotReply(node: RaftNode, office: Office, follower: Follower, reply: SnapshotReply): void {
  const { sending } = follower;
  const isLatest = sending?.snapshot.index === reply.index && sending.offset === reply.offset;
  if (sending === null || !isLatest) return;
  sending.offset = reply.received;
  sendPart(node, office, follower);
}

export function onInstallSnapshot(node: RaftNode, from: NodeId, part: InstallSnapshot): void {
  const { term, round, index, offset } = part;
  if (term < node.term) return node.effects.send(from, { type: 'outdated', term: node.term });
  node.hear(term, from);
  if (index <= node.commit) node.incoming = null;
  else {
    const incoming = incomingOf(node, part);
    const isNext = offset === incoming.items.length;
    if (isNext) for (const item of part.items) incoming.items.push(item);
    if (!isNext || !part.isLast) {
      const received = incoming.items.length;
      return node.effects.send(from, { type: 'snapshot-reply', term, round, index, offset, received });
    }
    install(node, part, incoming.items);
  }
  // What is committed here is what the leader has, up to the snapshot's end at least.
  node.effects.send(from, { type: 'append-reply', term, round, accepted: true, match: index });
}

function incomingOf(node: RaftNode, { term, index }: InstallSnapshot): IncomingSnapshot {
  if (node.incoming?.term !== term || node.incoming.index !== index) node.incoming = { term, index, items: [] };
  return node.incoming;
}

function install(node: RaftNode, { index, lastTerm, members }: InstallSnapshot, items: readonly SnapshotItem[]): void {
  const snapshot: Snapshot = { index, term: lastTerm, members, items };
  node.incoming = null;
  node.restore(snapshot);
  node.rewriteDisk(snapshot);
  answerWaiting(node);
}

function snapshotOf(node: RaftNode): Snapshot {
  const index = node.applied;
  const term = node.log.termAt(index) as number;
  return { index, term, members: node.membership.at(index), items: node.stateMachine.items() };
}

function sendPart(node: RaftNode, office: Office, follower: Follower): void {
  const { sending } = follower;
  if (sending === null) return;
  const { snapshot, offset } = sending;
  const { index, term: lastTerm, members } = snapshot;
  const items = snapshot.items.slice(offset, offset + node.settings.snapshotChunk);
  const isLast = offset + items.length === snapshot.items.length;
  sending.sentAt = node.now;
  const { term } = node;
  const { round } = office;
  node.effects.send(follower.id, {
    type: 'snapshot',
    term,
    round,
    index,
    lastTerm,
    members,
    offset,
    items,
    isLast,
  });
}
