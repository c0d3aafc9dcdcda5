/** The two containers of a node as they are ordered from the engine, and the volume that both of them see. */
import type Docker from 'dockerode';
import type { NodeId } from '../../core/ids.ts';
import { confinement, kept } from './attached.ts';
import { Holder, holderProgram } from './holder/holder.ts';
import type { Labels } from './labels.ts';
import type { Launch } from './launch.ts';
import { clockFile, volume } from './launch.ts';
import type { DockerParts, Reach } from './parts.ts';

export interface Site {
  readonly parts: DockerParts;
  readonly launch: Launch;
  /** All that is made is named after it. */
  readonly run: string;
  readonly labels: Labels;
}

/** Creates containers, and starts none. */
export class ContainerMaker {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  async createHolder(node: NodeId, network: string, address: string, reach: Reach): Promise<Holder> {
    const { parts, launch, run, labels } = this.#site;
    const port = `${launch.ports.clients}/tcp`;
    return await Holder.create(parts.engine.docker, `harness-${run}-${node}-net`, address, {
      ...kept,
      Image: parts.images.holder,
      Entrypoint: [...holderProgram],
      Cmd: [clockFile, parts.images.faketime ?? ''],
      Hostname: node,
      Labels: labels,
      ExposedPorts: { [port]: {} },
      HostConfig: {
        ...confinement(['NET_ADMIN']),
        NetworkMode: network,
        Mounts: [this.#mount(node)],
        ...(reach === 'published' ? { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '' }] } } : {}),
      },
      NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
    });
  }

  async createNode(node: NodeId, holder: Holder): Promise<Docker.Container> {
    const { parts, launch, run, labels } = this.#site;
    const { limits } = parts;
    return await parts.engine.docker.createContainer({
      ...kept,
      ...launch.containerOf(node),
      name: `harness-${run}-${node}`,
      Labels: labels,
      HostConfig: {
        ...confinement([]),
        NetworkMode: `container:${holder.id}`,
        Mounts: [this.#mount(node)],
        ...(limits.memory === null ? {} : { Memory: limits.memory, MemorySwap: limits.memory }),
        ...(limits.cpus === null ? {} : { NanoCpus: Math.round(limits.cpus * 1e9) }),
      },
    });
  }

  #mount(node: NodeId): Docker.MountSettings {
    const { run, labels } = this.#site;
    const options = { NoCopy: false, Labels: { ...labels }, DriverConfig: { Name: 'local', Options: {} } };
    return { Type: 'volume', Source: `harness-${run}-${node}`, Target: volume, VolumeOptions: options };
  }
}
