/**
 * When a version is committed: when the tail holds it (van Renesse & Schneider 2004, section 2). But only while the tail
 * has a lease, or one that was taken out of the chain would commit what its successors do not know.
 */
import type { CraqNode } from './node.ts';

/** What the tail holds is committed. */
export function settleTail(node: CraqNode): void {
  if (node.isTail && node.mayServe) commitTo(node, node.store.last);
}

/** The tail has come so far: tells who waits for it here, and the predecessor. */
export function commitTo(node: CraqNode, seq: number): void {
  const { store } = node;
  const before = store.committed;
  for (const { seq: at, change } of store.commitTo(seq, node.effects)) {
    const waiting = node.waiting.get(at);
    if (waiting === undefined) continue;
    node.waiting.delete(at);
    const response = change.kind === 'open-session' ? { type: 'open_session_ok', session: at } : change.response;
    for (const request of waiting) node.effects.reply(request, response);
  }
  if (store.committed > before) acknowledge(node);
}

/** Tells the predecessor how much this node has, and how far the tail is. */
export function acknowledge(node: CraqNode, hasGap = false): void {
  const { predecessor, epoch, store } = node;
  if (predecessor === null) return;
  const { last: have, committed } = store;
  const asks = node.isFollowing ? null : node.life;
  node.send(predecessor, { type: 'acknowledge', epoch, have, committed, hasGap, asks });
}
