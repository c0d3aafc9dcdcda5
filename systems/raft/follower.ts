import type { NodeId } from '../../src/core/ids.ts';
import type { Append, Entry, Rejected } from './dialect.ts';
import type { RaftNode } from './node.ts';

/** Takes over the leader's entries if the logs agree before them (paper, 5.3 and figure 2, AppendEntries). */
export function onAppend(node: RaftNode, from: NodeId, append: Append): void {
  const { term, round, entries } = append;
  if (term < node.term) return node.effects.send(from, { type: 'outdated', term: node.term });
  node.hear(term, from);
  // Up to the base all is committed, and so the leader has the same.
  const known = Math.max(0, node.log.base - append.previousIndex);
  const before = node.log.termAt(append.previousIndex);
  if (known === 0 && before !== append.previousTerm) return reject(node, from, append);
  takeOver(node, append.previousIndex + known, known === 0 ? entries : entries.slice(known));
  const match = append.previousIndex + entries.length;
  // Behind `match` the log may still hold what another leader sent, so that nothing there is known to be committed.
  node.commitTo(Math.min(append.commit, match));
  node.effects.send(from, { type: 'append-reply', term, round, accepted: true, match });
}

/** Entries that are there already stay: the append may be an old one, and the log rightly longer. */
function takeOver(node: RaftNode, previousIndex: number, entries: readonly Entry[]): void {
  for (let offset = 0; offset < entries.length; offset++) {
    const index = previousIndex + 1 + offset;
    if (node.log.termAt(index) === entries[offset]?.term) continue;
    return node.replaceFrom(index, offset === 0 ? entries : entries.slice(offset));
  }
  const end = previousIndex + entries.length;
  if (end < node.log.lastIndex && node.settings.mistakes.has('truncate-committed')) node.replaceFrom(end + 1, []);
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
