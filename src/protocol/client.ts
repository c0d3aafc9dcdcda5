/** What the author of a system's client sees: one machine per process, as pure as the nodes' own. */
import type { NodeId, ProcessId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import type { Duration, Now } from '../core/time.ts';
import type { Outcome } from './outcomes.ts';
import type { RequestBody, ResponseBody } from './wire.ts';
import type { SystemOptions } from './protocol.ts';

/** One call of a workload: its function, its key and its input. */
export interface Call {
  readonly f: string;
  /** `noKey` for a `txn`, whose parts name theirs. */
  readonly key: string;
  readonly value: Json;
}

/** Becomes the `msg_id` of its request. Never repeated by a process. */
export type Attempt = number;

export type ClientInput =
  | { readonly kind: 'invoke'; readonly call: Call }
  | { readonly kind: 'reply'; readonly attempt: Attempt; readonly body: ResponseBody }
  /** `before`: surely no byte of the request reached the node's socket. `after`: nobody knows. */
  | {
      readonly kind: 'undeliverable';
      readonly attempt: Attempt;
      readonly when: 'before' | 'after';
      readonly why: string;
    }
  | { readonly kind: 'timer'; readonly timer: string };

export interface ClientContext {
  readonly process: ProcessId;
  /** Where this process starts each operation. */
  readonly home: NodeId;
  readonly nodes: readonly NodeId[];
  /** A stream of this process. */
  readonly random: Random;
  readonly options: SystemOptions;
  /** How long one attempt may take; the next one may then go to another node. */
  readonly attemptTimeout: Duration;
  /** How long the whole operation may take. */
  readonly operationTimeout: Duration;
}

export interface ClientEffects {
  request(attempt: Attempt, node: NodeId, body: RequestBody): void;
  /** Ends the operation in progress: exactly once per invoke. `node` is the one that answered, where one did. */
  complete(outcome: Outcome, node?: NodeId): void;
  setTimer(timer: string, after: Duration): void;
  clearTimer(timer: string): void;
}

/** Has at most one operation in progress. A reply to an attempt that is not of that operation is ignored. */
export interface ClientMachine {
  step(now: Now, input: ClientInput, effects: ClientEffects): void;
}
