/**
 * Membership changes, one server at a time (dissertation, 4.1 to 4.3). The majorities of two configurations that
 * differ in one server have a node in common, so it does not matter who already uses which. That holds for neighbours
 * only: a change begins when the one before is committed, and, which the dissertation's first version missed (Ongaro,
 * "bug in single-server membership changes", raft-dev 2015), when an entry of the leader's own term is, because a
 * change that an earlier leader has begun may else come back beside it.
 *
 * A server that is to be added first gets the log as a listener that does not count, in at most ten rounds, each of
 * which brings what was appended during the one before; it is added when a round took less than an election timeout
 * (4.2.1). A server that was removed goes on listening for the rest of the leader's term, so that it learns of it.
 */
import type { NodeId } from '../../src/core/ids.ts';
import { codes } from '../../src/protocol/outcomes.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import { confirmChange } from './commitment.ts';
import type { RaftNode } from './node.ts';
import { newFollower } from './office.ts';
import type { ChangeType, Follower, Office } from './office.ts';
import { propose } from './proposals.ts';
import { probe } from './replication.ts';
import { refuseAsBusy } from './transfer.ts';

const mostRounds = 10;

export function onChange(node: RaftNode, office: Office, request: RequestId, type: ChangeType, server: NodeId): void {
  if (office.change !== null || office.transfer !== null) return refuseAsBusy(node, office, request);
  const { membership, commit } = node;
  if (commit < office.noOp || membership.index > commit)
    return refuse(node, request, codes.temporarilyUnavailable, 'What came before is not committed yet');
  if (membership.includes(server) === (type === 'add_server')) return confirmChange(node, request, type);
  if (type === 'add_server') return beginRounds(node, office, request, server);
  if (membership.members.length === 1)
    return refuse(node, request, codes.malformedRequest, `${server} is the only member`);
  appendMembers(node, office, request, type, server);
}

/** To be called when a follower has acknowledged something. */
export function continueChange(node: RaftNode, office: Office, follower: Follower): void {
  const { change } = office;
  if (change?.kind !== 'catching-up' || change.node !== follower.id || follower.match < change.target) return;
  const isFast = node.now - change.roundBegan < node.settings.electionMin;
  if (isFast) return appendMembers(node, office, change.request, 'add_server', change.node);
  if (change.round === mostRounds) return giveUp(node, office);
  change.round++;
  change.target = node.log.lastIndex;
  change.roundBegan = node.now;
}

/** To be called now and then: gives up on a new server that says nothing. */
export function checkChange(node: RaftNode, office: Office): void {
  const { change } = office;
  if (change?.kind !== 'catching-up') return;
  const server = office.followers.find(({ id }) => id === change.node);
  if (server === undefined || node.officeNow - server.heardAt >= node.settings.electionMax) giveUp(node, office);
}

function beginRounds(node: RaftNode, office: Office, request: RequestId, server: NodeId): void {
  let follower = office.followers.find(({ id }) => id === server);
  if (follower === undefined) {
    follower = newFollower(server, node.log.lastIndex + 1, node.officeNow, false);
    follower.streaming = false;
    office.followers.push(follower);
  }
  follower.heardAt = node.officeNow;
  const target = node.log.lastIndex;
  office.change = { kind: 'catching-up', node: server, request, round: 1, target, roundBegan: node.now };
  probe(node, office, follower);
}

function appendMembers(node: RaftNode, office: Office, request: RequestId, type: ChangeType, server: NodeId): void {
  const { membership, nodes, log } = node;
  // In the order of all nodes, so that every way to the same members gives the same list.
  const members = nodes.filter((id) => (id === server ? type === 'add_server' : membership.includes(id)));
  office.change = { kind: 'appended', type, index: log.lastIndex + 1, request };
  propose(node, office, { kind: 'members', members });
}

/** Definite: nothing was appended. */
function giveUp(node: RaftNode, office: Office): void {
  const { change } = office;
  if (change?.kind !== 'catching-up') return;
  office.change = null;
  const at = office.followers.findIndex(({ id }) => id === change.node);
  if (at !== -1) office.followers.splice(at, 1);
  refuse(node, change.request, codes.temporarilyUnavailable, `${change.node} did not catch up`);
}

const refuse = (node: RaftNode, request: RequestId, code: number, text: string): void =>
  node.effects.reply(request, errorBody(code, text));
