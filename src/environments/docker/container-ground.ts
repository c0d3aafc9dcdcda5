/**
 * What a cluster of containers stands on: a network of its own, per node a holder that owns the network namespace, a
 * container that joins it and may change nothing there, and a volume. All of it is labelled with its owner.
 */
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';
import { HarnessError, messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Address } from '../../runtimes/real/address.ts';
import type { Deployment } from '../environment.ts';
import type { FaultKind } from '../faults.ts';
import type { CommonParts, Ground } from '../real/real-cluster.ts';
import type { FaultsOfKind } from '../real/real-faults.ts';
import { Supervisor } from '../real/supervisor.ts';
import { inTime } from '../real/waiting.ts';
import { ClockFaults } from './clock-faults.ts';
import { ContainerLinks } from './container-links.ts';
import { ContainerMaker } from './container-maker.ts';
import { ContainerVessel } from './container-vessel.ts';
import type { Holder } from './holder/holder.ts';
import { keepData } from './kept-data.ts';
import type { Labels } from './labels.ts';
import { labelsOf, ownOwner } from './labels.ts';
import type { Launch } from './launch.ts';
import { launchOf } from './launch.ts';
import { removeRun } from './leftovers.ts';
import type { RunNetwork } from './network.ts';
import { createNetwork, isOwnAddress } from './network.ts';
import { PacketFaults } from './packet-faults.ts';
import type { DockerParts, Reach } from './parts.ts';
import { temporaryFolder } from './temporary-folders.ts';
import { TunnelEntrance } from './tunnel-entrance.ts';

/** Milliseconds in which an engine that is there says how a container is. */
const lookPatience = 2_000;
/**
 * Milliseconds between two holders that start their programs, each of which keeps a processor busy for a quarter of a
 * second while clients are served.
 */
const wakeEvery = 500;

export class ContainerGround implements Ground {
  readonly title: string = 'docker';
  readonly epoch: number = Date.now();
  readonly folder: string = temporaryFolder('docker');
  readonly links: ContainerLinks;
  readonly closing: Ground['closing'];
  readonly run: string = randomBytes(4).toString('hex');
  readonly supervisor: Supervisor;
  readonly #parts: DockerParts;
  readonly #deployment: Deployment;
  readonly #launch: Launch;
  readonly #labels: Labels = labelsOf(this.run, ownOwner());
  readonly #maker: ContainerMaker;
  readonly #holders = new Map<NodeId, Holder>();
  readonly #containers = new Map<NodeId, Docker.Container>();
  readonly #addresses = new Map<NodeId, Address>();
  readonly #entrances: TunnelEntrance[] = [];
  #network: RunNetwork | null = null;
  /** Of each node, when all that it stands on is there. */
  #standing: ReadonlyMap<NodeId, Promise<void>> = new Map();
  /** Resolves when nothing is being made any more. */
  #prepared: Promise<unknown> = Promise.resolve();
  /**
   * The engine spends most of the start of a cluster on the networks of the holders. It gets enough of them to keep its
   * machine busy and no more, so that the first nodes serve, and elect, while the last ones are made.
   */
  readonly #starts: LimitFunction;
  readonly #troubles: string[] = [];
  #closing = false;
  readonly #closed = new AbortController();

