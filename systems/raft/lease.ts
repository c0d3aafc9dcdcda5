/**
 * Leases (dissertation, 6.4.1): a leader reads from its own state, without asking anybody, while no other leader can
 * have been elected. A follower that hears from its leader refuses its vote and its pre-vote to everybody else for
 * `electionMin` by its own monotonic clock, whatever term it has reached meanwhile, and after a restart, when it does
 * not know what it has promised, for as long from its start. It begins later than the round that it answers was sent;
 * so from then on the leader has `lease`, which is shorter by what two clocks may drift apart (settings.ts). Whoever
 * is elected needs a vote of the majority that answered. When members change, the majority is that of the present
 * members, which has a node in common with every majority that could elect another leader: of the present members,
 * or, as long as these are not committed, of those before.
 *
 * An election that the leader itself has asked for overrides this loyalty (transfer.ts); so it gives its lease up, and
 * for the whole of its term, because the message that asks for it may be on its way for however long.
 */
import type { RaftNode } from './node.ts';
import { agreedBy } from './office.ts';
import type { Follower, Office } from './office.ts';

export function holdsLease(node: RaftNode, office: Office): boolean {
  if (office.leaseEnded) return false;
  const vouchedAt = agreedBy(node, office, node.officeNow, (follower) => follower.vouchedAt);
  return node.officeNow - vouchedAt < node.settings.lease;
}

/** To be called when the latest round begins. Rounds that could give no lease any more are forgotten. */
export function noteRound(node: RaftNode, { sent, round }: Office): void {
  if (node.settings.reads !== 'lease') return;
  const expired = sent.findIndex(({ at }) => node.officeNow - at < node.settings.lease);
  sent.splice(0, expired === -1 ? sent.length : expired);
  sent.push({ round, at: node.officeNow });
}

/** To be called when a follower has confirmed a round. */
export function vouch({ sent }: Office, follower: Follower): void {
  const at = sent.find(({ round }) => round === follower.round)?.at;
  if (at !== undefined) follower.vouchedAt = at;
}
