/**
 * The vocabulary of two-phase commit, in the words of the course notes (section 13, 3.2) and of Gray ("Notes on Data
 * Base Operating Systems", 1978, 5.8.3.3): what a coordinator and its workers say to each other, and their journal.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';
import type { Transaction, TransactionId } from './transactions.ts';

export interface TwoPhaseDialect {
  readonly message: TwoPhaseMessage;
  readonly record: TwoPhaseRecord;
  readonly timer: 'upkeep';
}

export type TwoPhaseMessage = Prepare | Vote | Global | Ack | Ask;

export type Decision = 'commit' | 'abort';

/** PREPARE, also called VOTE-REQ: can you commit this? */
export interface Prepare {
  readonly type: 'prepare';
  readonly transaction: Transaction;
  /** The oldest transaction of this coordinator that is not over: every worker has acknowledged the older ones. */
  readonly oldest: TransactionId;
}

/** A worker that votes commit has locked the keys, and will do whatever the coordinator decides. */
export interface Vote {
  readonly type: 'vote-commit' | 'vote-abort';
  readonly id: TransactionId;
}

/** What the coordinator has decided, for good. */
export interface Global {
  readonly type: 'global-commit' | 'global-abort';
  readonly ids: readonly TransactionId[];
}

/** The worker has done so, and remembers. */
export interface Ack {
  readonly type: 'ack';
  readonly ids: readonly TransactionId[];
}

/** A worker that has voted commit, and waits: what has been decided? */
export interface Ask {
  readonly type: 'ask';
  readonly ids: readonly TransactionId[];
}

/** The journal: what a restart reads back, in order. */
export type TwoPhaseRecord =
  /** Of a worker: it votes commit. Of the coordinator, who is a worker, too: it is about to ask for votes. */
  | ({ readonly kind: 'prepare' } & Transaction)
  /** GLOBAL-COMMIT or GLOBAL-ABORT; or that this worker has voted abort. */
  | { readonly kind: Decision; readonly id: TransactionId }
  /** Of the coordinator: every worker has acknowledged. */
  | { readonly kind: 'end'; readonly id: TransactionId }
  /** What a journal that begins anew says of what is over: the value of a key, and how far coordinators have come. */
  | { readonly kind: 'value'; readonly key: string; readonly value: Json; readonly version: number }
  | { readonly kind: 'oldest'; readonly coordinator: NodeId; readonly id: TransactionId };
