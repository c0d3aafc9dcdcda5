/** What the pool and its threads say to each other. */
import type { KeyHistory } from './key-history.ts';
import type { Budget } from './options.ts';
import type { ModelName } from '../models/catalogue.ts';
import type { Value } from '../history/operation.ts';
import type { Verdict } from '../verdict.ts';

export interface WorkerSetup {
  readonly model: ModelName;
  readonly initial: Value;
  /** This thread's share; the milliseconds count from its start. */
  readonly budget: Budget;
}

export interface NumberedHistory extends KeyHistory {
  readonly number: number;
}

/** `finish` after the last batch: nothing more will come. */
export type ToWorker =
  | { readonly kind: 'batch'; readonly keys: readonly NumberedHistory[] }
  | { readonly kind: 'finish' };

export type FromWorker =
  | { readonly kind: 'decided'; readonly number: number; readonly verdict: Verdict }
  /** The first slices of a batch are over; the hard keys of it still wait. */
  | { readonly kind: 'ready' };
