/**
 * What can be wrong, by its names in the literature (Adya, "Weak Consistency", MIT 1999; Elle, VLDB 2020), and the
 * counterexample that shows it.
 */
import type { Operation } from '../history/operation.ts';
import type { TransactionModel } from './models.ts';

export type DirectAnomaly =
  /** Aborted read: it saw what a transaction wrote that surely did not happen. */
  | 'G1a'
  /** Intermediate read: it saw what a transaction wrote over itself. */
  | 'G1b'
  /** It saw what nobody wrote. */
  | 'garbage'
  /** It saw a value under another version than its write made. */
  | 'incompatible-version'
  /** Two transactions were acknowledged that replaced the same version: one write is gone. */
  | 'lost-update'
  /** The same, where one of them was only seen. */
  | 'duplicate-version'
  /** A transaction that contradicts itself. */
  | 'internal';

/** Cycles: of writes that replace each other; also of reads of them; with one read that missed a write; with several. */
export type CycleName = 'G0' | 'G1c' | 'G-single' | 'G2-item';

export type Anomaly = DirectAnomaly | CycleName | `${CycleName}-process` | `${CycleName}-realtime`;

export type TransactionEdgeRule =
  /** The second replaced what the first had written. */
  | 'ww'
  /** The second saw what the first had written. */
  | 'wr'
  /** The first saw what the second replaced. */
  | 'rw'
  /** One process did them in this order. */
  | 'process'
  /** The first had ended before the second began. */
  | 'realtime';

export interface TransactionEdge {
  /** Ids of operations: the first comes before the second. */
  readonly from: number;
  readonly to: number;
  readonly rule: TransactionEdgeRule;
  /** For people: a clause without a full stop. */
  readonly why: string;
}

export interface TransactionCounterexample {
  readonly model: TransactionModel;
  readonly anomaly: Anomaly;
  /** One English sentence. */
  readonly sentence: string;
  /** The operations of the story, by invocation. */
  readonly operations: readonly Operation[];
  /** Each edge ends where the next begins, and the last where the first does. Empty where the sentence says it all. */
  readonly cycle: readonly TransactionEdge[];
  /** Found again from the operations alone, by code that shares nothing with the check. */
  readonly verified: boolean;
}
