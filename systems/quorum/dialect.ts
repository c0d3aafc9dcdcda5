/**
 * The vocabulary of the quorum store: what its nodes say to each other and what they write to disk. Two rounds are all
 * that a register needs (Attiya, Bar-Noy & Dolev, "Sharing Memory Robustly in Message-Passing Systems", JACM 42(1),
 * 1995, section 3): `query` asks replicas which version they hold, `store` hands them one. The rest brings replicas
 * that missed a store up to date (DeCandia et al., "Dynamo", SOSP 2007, sections 4.6 and 4.7).
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import type { Stamp } from './stamps.ts';

export interface QuorumDialect {
  readonly message: QuorumMessage;
  readonly record: QuorumRecord;
  readonly timer: 'resend' | 'upkeep';
}

/**
 * Names a round of its coordinator, as in `2.17`: the 17th thing that was named in its second life. An answer that
 * comes after the round is over, or after the coordinator has restarted, finds no such round.
 */
export type Round = string;

/** One value of a key. What makes it newer or older than another is its stamp alone. */
export interface Version {
  readonly key: string;
  readonly stamp: Stamp;
  readonly value: Json;
}

/** How far a replica has come with a key. */
export interface Held {
  readonly key: string;
  readonly stamp: Stamp;
}

export type QuorumMessage = Query | QueryReply | Store | StoreReply | HandOff | HandedOff | Digest | Push;

/** Asks a replica what it holds for the key; nothing changes by it. */
export interface Query {
  readonly type: 'query';
  readonly round: Round;
  readonly key: string;
}

export interface QueryReply {
  readonly type: 'query-reply';
  readonly round: Round;
  /** Null: it has never heard of the key. */
  readonly version: Version | null;
}

/** Wants the version on the replica's disk, or a newer one; the answer says that it is there. */
export interface Store {
  readonly type: 'store';
  readonly round: Round;
  readonly version: Version;
}

export interface StoreReply {
  readonly type: 'store-reply';
  readonly round: Round;
}

/** Hands a replica what it missed while it was away (Dynamo, 4.6). */
export interface HandOff {
  readonly type: 'hand-off';
  readonly versions: readonly Version[];
}

/** Says that these are on the replica's disk, or newer ones. True for ever, however late it comes. */
export interface HandedOff {
  readonly type: 'handed-off';
  readonly held: readonly Held[];
}

/** What the sender holds of all keys k with after < k <= until; null is no bound (anti-entropy.ts). */
export interface Digest {
  readonly type: 'digest';
  readonly after: string | null;
  readonly until: string | null;
  readonly held: readonly Held[];
}

/** Newer versions that nobody waits for, by read repair or anti-entropy; and the keys of which the sender wants the same. */
export interface Push {
  readonly type: 'push';
  readonly versions: readonly Version[];
  readonly wanted: readonly string[];
}

/** What a restart reads back, in order: a later record about the same replaces an earlier one. */
export type QuorumRecord =
  | ({ readonly kind: 'version' } & Version)
  /** The other replica may lack this version of the key. */
  | ({ readonly kind: 'hint'; readonly to: NodeId } & Held)
  /** The hint for this replica and key is settled. */
  | { readonly kind: 'handed-off'; readonly to: NodeId; readonly key: string };
