/**
 * What a new configuration means for a node: its neighbours, and all that it knew of them, are those of a new epoch; its
 * lease is over; whether it holds all that was committed before has to be shown once more. Who is out of the chain for good
 * forgets what it does not know to be committed, since a new head may give those places to something else.
 */
import { codes } from '../../src/protocol/outcomes.ts';
import { errorBody } from '../../src/protocol/wire.ts';
import { stopFetching } from './catch-up.ts';
import { acknowledge, settleTail } from './commitment.ts';
import { isOut } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { greet, newLink } from './link.ts';
import type { CraqNode } from './node.ts';
import { refuseReads } from './reads.ts';

/** Takes over a committed configuration, unless it is an older one. */
export function adopt(node: CraqNode, configuration: Configuration): void {
  const before = node.configuration;
  if (configuration.revision <= before.revision) return;
  node.store.configure(configuration, node.effects);
  node.hasNews = true;
  if (configuration.epoch > before.epoch) beginEpoch(node);
  else if (isOut(configuration, node.self)) node.store.cut(node.store.committed, node.effects);
}

/** To be called at the start of a life, too. */
export function beginEpoch(node: CraqNode): void {
  node.lease.end();
  node.link = newLink();
  // Nobody comes before the head, and it is of the last active chain.
  node.isFollowing = node.isHead;
  node.isCurrent = node.isHead;
  node.copies.clear();
  stopFetching(node);
  refuseReads(node, 'The chain has changed');
  if (isOut(node.configuration, node.self)) node.store.cut(node.store.committed, node.effects);
  if (!node.isHead) failWaiting(node);
  settleTail(node);
  acknowledge(node);
  greet(node);
}

/** What this node has put in order may have gone down the chain, so that no definite code is true. */
function failWaiting(node: CraqNode): void {
  const text = `${node.self} lost its office before this was committed`;
  for (const requests of node.waiting.values())
    for (const request of requests) node.effects.reply(request, errorBody(codes.crash, text));
  node.waiting.clear();
}
