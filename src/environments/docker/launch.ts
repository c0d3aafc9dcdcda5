/** What runs in the container of a node: the host of ours with its protocol, or the program of somebody else's service. */
import type { NodeId } from '../../core/ids.ts';
import { UsageError, messageOf } from '../../core/errors.ts';
import type { ServiceSystem } from '../../protocol/system.ts';
import type { Deployment } from '../environment.ts';
import { nodeConfigOf } from '../real/node-config-of.ts';
import { clockVariables } from './holder/clock-variables.ts';
import type { Holder } from './holder/holder.ts';
import { pull } from './images/build.ts';
import type { DockerParts } from './parts.ts';

/** In both containers of a node its volume is here. */
export const volume = '/data';
export const clockFile: string = `${volume}/clock`;
/** Where a node of ours keeps its log of records. */
export const recordsFolder: string = `${volume}/records`;

/** Below the ports that clients are given, so that a restart finds its own free. */
const ownPorts = { peers: [7000], clients: 7001 } as const;

export interface Launch {
  readonly ports: { readonly peers: readonly number[]; readonly clients: number };
  /** Makes sure of the images. */
  prepare(signal: AbortSignal): Promise<void>;
  containerOf(node: NodeId): {
    readonly Image: string;
    readonly Entrypoint: string[];
    readonly Cmd: string[];
    readonly Env: string[];
  };
  /** Puts on the volume what has to be there before this life; resolves with what its standard input begins with. */
  provide(node: NodeId, life: number, holder: Holder): Promise<string>;
}

export interface LaunchPlace {
  readonly deployment: Deployment;
  readonly parts: DockerParts;
  /** In milliseconds since 1970. */
  readonly epoch: number;
  readonly addressOf: (node: NodeId) => string;
}

export const launchOf = (place: LaunchPlace): Launch => {
  const { system } = place.deployment;
  return system.kind === 'service' ? serviceLaunch(place, system) : protocolLaunch(place);
};

function protocolLaunch({ deployment, parts, epoch, addressOf }: LaunchPlace): Launch {
  const { images, program } = parts;
  const clock = images.faketime === null ? {} : clockVariables(images.faketime, clockFile);
  const [peers] = ownPorts.peers;
  return {
    ports: ownPorts,
    prepare: async () => undefined,
    containerOf: () => ({
      Image: images.node,
      Entrypoint: ['/usr/local/bin/node', program],
      Cmd: ['-'],
      Env: variables(clock),
    }),
    async provide(self, life) {
      const config = nodeConfigOf(deployment, {
        self,
        life,
        epoch,
        listen: { peers: `tcp:0.0.0.0:${peers}`, clients: `tcp:0.0.0.0:${ownPorts.clients}` },
        peer: (other) => `tcp:${addressOf(other)}:${peers}`,
        directory: recordsFolder,
      });
      return `${JSON.stringify(config)}\n`;
    },
  };
}

function serviceLaunch({ deployment, parts, addressOf }: LaunchPlace, system: ServiceSystem): Launch {
  const { nodes, options } = deployment;
  const of = (self: NodeId) => system.launch({ self, nodes, options, addressOf, directory: volume });
  return {
    ports: system.ports,
    prepare: async (signal) => {
      for (const image of new Set(nodes.map((node) => of(node).image))) await ensureImage(parts, image, signal);
    },
    containerOf: (node) => {
      const { image, command, environment = {} } = of(node);
      return { Image: image, Entrypoint: command.slice(0, 1), Cmd: command.slice(1), Env: variables(environment) };
    },
    async provide(node, life, holder) {
      if (life === 1)
        for (const [path, text] of Object.entries(of(node).files ?? {})) await holder.write(`${volume}/${path}`, text);
      return '';
    },
  };
}

const variables = (environment: { readonly [name: string]: string }): string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

async function ensureImage({ engine }: DockerParts, image: string, signal: AbortSignal): Promise<void> {
  const isThere = await engine.docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (isThere) return;
  try {
    await pull(engine.docker, image, { progress: () => undefined, signal });
  } catch (error) {
    throw new UsageError(
      `The engine has no image ${image}, and it could not be pulled: ${messageOf(error)}. Load it with docker load, or build it.`,
      { cause: error },
    );
  }
}
