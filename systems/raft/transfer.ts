/**
 * Leadership transfer (dissertation, 3.10): the leader takes no more commands, brings its heir's log to its own end,
 * and tells it to campaign at once. If it still leads after the shortest election timeout, it takes commands again.
 *
 * The heir's votes override everybody's loyalty, and with it what a lease relies on. So the lease ends where the
 * transfer begins, and does not come back in this term: a `timeout-now` that was delayed may start that election at
 * any time later. In a later term it does no harm. It is for its own term only; an election that it starts is for the
 * next term; and a leader of that term or a later one has been voted for, or has been acknowledged, by a majority
 * that has reached it, so that the heir cannot win any more.
 */
import { codes } from '../../src/protocol/outcomes.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { RequestId } from '../../src/protocol/protocol.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import type { RaftNode } from './node.ts';
import type { Office } from './office.ts';

export function onTransfer(node: RaftNode, office: Office, request: RequestId, to: NodeId): void {
  if (office.transfer !== null || office.change !== null) return refuseAsBusy(node, office, request);
  if (!office.followers.some(({ id, isVoter }) => id === to && isVoter))
    return node.effects.reply(request, errorBody(codes.malformedRequest, `${to} is no other member`));
  office.leaseEnded = true;
  office.transfer = { to, request, began: node.now, told: false };
  continueTransfer(node, office);
}

/** To be called when a follower has acknowledged something. */
export function continueTransfer(node: RaftNode, { transfer, followers }: Office): void {
  if (transfer === null || transfer.told) return;
  const heir = followers.find(({ id }) => id === transfer.to);
  if (heir?.match !== node.log.lastIndex) return;
  transfer.told = true;
  node.effects.send(transfer.to, { type: 'timeout-now', term: node.term });
}

/** To be called now and then: gives up after an election timeout. The heir that was told may still be elected. */
export function checkTransfer(node: RaftNode, office: Office): void {
  const { transfer } = office;
  if (transfer === null || node.now - transfer.began < node.settings.electionMin) return;
  office.transfer = null;
  const code = transfer.told ? codes.crash : codes.temporarilyUnavailable;
  node.effects.reply(transfer.request, errorBody(code, `${transfer.to} did not take over in time`));
}

/** Definite: nothing was begun for this request. */
export function refuseAsBusy(node: RaftNode, { transfer }: Office, request: RequestId): void {
  const text =
    transfer === null ? 'Another change of members is under way' : `${node.self} is handing over to ${transfer.to}`;
  node.effects.reply(request, errorBody(codes.temporarilyUnavailable, text));
}