  constructor(deployment: Deployment, parts: DockerParts) {
    this.#parts = parts;
    this.#starts = pLimit(parts.engine.facts.cpus + 1);
    this.#deployment = deployment;
    // Each life of each node listens, twice; none of them stays.
    setMaxListeners(0, this.#closed.signal);
    this.#launch = launchOf({
      deployment,
      parts,
      epoch: this.epoch,
      addressOf: (node) => this.#network?.address(deployment.nodes.indexOf(node)) ?? '',
    });
    this.#maker = new ContainerMaker({ parts, launch: this.#launch, run: this.run, labels: this.#labels });
    const { peers, clients } = this.#launch.ports;
    this.links = new ContainerLinks(this.#holders, {
      cut: deployment.system.kind === 'service' ? null : peers,
      dialled: peers[0] ?? clients,
    });
    this.supervisor = new Supervisor(new URL('./supervisor-program.js', import.meta.url));
    this.supervisor.tell(this.run, { kind: 'run', run: this.run });
    this.supervisor.tell(this.folder, { kind: 'remove', path: this.folder });
    this.closing = [
      // First: no further holder is started while data is kept.
      () => (this.#closing = true),
      () => (deployment.directory === null ? null : keepData(this.#holders, deployment.directory)),
      () => this.#hangUp(),
      () => this.#remove(),
      () => this.#closed.abort(),
      () => this.supervisor.close(),
      () => rmSync(this.folder, { recursive: true, force: true }),
    ];
  }

  addressOf(node: NodeId): Address {
    return this.#addresses.get(node) ?? { kind: 'tcp', host: '127.0.0.1', port: 1 };
  }

  troubles(): readonly string[] {
    return this.#troubles;
  }

  vesselOf(node: NodeId, folder: string): ContainerVessel {
    return new ContainerVessel({
      docker: this.#parts.engine.docker,
      folder,
      container: () => this.#containers.get(node) as Docker.Container,
      prepare: async (life) => {
        const holder = this.#holders.get(node);
        if (holder === undefined) throw new HarnessError(`${node} has no network to join`);
        holder.assertThere();
        return await this.#launch.provide(node, life, holder);
      },
      memory: this.#parts.limits.memory,
      closed: this.#closed.signal,
      isStanding: async () => (await this.#lookAt(node)) === 'there',
    });
  }

  more(parts: CommonParts): ReadonlyMap<FaultKind, FaultsOfKind> {
    const common = { ...parts, holders: this.#holders };
    const all = new Map<FaultKind, FaultsOfKind>([
      ['clock', new ClockFaults({ ...common, epoch: this.epoch })],
      ['packets', new PacketFaults({ ...common, port: this.#launch.ports.peers[0] ?? 0 })],
    ]);
    return new Map([...all].filter(([kind]) => this.#parts.faults.has(kind)));
  }

  /** Makes the network, and begins with what each node stands on. */
  async prepare(signal: AbortSignal): Promise<void> {
    const preparing = this.#prepare(signal);
    this.#prepared = preparing.then(
      () => Promise.allSettled(this.#standing.values()),
      () => null,
    );
    await preparing;
  }

  async standing(node: NodeId): Promise<void> {
    await this.#standing.get(node);
  }

  settled(): void {
    void this.#wake();
  }

  /** A fault that comes before wakes the holders that it needs by itself. */
  async #wake(): Promise<void> {
    for (const holder of this.#holders.values()) {
      await sleep(wakeEvery, null, { ref: false });
      if (this.#closing) return;
      // What it cannot do it says again when a fault needs it.
      await holder.clock().catch(() => null);
    }
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const { docker } = this.#parts.engine;
    await this.#launch.prepare(signal);
    const internal = this.#parts.reach === undefined ? !this.#isDesktop : this.#parts.reach !== 'published';
    const network = await createNetwork(docker, { name: `harness-${this.run}`, labels: this.#labels, internal });
    this.#network = network;
    signal.throwIfAborted();
    const reach = this.#parts.reach ?? (await this.#reachOf(network));
    const { nodes } = this.#deployment;
    this.#standing = new Map(nodes.map((node) => [node, this.#found(node, network, reach)]));
  }

  /** Its holder, and its container, which is not started yet. */
  async #found(node: NodeId, network: RunNetwork, reach: Reach): Promise<void> {
    const address = network.address(this.#deployment.nodes.indexOf(node));
    const holder = await this.#maker.createHolder(node, network.name, address, reach);
    const parts = [
      this.#maker.createNode(node, holder).then((container) => this.#containers.set(node, container)),
      this.#starts(() => this.#start(node, holder))
        .then(() => this.#locate(node, holder, reach))
        .then((location) => this.#addresses.set(node, location)),
    ];
    // Where one fails, the others are waited for, too: what comes to be after the removal stays.
    await Promise.allSettled(parts);
    await Promise.all(parts);
  }

  /** Only one that has started is known to the others, who would wait for the answers of any. */
  async #start(node: NodeId, holder: Holder): Promise<void> {
    try {
      if (this.#closing) throw new HarnessError('The cluster was closed while it was made.');
      await holder.start();
    } catch (error) {
      holder.close();
      throw error;
    }
    this.#holders.set(node, holder);
    void holder.ended.then(() => this.#noticeEnd(node));
  }

  /** On another machine, or in a virtual one of this one, the network's addresses are not ours to reach. */
  async #reachOf({ gateway }: RunNetwork): Promise<Reach> {
    if (await isOwnAddress(gateway)) return 'addresses';
    return this.#isDesktop ? 'published' : 'tunnels';
  }

  /** In a virtual machine of this one, which publishes ports here. */
  get #isDesktop(): boolean {
    const { desktop, remote } = this.#parts.engine.facts;
    return desktop && !remote;
  }

  async #locate(node: NodeId, holder: Holder, reach: Reach): Promise<Address> {
    if (reach === 'tunnels') {
      const entrance = await TunnelEntrance.open(holder, this.#launch.ports.clients);
      this.#entrances.push(entrance);
      return entrance.address;
    }
    if (reach === 'addresses') return { kind: 'tcp', host: holder.address, port: this.#launch.ports.clients };
    const { NetworkSettings: settings } = await this.#parts.engine.docker.getContainer(holder.id).inspect();
    const port = Number(settings.Ports[`${this.#launch.ports.clients}/tcp`]?.[0]?.HostPort);
    if (!Number.isInteger(port)) throw new HarnessError(`The engine did not publish the port of ${node}.`);
    return { kind: 'tcp', host: '127.0.0.1', port };
  }

  async #lookAt(node: NodeId): Promise<'there' | 'gone' | 'silent'> {
    const running = this.#holders.get(node)?.isRunning() ?? Promise.resolve(false);
    const seen = await inTime(
      lookPatience,
      running.catch(() => null),
    );
    if (seen === null) return 'silent';
    return seen ? 'there' : 'gone';
  }

  /** Without its holder a node cannot be broken, healed or started again, and what clients see of it proves nothing. */
  async #noticeEnd(node: NodeId): Promise<void> {
    if (this.#closing) return;
    const seen = await this.#lookAt(node);
    const { endpoint } = this.#parts.engine.facts;
    const texts = {
      there: `The engine at ${endpoint} broke the connection to the network holder of ${node}.`,
      gone: `The network holder of ${node} has ended: somebody or something stopped its container.`,
      silent: `The engine at ${endpoint} does not answer any more: the connection to the network holder of ${node} broke.`,
    };
    this.#troubles.push(texts[seen]);
  }

  /** Whatever listens here, or hears of a holder. */
  #hangUp(): void {
    for (const entrance of this.#entrances) entrance.close();
    for (const holder of this.#holders.values()) holder.close();
  }

  async #remove(): Promise<void> {
    // What is just being made would come to light only afterwards.
    await this.#prepared;
    this.#hangUp();
    let failures: readonly string[];
    try {
      failures = await removeRun(this.#parts.engine.docker, this.run);
    } catch (error) {
      failures = [messageOf(error)];
    }
    if (failures.length > 0) throw new HarnessError(`${failures.join('; ')}. Remove it with: harness clean`);
    this.supervisor.forget(this.run, { kind: 'gone', run: this.run });
  }
}
