/** What a system is to the harness: its machines, what it promises under given options, and its planted bugs. */
import type { ConsistencyModel, TransactionModel } from 'knossos-ts';
import { invariant } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Json } from '../core/json.ts';
import { type Duration, milliseconds } from '../core/time.ts';
import type { ClientContext, ClientMachine } from './client.ts';
import type { RequestBody, ResponseBody } from './wire.ts';
import type { Dialect, Protocol, SystemOptions } from './protocol.ts';

/** Those of knossos-ts; and that replicas which are left alone come to agree on values that were issued. */
export type ModelName = ConsistencyModel | TransactionModel | 'eventual';

/**
 * A question and its answer, each as slow as a frame ordinarily ever is. A system whose options make it wait less than
 * that may give everything up for ever, and says nothing of its recovery.
 */
export const slowExchange: Duration = milliseconds(100);

export interface Claim {
  readonly model: ModelName;
  /** The functions that the claim is about. */
  readonly operations: readonly string[];
  /** A fault beyond these leaves the model reported, not judged. Absent: no limit. */
  readonly assumes: {
    /** Of any node's clock, as a share: 0.01 is 1%. */
    readonly maxDrift?: number;
    /** How many nodes may be down or cut off at once. */
    readonly maxDown?: number;
    /** No node is killed, and no disk fails. To be cut off, or paused, is no crash. */
    readonly noCrash?: true;
  };
  /**
   * How long after the last fault has healed the cluster serves again, in ordinary weather; as soon does a healthy set
   * that `live` names when it is left alone. Absent: it does not say, and a cluster that stays away is no finding.
   */
  readonly recoversWithin?: Duration;
  /**
   * Of `eventual`: how long after the last fault has healed so many keys may take to be the same at all nodes, at most.
   * Absent: within what the harness waits anyway.
   */
  convergesWithin?(keys: number): Duration;
  /** Which functions must succeed while exactly these nodes are well and connected. */
  live(healthy: readonly NodeId[], nodes: readonly NodeId[]): readonly string[];
}

/** A mistake that real implementations made, as a named variant of one visible line. */
export interface Bug {
  readonly name: string;
  /** What is wrong and how it shows, in one sentence. */
  readonly summary: string;
  /** The nemeses that bring it to light. */
  readonly nemeses: readonly string[];
  /** Options that it needs; the correct twin runs with the same. */
  readonly options: SystemOptions['values'];
  /** How many nodes it needs, where it does not show with any number. */
  readonly nodeCount?: number;
  /** Seconds between two faults, where it shows only when they come in quick succession. */
  readonly nemesisInterval?: number;
  /** The workload whose histories show it; absent: the ordinary one. */
  readonly workload?: string;
  /** `every-second`: the host writes and syncs the log once a second and releases outputs at once (host rule 8). */
  readonly sync?: 'every-second';
}

export interface OptionDefinition {
  readonly name: string;
  readonly summary: string;
  readonly fallback: string | number | boolean;
  /** The allowed words of a text option. */
  readonly choices?: readonly string[];
  /** The allowed range of a number. */
  readonly range?: readonly [least: number, most: number];
  /**
   * Values that exploring draws from, where the user has not set the option: those that reach what the fallback seldom
   * does, as a snapshot every few entries. They must not change which model is claimed;
   * what it assumes, they may.
   */
  readonly explored?: readonly (string | number | boolean)[];
  /**
   * Of a workload: how large the share of this function is among its calls; 0 leaves it out. Unless it is set, it is 0
   * where the system does not understand the function.
   */
  readonly shareOf?: string;
  /** A number need not be a whole one. */
  readonly fractions?: boolean;
}

/** What every system says of itself. */
interface SystemFace {
  readonly name: string;
  readonly summary: string;
  client(context: ClientContext): ClientMachine;
  /** Throws a UsageError on options that contradict each other, or that so many nodes cannot have. */
  claims(options: SystemOptions, nodes: readonly NodeId[]): readonly Claim[];
  /** What a reader of the report should know of these options, in whole sentences. Absent: nothing. */
  remarks?(options: SystemOptions, nodes: readonly NodeId[]): readonly string[];
  readonly options: readonly OptionDefinition[];
  /**
   * Options that a reader should compare with the defaults, besides each choice of an option by itself: combinations,
   * and numbers that change what is promised.
   */
  readonly combinations?: readonly SystemOptions['values'][];
  readonly bugs: readonly Bug[];
  /** The functions that its client understands. */
  readonly operations: readonly string[];
  /** What `inspect` calls the roles that faults can be aimed at, beside the primary. Absent: none. */
  readonly roles?: readonly string[];
  /** What a reader of the report should know of the counters that its nodes show, summed up over nodes and lives. */
  figures?(counters: { readonly [name: string]: number }): readonly string[];
}

/** One of ours: runs in every environment. */
export interface ProtocolSystem<D extends Dialect> extends SystemFace {
  readonly kind: 'protocol';
  readonly protocol: Protocol<D>;
  /**
   * How a node is taken in or out, and, where that can be done, how the leadership is handed to one: requests that any
   * node takes (with code 11 and a hint where it cannot). And the members as `inspect` shows them. Absent: none of it
   * can be done.
   */
  readonly membership?: {
    change(change: { readonly type: 'add' | 'remove'; readonly node: NodeId }): RequestBody;
    transfer?(to: NodeId): RequestBody;
    members(inspection: Inspection): readonly NodeId[];
  };
}

/** The one documented erasure: the registry forgets the dialect, which only the host that runs a protocol needs. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyProtocolSystem = ProtocolSystem<any>;

/**
 * Somebody else's: an image of its own, in containers only. Its client machine speaks in requests as any other; what
 * carries them to a node is `connect`, which speaks the service's own language.
 */
export interface ServiceSystem extends SystemFace {
  readonly kind: 'service';
  /** TCP ports on which a node takes its peers, which cuts drop, and the one on which it takes clients. */
  readonly ports: { readonly peers: readonly number[]; readonly clients: number };
  launch(place: ServicePlace): ServiceLaunch;
  /** Rejects where no byte of a request can have left. */
  connect(host: string, port: number): Promise<ServiceConnection>;
  /** The ready check: what the node believes that it is. Rejects when it does not serve yet. */
  inspect(connection: ServiceConnection): Promise<Inspection>;
  /** What this node has for the key by itself; absent: it cannot be asked. */
  peek?(connection: ServiceConnection, key: string): Promise<Json>;
  readonly membership?: undefined;
}

export interface ServicePlace {
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly options: SystemOptions;
  /** Where the others are reached on the cluster's network. */
  readonly addressOf: (node: NodeId) => string;
  /** All that it can write on but /tmp and /run; outlives its process. */
  readonly directory: string;
}

export interface ServiceLaunch {
  /** Is pulled where the engine does not have it. */
  readonly image: string;
  readonly command: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  /** Written before its first life, by their paths in the directory. */
  readonly files?: { readonly [path: string]: string };
}

/** Requests may be made at the same time. */
export interface ServiceConnection {
  /** Rejects where it cannot be known whether the request took effect. */
  request(body: RequestBody): Promise<ResponseBody>;
  close(): void;
}

export type System = AnyProtocolSystem | ServiceSystem;

/** Throws for a service: it has no protocol that a host of ours could run. */
export function asProtocol(system: System): AnyProtocolSystem {
  invariant(system.kind === 'protocol', () => `${system.name} is a service, which runs in containers only`);
  return system;
}
