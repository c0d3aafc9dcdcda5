/**
 * A transaction is told apart from all others by its coordinator, by which life of it, and by its number in that life.
 * The course notes assume channels that keep order and lose nothing; here a message can arrive long after its
 * transaction is over, even after its coordinator has crashed and come back. So no id is ever given twice, and of one
 * coordinator the ids have an order: what is older than its oldest transaction that is not over, is over.
 */
import type { NodeId } from '../../src/core/ids.ts';
import type { Json } from '../../src/core/json.ts';

export interface TransactionId {
  readonly coordinator: NodeId;
  /** Its incarnation: how often the coordinator had started when it began this. */
  readonly life: number;
  /** From 1 on in each life. */
  readonly number: number;
}

/** What a transaction leaves behind under a key. The version counts the writes of the key, from 1 on. */
export interface Write {
  readonly key: string;
  readonly value: Json;
  readonly version: number;
}

/** What every worker votes on. */
export interface Transaction {
  readonly id: TransactionId;
  /** All that it read, compared or will write: these are locked. */
  readonly keys: readonly string[];
  readonly writes: readonly Write[];
}

/** As in `n1.2.17`. */
export const nameOf = ({ coordinator, life, number }: TransactionId): string => `${coordinator}.${life}.${number}`;

/** Below 0 if the first is older. Both are of the same coordinator. */
export const compare = (one: TransactionId, other: TransactionId): number =>
  one.life - other.life || one.number - other.number;
