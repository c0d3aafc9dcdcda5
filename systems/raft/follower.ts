import { invariant } from '../../src/core/errors.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Append, Rejected } from './dialect.ts';
import type { RaftNode } from './node.ts';

/** Takes over the leader's entries if the logs agree before them (paper, 5.3 and figure 2, AppendEntries). */
export function onAppend(node: RaftNode, from: NodeId, append: Append): void {
  if (append.term < node.term) return node.effects.send(from, { type: 'outdated', term: node.term });
  invariant(
    append.term > node.term || node.role.kind !== 'leader',
    () => `${from} leads term ${node.term}, and so do I`,
  );
  node.follow(append.term, from);
  node.quietSince = node.now;
  if (node.log.termAt(append.previousIndex) !== append.previousTerm) return reject(node, from, append);
  takeOver(node, append);
  const match = append.previousIndex + append.entries.length;
  // Behind `match` the log may still hold what another leader sent, so that nothing there is known to be committed.
  node.commitTo(Math.min(append.commit, match));
  const { term, round } = append;
  node.effects.send(from, { type: 'append-reply', term, round, accepted: true, match });
}

/** Entries that are there already stay: the append may be an old one, and the log rightly longer. */
function takeOver(node: RaftNode, { previousIndex, entries }: Append): void {
  for (let offset = 0; offset < entries.length; offset++) {
    const index = previousIndex + 1 + offset;
    if (node.log.termAt(index) === entries[offset]?.term) continue;
    return node.replaceFrom(index, offset === 0 ? entries : entries.slice(offset));
  }
}

function reject(node: RaftNode, to: NodeId, { term, previousIndex, round }: Append): void {
  const conflictTerm = node.log.termAt(previousIndex) ?? null;
  const conflictIndex = conflictTerm === null ? node.log.lastIndex + 1 : node.log.firstIndexOf(conflictTerm);
  const reply: Rejected = {
    type: 'append-reply',
    term,
    round,
    accepted: false,
    previousIndex,
    conflictTerm,
    conflictIndex,
  };
  node.effects.send(to, reply);
}
