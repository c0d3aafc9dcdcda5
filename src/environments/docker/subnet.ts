/**
 * A subnet that nobody uses, for the network of a run. An engine refuses subnets of its own networks only; one that
 * the host has a route to (a VPN, a virtual machine) would cut the host off from what is there, so these are asked too.
 */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** The addresses from `first` to `last`, as unsigned 32-bit numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** Private space (RFC 1918) far from Docker's own pools, and the space for benchmarks (RFC 2544) if all of that is taken. */
const pools = ['10.213.0.0/16', '10.77.0.0/16', '172.30.0.0/16', '192.168.192.0/18', '198.18.0.0/15'];
const subnetSize = 256;

/** `10.0.0.0/8`, or null for anything else than IPv4. A single address is a range of one. */
export function parseRange(cidr: string): AddressRange | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(cidr);
  if (match === null) return null;
  const address = match.slice(1, 5).reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(match[5] ?? 32));
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}

export const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/**
 * Every free subnet of 256 addresses, beginning somewhere in the middle: two harnesses that look at the same time then
 * seldom want the same one. `where`: from 0 to 1.
 */
export function* freeSubnets(taken: readonly AddressRange[], where: number): Generator<AddressRange> {
  const candidates = pools.flatMap((pool) => {
    const { first, last } = parseRange(pool) as AddressRange;
    const all = Array.from({ length: (last + 1 - first) / subnetSize }, (_, index) => first + index * subnetSize);
    const begin = Math.floor(where * all.length);
    return [...all.slice(begin), ...all.slice(0, begin)];
  });
  for (const first of candidates) {
    const last = first + subnetSize - 1;
    if (!taken.some((range) => range.first <= last && first <= range.last)) yield { first, last };
  }
}

/** What this machine has an address in or a route to, but for the default route. */
export function hostRanges(): readonly AddressRange[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ cidr }) => (cidr === null ? null : parseRange(cidr)));
  return [...own, ...routes()].filter((range) => range !== null);
}

/** proc(5): destination and mask as little-endian hexadecimal. Other systems are asked for their interfaces only. */
function routes(): readonly (AddressRange | null)[] {
  let table: string;
  try {
    table = readFileSync('/proc/net/route', 'utf8');
  } catch {
    return [];
  }
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((fields) => fields.length > 7 && fields[7] !== '00000000')
    .map((fields) => {
      const first = fromLittleEndian(fields[1] ?? '');
      const size = 2 ** 32 - fromLittleEndian(fields[7] ?? '');
      return { first, last: first + size - 1 };
    });
}

const fromLittleEndian = (hex: string): number => Number.parseInt(hex.match(/../g)?.toReversed().join('') ?? '0', 16);
