/** A cluster of processes on this machine, with a proxy on every link between them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeId } from '../../core/ids.ts';
import type { Address } from '../../runtimes/real/address.ts';
import type { Deployment } from '../environment.ts';
import { linkName, openLinks } from '../link-proof.ts';
import { nodeConfigOf } from '../real/node-config-of.ts';
import type { Ground } from '../real/real-cluster.ts';
import { RealCluster } from '../real/real-cluster.ts';
import { Supervisor } from '../real/supervisor.ts';
import { Links } from './links.ts';
import { OwnerFile } from './owners.ts';
import { ProcessVessel } from './process-vessel.ts';
import { socketFolder } from './socket-folder.ts';

export class LocalCluster extends RealCluster {
  readonly #ground: LocalGround;

  /** Starts nothing but its servants. `program`: the compiled program of a node. */
  constructor(deployment: Deployment, program: string) {
    const ground = new LocalGround(deployment, program);
    super(deployment, ground);
    this.#ground = ground;
  }

  get supervisor(): number | undefined {
    return this.#ground.supervisor.pid;
  }

  /** The pids of the nodes that run now. */
  pids(): ReadonlyMap<NodeId, number> {
    const pids = [...this.#ground.vessels].map(([name, { pid }]) => [name, pid] as const);
    return new Map(pids.filter((entry): entry is readonly [NodeId, number] => entry[1] !== null));
  }
}

class LocalGround implements Ground {
  readonly title: string = 'local';
  readonly epoch: number = Date.now();
  readonly folder: string;
  readonly links: Links;
  readonly supervisor: Supervisor;
  readonly vessels: Map<NodeId, ProcessVessel> = new Map();
  readonly closing: Ground['closing'];
  readonly #deployment: Deployment;
  readonly #program: string;
  readonly #owner: OwnerFile;

  constructor(deployment: Deployment, program: string) {
    this.#deployment = deployment;
    this.#program = program;
    this.folder = socketFolder(deployment.nodes);
    this.#owner = ownerOf(this.folder);
    this.supervisor = new Supervisor(new URL('./supervisor-program.js', import.meta.url));
    this.links = new Links();
    for (const path of [this.folder, this.#owner.path]) this.supervisor.tell(path, { kind: 'remove', path });
    this.closing = [
      () => this.links.close(),
      () => this.supervisor.close(),
      () => rmSync(this.folder, { recursive: true, force: true }),
      () => this.#owner.remove(),
    ];
  }

  addressOf(node: NodeId): Address {
    return { kind: 'unix', path: this.#socket(node, 'clients') };
  }

  vesselOf(name: NodeId, folder: string): ProcessVessel {
    const vessel = new ProcessVessel({
      program: this.#program,
      folder,
      config: (life) =>
        nodeConfigOf(this.#deployment, {
          self: name,
          life,
          epoch: this.epoch,
          listen: { peers: `unix:${this.#socket(name, 'peers')}`, clients: `unix:${this.#socket(name, 'clients')}` },
          peer: (other) => `unix:${this.#linkSocket(name, other)}`,
          directory: join(folder, 'data'),
        }),
      onStarted: (process) => {
        this.#owner.add(process);
        this.supervisor.tell(String(process.pid), { kind: 'started', process });
      },
      onGone: (process) => {
        this.#owner.delete(process);
        this.supervisor.forget(String(process.pid), { kind: 'gone', process });
      },
    });
    this.vessels.set(name, vessel);
    return vessel;
  }

  async prepare(): Promise<void> {
    const pairs = openLinks(this.#deployment.nodes, () => false);
    await this.links.open(
      pairs.map(([from, to]) => ({
        name: linkName([from, to]),
        listen: this.#linkSocket(from, to),
        target: this.#socket(to, 'peers'),
      })),
    );
  }

  #socket(node: NodeId, of: 'peers' | 'clients'): string {
    return join(this.folder, `${node}.${of}`);
  }

  #linkSocket(from: NodeId, to: NodeId): string {
    return join(this.folder, `${from}-${to}`);
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
