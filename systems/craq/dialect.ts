/**
 * The vocabulary of CRAQ: what its nodes say to each other and what they write to disk. All versions of all keys stand in
 * one order, that of the head; `seq` is a place in it, from 1 on. So "the version of key k that is committed" is "the
 * newest one of k that is not behind the place up to which the tail has come".
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import type { ResponseBody } from '../../src/protocol/wire.ts';
import type { Configuration } from './configuration.ts';

export interface CraqDialect {
  readonly message: CraqMessage;
  readonly record: CraqRecord;
  readonly timer: 'tick';
}

export type CraqMessage =
  | Renew
  | Grant
  | Announce
  | Update
  | Acknowledge
  | VersionQuery
  | VersionReply
  | Fetch
  | Copy
  | Part;

/** Says that the sender is alive and how far it is, and asks the keeper of the configuration for a lease. */
export interface Renew {
  readonly type: 'renew';
  /** Names the question: the life of the sender and a count. */
  readonly life: number;
  readonly number: number;
  /** The newest configuration that the sender knows; it will never again act under an older one. */
  readonly epoch: number;
  /** Of a member: it holds all that was committed before, and follows the head. Of another: it has caught up. */
  readonly isCurrent: boolean;
  /** The successor, if it has been silent for long. */
  readonly missing: NodeId | null;
}

/** The configuration as of some moment after the question was asked. A lease, for a member if it is active. */
export interface Grant {
  readonly type: 'grant';
  readonly life: number;
  readonly number: number;
  readonly configuration: Configuration;
}

/** A committed configuration, from whoever keeps it. No lease. */
export interface Announce {
  readonly type: 'announce';
  readonly configuration: Configuration;
}

/** From a node to its successor: entries from `from` on, or none, as a sign of life that asks for an answer. */
export interface Update {
  readonly type: 'update';
  readonly epoch: number;
  readonly from: number;
  readonly entries: readonly Entry[];
  /** The end of the sender's log, and the place up to which it can only send a copy of its state. */
  readonly last: number;
  readonly base: number;
  /** Whether the sender holds all that was committed before this epoch, and follows its head's log. */
  readonly isCurrent: boolean;
  /** Answers an acknowledgement that asks for it. */
  readonly outline: Outline | null;
}

/** Which entries the sender holds behind what it knows to be committed: their epochs say which they are. */
export interface Outline {
  /** Of the node that asked: what it has acknowledged in earlier lives is among these entries. */
  readonly life: number;
  readonly committed: number;
  /** In order: entries of the epoch, up to the place. */
  readonly runs: readonly { readonly epoch: number; readonly until: number }[];
}

/** From a node to its predecessor: it holds everything up to `have`, and the tail has come up to `committed`. */
export interface Acknowledge {
  readonly type: 'acknowledge';
  readonly epoch: number;
  readonly have: number;
  readonly committed: number;
  /** Something came that does not follow what it has: what lies between is lost, or late. */
  readonly hasGap: boolean;
  /** Does not follow the predecessor's log yet, in this life and epoch, and asks for its outline: the life. */
  readonly asks: number | null;
}

/** Asks the tail how far it is (Terrace & Freedman 2009, section 2.3). */
export interface VersionQuery {
  readonly type: 'version-query';
  readonly epoch: number;
  readonly life: number;
  readonly number: number;
}

export interface VersionReply {
  readonly type: 'version-reply';
  readonly epoch: number;
  readonly life: number;
  readonly number: number;
  readonly committed: number;
}

/**
 * From who wants to join, or has joined and lacks what its predecessor does not keep any more: asks for what is committed
 * behind `have`, or for the next part of a copy that has begun.
 */
export interface Fetch {
  readonly type: 'fetch';
  readonly epoch: number;
  readonly have: number;
  readonly copy: { readonly seq: number; readonly offset: number } | null;
}

/** Committed entries behind what the asker has. */
export interface Copy {
  readonly type: 'copy';
  readonly epoch: number;
  readonly from: number;
  readonly entries: readonly Entry[];
  /** How far the sender knows the tail to be. */
  readonly committed: number;
}

/** A part of the sender's committed state, where the entries are forgotten. */
export interface Part {
  readonly type: 'part';
  readonly epoch: number;
  /** The place that the state is as of, which names the copy. */
  readonly seq: number;
  /** How many items came before these. */
  readonly offset: number;
  readonly items: readonly Item[];
  readonly isLast: boolean;
}

/** A piece of the committed state. Sessions stand in the order of their last use. */
export type Item =
  | { readonly kind: 'version'; readonly key: string; readonly seq: number; readonly value: Json }
  | {
      readonly kind: 'session';
      readonly session: number;
      readonly sequence: number;
      readonly response: ResponseBody | null;
    };

export interface Entry {
  readonly seq: number;
  /** Of the configuration whose head gave it its place. */
  readonly epoch: number;
  readonly change: Change;
}

/** What a request came to, decided by the head. Whoever holds it can answer a retry, too. */
export type Change =
  /** Opens a client session whose id is the place of this entry. */
  | { readonly kind: 'open-session' }
  | {
      readonly kind: 'version';
      readonly key: string;
      readonly value: Json;
      readonly session: number;
      readonly sequence: number;
      readonly response: ResponseBody;
    }
  /** A cas that was refused. It stands in the order so that a retry is refused, too, and so that its answer waits. */
  | {
      readonly kind: 'refusal';
      readonly session: number;
      readonly sequence: number;
      readonly response: ResponseBody;
    };

/** What a restart reads back, in order. `compact` begins anew with `state`. */
export type CraqRecord =
  | { readonly kind: 'state'; readonly seq: number; readonly items: readonly Item[] }
  /** And how far the tail was known to be then. */
  | { readonly kind: 'entries'; readonly entries: readonly Entry[]; readonly committed: number }
  /** Entries behind this place were never committed, and never will be. */
  | { readonly kind: 'cut'; readonly after: number }
  | { readonly kind: 'configuration'; readonly configuration: Configuration };
