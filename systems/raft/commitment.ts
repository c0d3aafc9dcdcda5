import type { RequestId } from '../../src/protocol/protocol.ts';
import type { RaftNode } from './node.ts';
import { agreedBy } from './office.ts';
import type { ChangeType, Office } from './office.ts';

/**
 * Commits what a majority holds, if it is of this term: an entry of an earlier term may be held by a majority and
 * still be replaced, and is committed only by one of ours behind it (paper, 5.4.2 and figure 8).
 */
export function advanceCommit(node: RaftNode, office: Office): void {
  const held = agreedBy(node, office, node.log.lastIndex, (follower) => follower.match);
  const mayCommit = node.log.termAt(held) === node.term || node.settings.mistakes.has('old-term-commit');
  if (held <= node.commit || !mayCommit) return;
  node.commitTo(held);
  const { change } = office;
  if (change?.kind !== 'appended' || change.index > node.commit) return;
  office.change = null;
  confirmChange(node, change.request, change.type);
}

/** The change is committed. */
export function confirmChange(node: RaftNode, request: RequestId, type: ChangeType): void {
  node.effects.reply(request, { type: `${type}_ok`, members: node.membership.members });
}
