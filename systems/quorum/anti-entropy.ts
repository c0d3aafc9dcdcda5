/**
 * Anti-entropy (Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987, section 1.3, in its
 * push-pull form; Dynamo, 4.7). A replica tells a peer which versions it holds of a range of keys; the peer sends those
 * of which it has newer ones and asks for those of which it has older ones. So whatever one replica holds comes to all,
 * also when nobody remembers who missed it.
 *
 * Dynamo compares Merkle trees, which spare sending the stamps of millions of keys that are the same. Here a digest is
 * the plain list of stamps, a range of at most `batch` keys at a time: there are hundreds of keys, a list shows what it
 * does, and it has no depth to choose and no hashes to bring up to date. Peers take turns, all of them for each range.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Digest, Held, Push, Version } from './dialect.ts';
import type { QuorumNode, Step } from './node.ts';
import { isNewer } from './stamps.ts';

/** Where a node has got to in its rounds of the others. */
export interface Turn {
  /** The peer that is next. */
  peer: number;
  /** Below the range that is compared now. */
  after: string | null;
}

export function sendDigest({ peers, replica, settings }: QuorumNode, turn: Turn, { effects }: Step): void {
  const peer = peers[turn.peer % peers.length];
  if (peer === undefined) return;
  const { after } = turn;
  const rest = replica.keys().filter((key) => after === null || key > after);
  const keys = rest.slice(0, settings.batch);
  const until = keys.length < rest.length ? (keys.at(-1) ?? null) : null;
  const held = keys.flatMap((key) => heldOf(replica.versionOf(key)));
  effects.send(peer, { type: 'digest', after, until, held });
  turn.peer = (turn.peer + 1) % peers.length;
  if (turn.peer === 0) turn.after = until;
}

export function onDigest(
  { replica, settings }: QuorumNode,
  from: NodeId,
  { after, until, held }: Digest,
  { effects }: Step,
): void {
  const theirs = new Map(held.map((one) => [one.key, one]));
  const versions = replica
    .keys()
    .filter((key) => (after === null || key > after) && (until === null || key <= until))
    .flatMap((key) => replica.versionOf(key) ?? [])
    .filter((version) => isNewer(version, theirs.get(version.key) ?? null))
    .slice(0, settings.batch);
  const wanted = held.filter((one) => isNewer(one, replica.versionOf(one.key))).map(({ key }) => key);
  if (versions.length + wanted.length > 0) effects.send(from, { type: 'push', versions, wanted });
}

export function onPush({ replica }: QuorumNode, from: NodeId, { versions, wanted }: Push, { effects }: Step): void {
  for (const version of versions) replica.takeRepair(version, effects);
  const asked = wanted.flatMap((key) => replica.versionOf(key) ?? []);
  if (asked.length > 0) effects.send(from, { type: 'push', versions: asked, wanted: [] });
}

const heldOf = (version: Version | null): readonly Held[] =>
  version === null ? [] : [{ key: version.key, stamp: version.stamp }];
