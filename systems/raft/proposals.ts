import type { RequestId } from '../../src/protocol/protocol.ts';
import { advanceCommit } from './commitment.ts';
import type { Command } from './dialect.ts';
import type { RaftNode } from './node.ts';
import type { Office } from './office.ts';
import { replicate } from './replication.ts';

/** Appends a command and sends it off; the request is answered when the command was applied, or the office is lost. */
export function propose(node: RaftNode, office: Office, command: Command, request?: RequestId): void {
  const index = node.append({ term: node.term, command });
  if (request !== undefined) office.commands.set(index, request);
  if (command.kind === 'members') countVoters(node, office);
  replicate(node, office);
  if (node.membership.others.length === 0) advanceCommit(node, office);
}

/** A server that was removed still hears from the leader, so that it learns of it, but it does not count. */
function countVoters(node: RaftNode, office: Office): void {
  for (const follower of office.followers) {
    const stillCounts = follower.isVoter && node.settings.mistakes.has('commit-without-new-config');
    follower.isVoter = node.membership.includes(follower.id) || stillCounts;
  }
}
