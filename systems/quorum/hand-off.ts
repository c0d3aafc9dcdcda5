/**
 * Hinted hand-off (Dynamo, 4.6). Whoever coordinated a store that a replica did not answer keeps a hint, durably, and
 * hands the version over when the replica is back. Dynamo leaves the hint with another node, which stands in for the
 * one that is away, and counts it towards W (its "sloppy quorum"). Here every node is a replica anyway, so that the
 * coordinator itself keeps the hint, as in Cassandra (Lakshman & Malik, 2010), and a hint is no member of a quorum: it
 * is not where readers look.
 *
 * By itself it lets replicas converge unless a coordinator crashes between a store and its hint. Nobody knows then what
 * is missing where; that takes anti-entropy.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { HandOff, HandedOff } from './dialect.ts';
import type { QuorumNode, Step } from './node.ts';

export function handOff({ peers, replica, settings }: QuorumNode, { effects }: Step): void {
  for (const peer of peers) {
    const versions = replica.owedTo(peer, settings.batch);
    if (versions.length === 0) continue;
    effects.send(peer, { type: 'hand-off', versions });
    if (settings.mistakes.has('lost-hint')) for (const version of versions) replica.settleHint(peer, version, effects);
  }
}

export function onHandOff({ replica }: QuorumNode, from: NodeId, { versions }: HandOff, { effects }: Step): void {
  for (const version of versions) replica.take(version, effects);
  effects.send(from, { type: 'handed-off', held: versions.map(({ key, stamp }) => ({ key, stamp })) });
}

export function onHandedOff({ replica }: QuorumNode, from: NodeId, { held }: HandedOff, { effects }: Step): void {
  for (const one of held) replica.settleHint(from, one, effects);
}
