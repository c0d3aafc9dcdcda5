/** What the pool and its threads say to each other. */
import type { ModelName } from '../models/catalogue.ts';
import type { Operation, Value } from '../history/operation.ts';
import type { Verdict } from '../verdict.ts';
import type { KeyHistory } from './key-history.ts';

export interface WorkerSetup {
  readonly model: ModelName;
  readonly initial: Value;
  /** On the shared clock. */
  readonly deadline: number;
  /** This thread's share. */
  readonly bytes: number;
  readonly witness: boolean;
}

/** Milliseconds. Other than `performance.now`, it shows the same in every thread. */
export const sharedClock = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

/** A key with its place among all. */
export interface NumberedHistory {
  readonly number: number;
  readonly history: KeyHistory;
}

/** Some of the operations of a key. */
export interface NumberedPart {
  readonly number: number;
  readonly key: Value;
  readonly operations: readonly Operation[];
}

export type ToWorker =
  /** Part of a batch. A key with many operations comes in several parts, one after the other. */
  | { readonly kind: 'part'; readonly keys: readonly NumberedPart[] }
  /** The batch is complete. */
  | { readonly kind: 'begin' }
  /** After the last batch: nothing more will come. */
  | { readonly kind: 'finish' };

export type FromWorker =
  | { readonly kind: 'decided'; readonly number: number; readonly verdict: Verdict }
  /** The first slices of a batch are over; the hard keys of it still wait. */
  | { readonly kind: 'ready' };
