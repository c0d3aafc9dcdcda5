import type { NodeId } from '../../core/ids.ts';
import type { NodeConfig } from '../../runtimes/real/node-config.ts';
import type { Deployment } from '../environment.ts';

/** What an environment says of a node that the deployment does not. */
export type Placement = Pick<NodeConfig, 'self' | 'life' | 'epoch' | 'listen' | 'directory'> & {
  /** Where each of the others is reached from there. */
  readonly peer: (other: NodeId) => string;
};

export function nodeConfigOf(deployment: Deployment, { peer, ...placement }: Placement): NodeConfig {
  const { system, options, bug, nodes, seed } = deployment;
  return {
    system: system.name,
    options,
    sync: bug?.sync ?? 'always',
    nodes,
    members: nodes,
    seed,
    peers: Object.fromEntries(nodes.filter((other) => other !== placement.self).map((other) => [other, peer(other)])),
    logLevel: 'events',
    exitWithStdin: true,
    ...placement,
  };
}
