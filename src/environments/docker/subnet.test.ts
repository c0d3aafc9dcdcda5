import { describe, expect, test } from 'vitest';
import type { AddressRange } from './subnet.ts';
import { formatAddress, freeSubnets, hostRanges, parseRange } from './subnet.ts';

const range = (cidr: string): AddressRange => parseRange(cidr) as AddressRange;

const firstFree = (taken: readonly string[], where = 0): string | null => {
  for (const { first, last } of freeSubnets(taken.map(range), where))
    return `${formatAddress(first)}-${formatAddress(last)}`;
  return null;
};

describe('a subnet for a run', () => {
  test('is the first one of 256 addresses that nobody uses', () => {
    expect(firstFree([])).toBe('10.213.0.0-10.213.0.255');
    expect(firstFree(['10.213.0.0/24'])).toBe('10.213.1.0-10.213.1.255');
  });

  test('overlaps no route by a single address, be it inside or around it', () => {
    expect(firstFree(['10.213.0.255/32', '10.213.1.0/25', '10.213.2.128/30'])).toBe('10.213.3.0-10.213.3.255');
    expect(firstFree(['10.0.0.0/8'])).toBe('172.30.0.0-172.30.0.255');
    expect(firstFree(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])).toBe('198.18.0.0-198.18.0.255');
    expect(firstFree(['0.0.0.0/0'])).toBeNull();
  });

  test('is looked for from anywhere on, and everywhere', () => {
    expect(firstFree([], 0.5)).toBe('10.213.128.0-10.213.128.255');
    expect(firstFree(['10.213.128.0/17'], 0.5)).toBe('10.213.0.0-10.213.0.255');
  });
});

test('a range is read as the network that its address is in, and anything but IPv4 is none', () => {
  expect(range('192.0.2.77/24')).toEqual(range('192.0.2.0/24'));
  expect(range('192.0.2.77')).toEqual({ first: 3221226061, last: 3221226061 });
  expect(parseRange('fd00::2/64')).toBeNull();
});

test('this machine has at least its own loopback to keep clear of', () => {
  const loopback = range('127.0.0.1/8');
  expect(hostRanges()).toContainEqual(loopback);
});
