/**
 * What the author of a system sees. A node is a synchronous machine that performs nothing: it is handed an input and
 * says what should happen through `Effects`; the host (host.ts) makes it happen, on virtual time or on a real
 * machine. The shape follows etcd-io/raft's Ready and Maelstrom's nodes.
 */
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Json } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import type { Duration, Now } from '../core/time.ts';
import type { Body, ClientId, RequestBody, ResponseBody } from './wire.ts';

/** The vocabulary of a protocol: what its nodes say to each other and what they write to disk. All of it is JSON. */
export interface Dialect {
  readonly message: Body;
  readonly record: object;
  readonly timer: string;
}

/** Names a request until it is answered. It is never repeated within a life of a node. */
export type RequestId = number;

export type Input<D extends Dialect> =
  | { readonly kind: 'message'; readonly from: NodeId; readonly message: D['message'] }
  | { readonly kind: 'request'; readonly id: RequestId; readonly client: ClientId; readonly body: RequestBody }
  | { readonly kind: 'timer'; readonly timer: D['timer'] }
  | { readonly kind: 'scoped'; readonly scope: string; readonly input: Input<Dialect> };

export interface NodeContext {
  readonly self: NodeId;
  /** All nodes, this one and the spares included. */
  readonly nodes: readonly NodeId[];
  /** The initial configuration. A spare is not in it. */
  readonly members: readonly NodeId[];
  /** How often this node has started, this start included: 1 at first. */
  readonly life: number;
  /** A stream of this node and this life: a restart never draws the same again. */
  readonly random: Random;
  readonly options: SystemOptions;
}

/** The settings of a system after `--set` and `--bug` were applied. `bug` is null for the correct variant. */
export interface SystemOptions {
  readonly bug: string | null;
  readonly values: { readonly [name: string]: string | number | boolean };
}

export interface Protocol<D extends Dialect> {
  readonly name: string;
  /** Begins a life from the records that survived the last one, in the order in which they were persisted. */
  start(now: Now, context: NodeContext, records: Iterable<D['record']>, effects: Effects<D>): Machine<D>;
}

export interface Machine<D extends Dialect> {
  /** Takes one input. A throw is a crash of the node and a finding. */
  step(now: Now, input: Input<D>, effects: Effects<D>): void;
  /** Pure: what this node believes that it is. `primary` is the highest term that leads. */
  inspect(): Inspection;
  /** Pure: the value that this node has applied for the key, without coordination; null when there is none. */
  peek(key: string): Json;
}

/**
 * What a step may ask for. Valid only during the step it was handed to. Sends and replies are released, in order,
 * when every record persisted in this step and in earlier ones is durable; timers take effect at the end of the step.
 */
export interface Effects<D extends Dialect> {
  send(to: NodeId, message: D['message']): void;
  /** Answers a request. A second answer to the same request is dropped. */
  reply(request: RequestId, response: ResponseBody): void;
  /** Sets or resets the named timer, on this node's monotonic clock. */
  setTimer(timer: D['timer'], after: Duration): void;
  clearTimer(timer: D['timer']): void;
  /** Appends to this node's durable log. */
  persist(record: D['record']): void;
  /** Replaces the whole durable log, atomically: a crash leaves wholly the old one or wholly the new one. */
  compact(records: readonly D['record'][]): void;
  /**
   * The effects of a child machine (raft inside craq) and the records that it had persisted. Its messages, timers and
   * requests come to the parent as `scoped` inputs, to be passed on. Each scope is a log of its own.
   */
  scope<E extends Dialect>(name: string): { readonly effects: Effects<E>; readonly records: Iterable<E['record']> };
}
