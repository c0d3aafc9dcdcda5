/** What a check answers. Merged, false wins over unknown, unknown over true. */
import type { Operation, Value } from './history/operation.ts';

export type Verdict =
  /** `witness`: the ids of operations in a legal order, where it was asked for; what is not in it did not happen. */
  | { readonly valid: true; readonly witness?: readonly number[] }
  | { readonly valid: false; readonly counterexample: Counterexample }
  | { readonly valid: 'unknown'; readonly reason: UnknownReason; readonly detail: string };

export type UnknownReason = 'time' | 'memory' | 'aborted' | 'error';

export interface KeyVerdict {
  readonly key: Value;
  readonly operations: number;
  readonly verdict: Verdict;
  /** What decided it, or was at it when it was given up. Absent: nothing had begun. */
  readonly engine?: EngineName;
}

/** `search` takes every model; the others are for histories with a structure, and fast. */
export type EngineName = 'chain-zone' | 'list-append' | 'search';

export interface Analysis {
  readonly verdict: Verdict;
  /** One per key, in the order of their first invocation. */
  readonly keys: readonly KeyVerdict[];
  /** For people: `1,204 of 1,210 keys proven; key 17 undecided`. */
  readonly summary: string;
  /** How many events share their time with another. Of these nobody knows the order, unless `ties` says that it counts. */
  readonly tied: number;
  readonly milliseconds: number;
}

/** Operations that no legal order explains, few enough to read, verified again before they are handed out. */
export interface Counterexample {
  readonly key: Value;
  /** One English sentence: who saw what, and why that cannot be. */
  readonly sentence: string;
  /** The operations of the story, by invocation. The whole set has no legal order. */
  readonly operations: readonly Operation[];
  /** The operation at which every order fails; one of `operations`. */
  readonly impossible: number;
  /** The longest legal order found, with the state after each, and then the step that cannot be taken. */
  readonly order: readonly OrderStep[];
  readonly rejected: { readonly operation: number; readonly why: string };
  /** Pairs that have only one order, each with its reason. */
  readonly forced: readonly ForcedOrder[];
  /** What else could have happened, and why it did not. */
  readonly alternatives: readonly { readonly title: string; readonly why: string }[];
  /** True when the set was found to have no legal order by a second, independent method. */
  readonly verified: boolean;
  /**
   * Operations of which only the value that they left is used: they may have met any value, and have no legal order even
   * so. What made the value that they met is left out. Absent: there are none.
   */
  readonly cut?: readonly number[];
}

export interface OrderStep {
  /** The id of the operation. */
  readonly operation: number;
  /** The state after it, for people. */
  readonly state: string;
}

export interface ForcedOrder {
  readonly before: number;
  readonly after: number;
  readonly rule: 'real-time' | 'reads-from';
  readonly why: string;
}
