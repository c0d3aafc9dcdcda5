import { createSocket } from 'node:dgram';
import type Docker from 'dockerode';
import { HarnessError, messageOf } from '../../core/errors.ts';
import type { Labels } from './labels.ts';
import type { AddressRange } from './subnet.ts';
import { formatAddress, freeSubnets, hostRanges, parseRange } from './subnet.ts';

export interface RunNetwork {
  readonly name: string;
  readonly gateway: string;
  /** The fixed address of the node with this index. */
  address(index: number): string;
}

/** Others may take a subnet between our look and our asking. */
const mostTries = 20;
/** Nodes have the addresses from here on in their subnet. */
const firstNode = 10;

export interface NetworkOptions {
  readonly name: string;
  readonly labels: Labels;
  /** Whether no way leads out of it. The machine of the engine reaches the nodes all the same, but publishes no ports. */
  readonly internal: boolean;
}

/** Makes the network of a run, in a subnet that neither the engine nor this machine uses. */
export async function createNetwork(docker: Docker, { name, labels, internal }: NetworkOptions): Promise<RunNetwork> {
  let tries = 0;
  let last: unknown = new Error('every private subnet is taken');
  for (const { first } of freeSubnets([...hostRanges(), ...(await engineRanges(docker))], Math.random())) {
    if (tries++ >= mostTries) break;
    const gateway = formatAddress(first + 1);
    try {
      await docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        CheckDuplicate: true,
        EnableIPv6: false,
        Internal: internal,
        Labels: { ...labels },
        IPAM: { Driver: 'default', Config: [{ Subnet: `${formatAddress(first)}/24`, Gateway: gateway }] },
      });
      return { name, gateway, address: (index) => formatAddress(first + firstNode + index) };
    } catch (error) {
      last = error;
      if (!/overlap/i.test(messageOf(error))) break;
    }
  }
  throw new HarnessError(`No network could be made for the nodes: ${messageOf(last)}`, { cause: last });
}

async function engineRanges(docker: Docker): Promise<readonly AddressRange[]> {
  const networks = await docker.listNetworks();
  return networks
    .flatMap(({ IPAM: ipam }) => ipam?.Config ?? [])
    .map(({ Subnet: subnet }) => (subnet === undefined ? null : parseRange(subnet)))
    .filter((range) => range !== null);
}

/**
 * Whether this machine has the address. It is tried out by a socket that never hears anything, since an interface is
 * not listed while nobody is plugged in.
 */
export function isOwnAddress(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (own: boolean): void => {
      socket.close();
      resolve(own);
    };
    socket.once('error', () => finish(false));
    socket.bind({ address, port: 0, exclusive: true }, () => finish(true));
  });
}
