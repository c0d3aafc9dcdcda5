/** A cluster of processes on this machine, and all that it opened: closed in one place, also when half of it is there. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { realClock } from '../../runtimes/real/clock.ts';
import type { NodeConfig } from '../../runtimes/real/node-config.ts';
import { exitCodes } from '../../runtimes/real/exit-codes.ts';
import type { Cluster, Deployment, Finding } from '../environment.ts';
import { openLinks } from '../link-proof.ts';
import { Membership } from '../membership.ts';
import { Control } from './control.ts';
import { linkName, Links } from './links.ts';
import { LocalFaults } from './local-faults.ts';
import { LocalNode } from './local-node.ts';
import { LocalWorld } from './local-world.ts';
import { OwnerFile } from './owners.ts';
import { socketFolder } from './socket-folder.ts';
import { Supervisor } from './supervisor.ts';
import { observe } from './waiting.ts';

/** Milliseconds. */
const exitPatience = 1_000;

export class LocalCluster implements Cluster {
  readonly nodes: readonly NodeId[];
  readonly world: LocalWorld;
  readonly faults: LocalFaults;
  readonly #deployment: Deployment;
  readonly #folder: string;
  readonly #epoch = Date.now();
  readonly #owner: OwnerFile;
  readonly #supervisor: Supervisor;
  readonly #links: Links;
  readonly #control: Control;
  readonly #nodes: ReadonlyMap<NodeId, LocalNode>;
  readonly #findings: Finding[] = [];
  #disposal: Promise<void> | null = null;

  /** Starts nothing but its servants. `program`: the compiled program of a node. */
  constructor(deployment: Deployment, program: string) {
    this.#deployment = deployment;
    this.nodes = deployment.nodes;
    this.#folder = socketFolder(deployment.nodes);
    this.#owner = ownerOf(this.#folder);
    this.#supervisor = new Supervisor();
    this.#links = new Links();
    for (const path of [this.#folder, this.#owner.path]) this.#supervisor.tell({ kind: 'remove', path });
    this.world = new LocalWorld(realClock(this.#epoch), (node) => this.#socket(node, 'clients'));
    this.#control = new Control(this.world);
    this.#nodes = new Map(deployment.nodes.map((name) => [name, this.#node(name, program)]));
    const { system } = deployment;
    const { nodes, world } = this;
    this.faults = new LocalFaults({
      nodes: this.#nodes,
      links: this.#links,
      control: this.#control,
      membership: (faults) => new Membership({ system, nodes, world, faults }),
    });
  }

  /** Opens the links and starts all nodes; rejects with the log's tail of one that did not. */
  async start(signal: AbortSignal): Promise<void> {
    const pairs = openLinks(this.nodes, () => false);
    await this.#links.open(
      pairs.map(([from, to]) => ({
        name: linkName([from, to]),
        listen: this.#linkSocket(from, to),
        target: this.#socket(to, 'peers'),
      })),
    );
    signal.throwIfAborted();
    await Promise.all([...this.#nodes.values()].map((node) => node.settle()));
  }

  async run(start: (finish: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => start(resolve));
    await this.#noticeExits();
  }

  findings(): readonly Finding[] {
    return this.#findings;
  }

  trace(): null {
    return null;
  }

  get supervisor(): number | undefined {
    return this.#supervisor.pid;
  }

  /** The pids of the nodes that run now. */
  pids(): ReadonlyMap<NodeId, number> {
    const pids = [...this.#nodes].map(([name, { pid }]) => [name, pid] as const);
    return new Map(pids.filter((entry): entry is readonly [NodeId, number] => entry[1] !== null));
  }

  /** Idempotent. Every step has its own deadline, and the failure of one does not keep the others from being taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    await this.#disposal;
  }

  async #dispose(): Promise<void> {
    const failures: string[] = [];
    const attempt = async (step: () => unknown): Promise<void> => {
      try {
        await step();
      } catch (error) {
        failures.push(messageOf(error));
      }
    };
    await attempt(() => Promise.all([...this.#nodes.values()].map((node) => node.close())));
    await attempt(() => this.#control.close());
    await attempt(() => this.world.close());
    await attempt(() => this.#links.close());
    await attempt(() => this.#supervisor.close());
    await attempt(() => rmSync(this.#folder, { recursive: true, force: true }));
    await attempt(() => this.#owner.remove());
    if (failures.length > 0)
      throw new HarnessError(`The local cluster could not be cleaned up: ${failures.join('; ')}`);
  }

  /** A process is gone a moment before its parent hears of it; a finding must not be missed for that. */
  async #noticeExits(): Promise<void> {
    const noticed = [...this.#nodes.values()].map(async (node) => {
      if (!node.well) return;
      const answers = await this.#control.inspect(node.name).then(
        () => true,
        () => false,
      );
      if (!answers) await observe(exitPatience, () => (node.pid === null ? true : null));
    });
    await Promise.all(noticed);
  }

  #node(name: NodeId, program: string): LocalNode {
    const folder = join(this.#deployment.directory ?? this.#folder, name);
    return new LocalNode({
      name,
      program,
      folder,
      config: (life) => this.#config(name, life, join(folder, 'data')),
      wanted: () => this.faults.wanted(name),
      answers: () => this.#control.inspect(name),
      onStarted: (process) => {
        this.#owner.add(process);
        this.#supervisor.tell({ kind: 'started', process });
      },
      onGone: (process) => {
        this.#owner.delete(process);
        this.#supervisor.tell({ kind: 'gone', process });
      },
      onExit: (code, text) => {
        if (code === exitCodes.diskFailed) return;
        const kind = code === exitCodes.crashed ? 'crash' : 'exit';
        this.#findings.push({ kind, node: name, at: this.world.now(), text });
      },
    });
  }

  #config(self: NodeId, life: number, directory: string): NodeConfig {
    const { system, options, bug, nodes, seed } = this.#deployment;
    return {
      system: system.name,
      options,
      sync: bug?.sync ?? 'always',
      self,
      nodes,
      members: nodes,
      life,
      seed,
      epoch: this.#epoch,
      listen: { peers: `unix:${this.#socket(self, 'peers')}`, clients: `unix:${this.#socket(self, 'clients')}` },
      peers: Object.fromEntries(
        nodes.filter((peer) => peer !== self).map((peer) => [peer, `unix:${this.#linkSocket(self, peer)}`]),
      ),
      directory,
      logLevel: 'events',
      exitWithStdin: true,
    };
  }

  #socket(node: NodeId, of: 'peers' | 'clients'): string {
    return join(this.#folder, `${node}.${of}`);
  }

  #linkSocket(from: NodeId, to: NodeId): string {
    return join(this.#folder, `${from}-${to}`);
  }
}

/** The folder is of no use, and known to nobody, when its owner cannot be written down. */
function ownerOf(folder: string): OwnerFile {
  try {
    return new OwnerFile(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
