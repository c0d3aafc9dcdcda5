/** A cluster of real nodes, and all that it opened: closed in one place, also when half of it is there. */
import { join } from 'node:path';
import { HarnessError, messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Address } from '../../runtimes/real/address.ts';
import { realClock } from '../../runtimes/real/clock.ts';
import { exitCodes } from '../../runtimes/real/exit-codes.ts';
import type { Cluster, Deployment, Finding } from '../environment.ts';
import type { FaultKind, Link } from '../faults.ts';
import { Membership } from '../membership.ts';
import { Control } from './control.ts';
import type { FaultsOfKind, RealParts } from './real-faults.ts';
import { RealFaults } from './real-faults.ts';
import type { Vessel } from './real-node.ts';
import { RealNode } from './real-node.ts';
import { framesTo, RealWorld } from './real-world.ts';
import { requestsTo } from './service-channel.ts';
import { observe } from './waiting.ts';

/** What the nodes of a cluster stand on: processes and proxies, or containers and their networks. */
export interface Ground {
  /** Completes the sentence "The ... cluster could not be cleaned up". */
  readonly title: string;
  /** The begin of the run in milliseconds since 1970. */
  readonly epoch: number;
  /** Where the nodes' folders go when the deployment keeps nothing. */
  readonly folder: string;
  readonly links: RealParts['links'];
  addressOf(node: NodeId): Address;
  /** What it failed in by itself, in whole sentences. */
  troubles?(): readonly string[];
  /** `folder`: where the node's log is. */
  vesselOf(node: NodeId, folder: string): Vessel;
  /** Faults besides the ordinary ones. */
  more?(parts: CommonParts): ReadonlyMap<FaultKind, FaultsOfKind>;
  /** Before any node is started. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Resolves when this node can be started; without it, all can when `prepare` has resolved. */
  standing?(node: NodeId): Promise<void>;
  /** When all nodes have answered: what was left for later can be done. Never throws. */
  settled?(): void;
  /** While the nodes are still there; then when they are gone. Every step is taken, whatever becomes of the others. */
  readonly closing: readonly (() => unknown)[];
}

/** What faults of every kind may ask. */
export interface CommonParts extends Pick<RealParts, 'nodes' | 'links' | 'control'> {
  readonly isCut: (link: Link) => boolean;
}

/** Milliseconds. */
const exitPatience = 1_000;

export class RealCluster implements Cluster {
  readonly nodes: readonly NodeId[];
  readonly world: RealWorld;
  readonly faults: RealFaults;
  readonly #ground: Ground;
  readonly #control: Control;
  readonly #nodes: ReadonlyMap<NodeId, RealNode>;
  readonly #findings: Finding[] = [];
  readonly #troubles: string[] = [];
  #disposal: Promise<void> | null = null;

  /** Starts nothing. */
  constructor(deployment: Deployment, ground: Ground) {
    this.#ground = ground;
    this.nodes = deployment.nodes;
    const { system } = deployment;
    const addressOf = (node: NodeId): Address => ground.addressOf(node);
    const open = system.kind === 'service' ? requestsTo(system, addressOf) : framesTo(addressOf);
    this.world = new RealWorld(realClock(ground.epoch), open);
    this.#control = new Control(this.world);
    this.#nodes = new Map(
      deployment.nodes.map((name) => [name, this.#node(name, join(deployment.directory ?? ground.folder, name))]),
    );
    const parts = { nodes: this.#nodes, links: ground.links, control: this.#control };
    const { nodes, world } = this;
    const more =
      ground.more?.({ ...parts, isCut: (link) => this.faults.isCut(link) }) ?? new Map<FaultKind, FaultsOfKind>();
    this.faults = new RealFaults({
      ...parts,
      takesProbes: system.kind === 'protocol',
      more,
      membership: (faults) => new Membership({ system, nodes, world, faults }),
    });
  }

  /** Starts all nodes; rejects with the log's tail of one that did not. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#ground.prepare(signal);
    signal.throwIfAborted();
    const started = [...this.#nodes.values()].map(async (node) => {
      await this.#ground.standing?.(node.name);
      signal.throwIfAborted();
      await node.settle();
    });
    await Promise.all(started);
    this.#ground.settled?.();
  }

  async run(start: (finish: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => start(resolve));
    await this.#noticeExits();
  }

  findings(): readonly Finding[] {
    return this.#findings;
  }

  troubles(): readonly string[] {
    return [...this.#troubles, ...(this.#ground.troubles?.() ?? [])];
  }

  trace(): null {
    return null;
  }

  /** Idempotent. Every step has its own deadline, and the failure of one does not keep the others from being taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    await this.#disposal;
  }

  async #dispose(): Promise<void> {
    const failures: string[] = [];
    const steps = [
      () => Promise.all([...this.#nodes.values()].map((node) => node.close())),
      () => this.#control.close(),
      () => this.world.close(),
      ...this.#ground.closing,
    ];
    for (const step of steps)
      try {
        await step();
      } catch (error) {
        failures.push(messageOf(error));
      }
    if (failures.length > 0)
      throw new HarnessError(`The ${this.#ground.title} cluster could not be cleaned up: ${failures.join('; ')}`);
  }

  /** A node is gone a moment before we hear of it; a finding must not be missed for that. */
  async #noticeExits(): Promise<void> {
    const noticed = [...this.#nodes.values()].map(async (node) => {
      if (!node.well) return;
      const answers = await this.#control.inspect(node.name).then(
        () => true,
        () => false,
      );
      if (!answers) await observe(exitPatience, () => (node.isAlive ? null : true));
    });
    await Promise.all(noticed);
  }

  #node(name: NodeId, folder: string): RealNode {
    return new RealNode({
      name,
      folder,
      vessel: this.#ground.vesselOf(name, folder),
      wanted: () => this.faults.wanted(name),
      answers: () => this.#control.inspect(name),
      onExit: ({ code, how, isTrouble }, text) => {
        // What the disk of a node is worth is this machine's business, and not the system's.
        const kind = code === exitCodes.crashed ? 'crash' : 'exit';
        if (code === exitCodes.diskFailed) this.#troubles.push(`The disk failed: ${text}`);
        else if (isTrouble === true) this.#troubles.push(`${name} ${how}.`);
        else this.#findings.push({ kind, node: name, at: this.world.now(), text });
      },
    });
  }
}

/** Starts the cluster that `make` makes; takes it down again when that fails or is aborted. */
export async function startCluster<C extends RealCluster>(make: () => C, signal: AbortSignal): Promise<C> {
  signal.throwIfAborted();
  const cluster = make();
  const dispose = (): void => void cluster[Symbol.asyncDispose]().catch(() => null);
  signal.addEventListener('abort', dispose);
  try {
    await cluster.start(signal);
    signal.throwIfAborted();
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', dispose);
  }
}
