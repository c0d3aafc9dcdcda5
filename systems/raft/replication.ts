/**
 * How a leader brings its log to its followers (paper, 5.3). A follower is streamed to: new entries leave at once, up
 * to `maxInFlight` appends ahead of the acknowledgements; what comes while these are on the way travels together in the next
 * one. A rejection means that something was lost or that the logs differ; then the leader looks for the end of the
 * common log with empty appends, skipping a term at a time, and streams on from there. Every heartbeat is such an
 * empty append at the end of what was sent, and so detects a loss when nothing else is said. A follower that needs
 * what the leader has forgotten gets a snapshot (snapshots.ts), and until it is heard, heartbeats only.
 */
import { invariant } from '../../src/core/errors.ts';
import { advanceCommit } from './commitment.ts';
import type { Accepted, Entry, Rejected } from './dialect.ts';
import { noteRound } from './lease.ts';
import type { RaftNode } from './node.ts';
import type { Follower, Office } from './office.ts';
import { beginSnapshot, resumeSnapshot } from './snapshots.ts';

/** Sends new entries to every follower that is streamed to and has room for more. */
export function replicate(node: RaftNode, office: Office): void {
  for (const follower of office.followers) stream(node, office, follower);
}

/** Sends every follower an append without entries, in a new round. */
export function announce(node: RaftNode, office: Office): void {
  office.round++;
  noteRound(node, office);
  for (const follower of office.followers) probe(node, office, follower);
}

/** Sends one follower an append without entries. */
export function probe(node: RaftNode, office: Office, follower: Follower): void {
  stayBehindBase(node, follower);
  sendAppend(node, office, follower, []);
}

export function onAccepted(node: RaftNode, office: Office, follower: Follower, reply: Accepted): void {
  if (follower.sending !== null) {
    if (reply.match < follower.sending.snapshot.index) return resumeSnapshot(node, office, follower);
    follower.sending = null;
  }
  if (!follower.streaming) {
    follower.streaming = true;
    follower.next = reply.match + 1;
  }
  if (reply.match > follower.match) {
    follower.match = reply.match;
    follower.next = Math.max(follower.next, reply.match + 1);
    advanceCommit(node, office);
  }
  while (follower.inFlight.length > 0 && (follower.inFlight[0] as number) <= reply.match) follower.inFlight.shift();
  stream(node, office, follower);
}

/** Backs off by a whole term (paper, end of 5.3): past our last entry of the follower's term, or to where that begins. */
export function onRejected(node: RaftNode, office: Office, follower: Follower, reply: Rejected): void {
  if (follower.sending !== null) return resumeSnapshot(node, office, follower);
  const isStale = follower.streaming ? reply.previousIndex < follower.match : reply.previousIndex !== follower.next - 1;
  if (isStale) return;
  const ours = reply.conflictTerm === null ? null : node.log.lastIndexOf(reply.conflictTerm);
  // By Log Matching this is never behind the place that was rejected. The bound keeps the probe from going round in a
  // circle should a disk have lost what its node acknowledged.
  follower.next = Math.max(1, Math.min(ours === null ? reply.conflictIndex : ours + 1, reply.previousIndex));
  follower.streaming = false;
  follower.inFlight = [];
  if (stayBehindBase(node, follower)) beginSnapshot(node, office, follower);
  else sendAppend(node, office, follower, []);
}

function stream(node: RaftNode, office: Office, follower: Follower): void {
  stayBehindBase(node, follower);
  const { log, settings } = node;
  while (follower.streaming && follower.next <= log.lastIndex && follower.inFlight.length < settings.maxInFlight) {
    const entries = log.slice(follower.next, settings.maxEntriesPerAppend);
    sendAppend(node, office, follower, entries);
    follower.next += entries.length;
    follower.inFlight.push(follower.next - 1);
  }
}

/** True if the next entry is forgotten. Then the follower is asked whether it has everything up to the base. */
function stayBehindBase({ log }: RaftNode, follower: Follower): boolean {
  if (follower.next > log.base) return false;
  follower.next = log.base + 1;
  follower.streaming = false;
  follower.inFlight = [];
  return true;
}

function sendAppend(node: RaftNode, office: Office, follower: Follower, entries: readonly Entry[]): void {
  const previousIndex = follower.next - 1;
  const previousTerm = node.log.termAt(previousIndex);
  invariant(previousTerm !== undefined, () => `${follower.id} is sent entry ${follower.next} of ${node.log.lastIndex}`);
  const { term, commit } = node;
  node.effects.send(follower.id, {
    type: 'append',
    term,
    previousIndex,
    previousTerm,
    entries,
    commit,
    round: office.round,
  });
}
