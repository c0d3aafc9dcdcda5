/**
 * Linearizable reads without a log entry: ReadIndex (dissertation, 6.4). A read must see every write that was
 * acknowledged before the read arrived. Such a write was committed by this leader, and is covered by its commit
 * index; or in an earlier term, and lies before this leader's no-op (Leader Completeness); or in a later term, by a
 * newer leader. The last case is excluded when a majority confirms this term in answer to a message that was sent
 * after the read arrived: none of them had moved to a later term by then. So a read waits for a round of appends that
 * began after it, and until the state is applied up to the commit index of its arrival and up to the no-op.
 *
 * With reads=lease, a leader whose lease holds needs no round (lease.ts), but its no-op must be committed all the same.
 *
 * One round is on the way at a time, and whatever arrives meanwhile shares the next. The queue is bounded by the
 * leader's stepping down when no majority answers it.
 */
import type { RequestId } from '../../src/protocol/protocol.ts';
import { holdsLease } from './lease.ts';
import type { RaftNode } from './node.ts';
import { agreedBy } from './office.ts';
import type { Office } from './office.ts';
import { announce } from './replication.ts';

export function onRead(node: RaftNode, office: Office, request: RequestId, key: string): void {
  const { reads, mistakes } = node.settings;
  const mayAnswer = reads === 'lease' && node.commit >= office.noOp && holdsLease(node, office);
  if (mayAnswer || mistakes.has('stale-read')) return node.answer(request, node.stateMachine.read(key));
  const index = Math.max(node.commit, office.noOp);
  office.reads.push({ request, key, index, round: office.round + 1 });
  if (office.confirmed === office.round) beginRound(node, office);
}

/** To be called when a follower confirmed a round. */
export function confirmRounds(node: RaftNode, office: Office): void {
  const confirmed = agreedBy(node, office, office.round, (follower) => follower.round);
  // When members change, another majority may have confirmed less; what was confirmed stays so.
  office.confirmed = Math.max(office.confirmed, confirmed);
  answerReads(node, office);
  const last = office.reads.at(-1);
  if (last !== undefined && last.round > office.round && office.confirmed === office.round) beginRound(node, office);
}

/** Answers the reads that are confirmed and applied. Both only grow along the queue. */
export function answerReads(node: RaftNode, office: Office): void {
  let answered = 0;
  for (const read of office.reads) {
    if (read.round > office.confirmed || read.index > node.applied) break;
    node.answer(read.request, node.stateMachine.read(read.key));
    answered++;
  }
  if (answered > 0) office.reads.splice(0, answered);
}

function beginRound(node: RaftNode, office: Office): void {
  announce(node, office);
  if (node.membership.others.length === 0) confirmRounds(node, office);
}
