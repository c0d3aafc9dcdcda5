/**
 * What can be promised of transactions (Papadimitriou, "The Serializability of Concurrent Database Updates", JACM 26(4),
 * 1979; Herlihy & Wing 1990 for the strict kind; Daudjee & Salem 2004 for sessions). Of single operations on single
 * keys, strict serializability is linearizability.
 */
export type TransactionModel =
  /** One order explains all, and what had ended before another began comes before it. */
  | 'strict-serializable'
  /** One order explains all, and each process sees its own transactions in the order in which it did them. */
  | 'session-serializable'
  /** One order explains all. */
  | 'serializable';

/** Strongest first: each implies the ones behind it. */
export const transactionModels: readonly TransactionModel[] = [
  'strict-serializable',
  'session-serializable',
  'serializable',
];
