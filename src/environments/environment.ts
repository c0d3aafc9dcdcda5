/** Where a cluster runs: simulated, as local processes, in containers. The harness knows this interface only. */
import type { NodeId } from '../core/ids.ts';
import type { Cancel, Duration, Instant } from '../core/time.ts';
import type { Attempt } from '../protocol/client.ts';
import type { SystemOptions } from '../protocol/protocol.ts';
import type { Bug, System } from '../protocol/system.ts';
import type { ClientId, RequestBody, ResponseBody } from '../protocol/wire.ts';
import type { FaultKind, Faults, FaultVariety } from './faults.ts';

export type EnvironmentName = 'sim' | 'local' | 'docker';

export type Lacks = ReadonlyMap<FaultVariety, string>;

export interface Environment {
  readonly name: EnvironmentName;
  /** What it can break. */
  readonly faults: ReadonlySet<FaultKind>;
  /** What it cannot do of a kind that it can break, and why, in whole sentences that say what to do. */
  readonly lacks?: Lacks;
  /** Starts the nodes. Rejects with the tail of the log of a node that died at start. */
  deploy(deployment: Deployment, signal: AbortSignal): Promise<Cluster>;
}

export interface Deployment {
  readonly system: System;
  readonly options: SystemOptions;
  readonly bug: Bug | null;
  readonly nodes: readonly NodeId[];
  readonly seed: number;
  /** Where node logs and data go, one folder per node; null where nothing is kept on disk. */
  readonly directory: string | null;
  /** What the network between the nodes is like by itself. Only the simulation can make it; absent: its ordinary one. */
  readonly weather?: Partial<Weather>;
}

/** The network when no fault disturbs it: every frame by itself. Shares are from 0 to 1. */
export interface Weather {
  /** The ordinary delay of a frame is uniform in this range. */
  readonly delay: readonly [least: Duration, most: Duration];
  /** The share of frames that take up to `slowest` instead. */
  readonly slowShare: number;
  readonly slowest: Duration;
  readonly loss: number;
  readonly duplication: number;
}

export interface Cluster extends AsyncDisposable {
  readonly nodes: readonly NodeId[];
  readonly world: World;
  readonly faults: Faults;
  /**
   * Runs the world: `start` is called once and arranges all that follows through `world`; the promise resolves when it
   * calls `finish`. The simulation pumps its loop here, the others wait. After an abort, `world` goes on until `finish`.
   */
  run(start: (finish: () => void) => void): Promise<void>;
  /** What went wrong in the system by itself: a throw in a step, a node that exited unbidden. */
  findings(): readonly Finding[];
  /**
   * What went wrong around the system, in whole sentences: an engine that vanished, a container that did not start. It is
   * never the system's fault; the run ends with the first, and is inconclusive. Absent where nothing can.
   */
  troubles?(): readonly string[];
  /** Events that the simulation has taken and the hash of their trace; null elsewhere. */
  trace(): { readonly events: number; readonly hash: string } | null;
  /** How often which kind of input reached a node in which role, as `append > follower`; only where that is cheap. */
  inputs?(): { readonly [pair: string]: number };
}

export interface Finding {
  readonly kind: 'crash' | 'exit' | 'storm';
  /** Empty where it is the fault of no single node. */
  readonly node: NodeId | '';
  readonly at: Instant;
  readonly text: string;
}

/** The control node's side of the world. Only its monotonic clock times operations. */
export interface World {
  now(): Instant;
  after(delay: Duration, fire: () => void): Cancel;
  /** Opens the way from one client to every node. Nothing arrives after `close`. */
  connect(client: ClientId, receive: ClientReceiver): ClientConnection;
}

export interface ClientReceiver {
  reply(attempt: Attempt, body: ResponseBody): void;
  undeliverable(attempt: Attempt, when: 'before' | 'after', why: string): void;
}

export interface ClientConnection {
  /** The body goes out with `msg_id: attempt`. */
  request(attempt: Attempt, node: NodeId, body: RequestBody): void;
  close(): void;
}
