/** What a caller asks of a check, and the limits that it sets. */
import type { ModelName } from '../models/catalogue.ts';
import type { Value } from '../history/operation.ts';
import type { TieRule } from '../intake/time-ties.ts';

export interface CheckOptions {
  readonly model: ModelName;
  /** The value of every key before the first write. Default null, which is also what "not found" is. */
  readonly initial?: Value;
  /**
   * What events with the same time are to each other. Default `concurrent`: nobody knows which was first, so that an
   * operation is before another only where the time of its completion is over before that one is called. `ordered`: they came as they stand, as where whoever recorded them wrote one after the other.
   */
  readonly ties?: TieRule;
  readonly budget?: Partial<Budget>;
  /** Worker threads. 0: none. Default: one per processor. Small histories never leave the calling thread. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** With the verdict of each valid key an order that explains it. Default false: it costs about as much as the check. */
  readonly witness?: boolean;
}

/** For the whole check. A key that is not decided within it is `unknown`. */
export interface Budget {
  /** Default 60,000. */
  readonly milliseconds: number;
  /** An estimate of what the searches hold, over all threads. Default 1 GiB. */
  readonly bytes: number;
}

/** A check without promises has no threads and cannot be aborted. */
export type SyncCheckOptions = Omit<CheckOptions, 'workers' | 'signal'>;

export const defaultBudget: Budget = { milliseconds: 60_000, bytes: 2 ** 30 };
