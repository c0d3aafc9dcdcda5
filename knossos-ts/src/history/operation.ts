/**
 * Histories as the field writes them (Jepsen): a process invokes, and later completes as `ok`, `fail` (it surely did
 * not happen) or `info` (it may have happened, then or at any later time, or never).
 */
export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [name: string]: Value };

export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

/**
 * One line of a history. Times are nanoseconds since the run began. The order of events matters to a checker; times do
 * where several events in a row have the same one (see `TieRule`).
 */
export interface HistoryEvent {
  readonly index: number;
  readonly time: number;
  readonly process: number | 'nemesis';
  readonly type: EventType;
  readonly f: string;
  /** The independent key; null for a nemesis and for histories of a single object. */
  readonly key: Value;
  /** The input at invoke, the result at ok. A cas: `[from, to]`, then a `CasResult`. */
  readonly value: Value;
  readonly error?: { readonly code: number | null; readonly text: string };
  /** The node that answered, where that is known. */
  readonly node?: string;
}

/** What a cas saw. `current` is absent where the store does not say it. */
export type CasResult = { readonly swapped: true } | { readonly swapped: false; readonly current?: Value };

/** An invocation with its completion. One that never completed is `info`. */
export interface Operation {
  /** The index of its invocation in the history: names the operation. */
  readonly id: number;
  readonly process: number;
  readonly f: string;
  readonly key: Value;
  readonly input: Value;
  readonly type: 'ok' | 'fail' | 'info';
  /** The result of an ok operation; null otherwise. */
  readonly output: Value;
  /**
   * Positions in the order of events; only these decide. Where ties are concurrent, `returned` is that of the last event
   * with the time of the completion. It is Infinity for info.
   */
  readonly called: number;
  readonly returned: number;
  /** Nanoseconds, for people. `completedAt` is the time at which an info was given up; Infinity when it never was. */
  readonly invokedAt: number;
  readonly completedAt: number;
  readonly node?: string;
}
