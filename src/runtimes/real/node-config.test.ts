import { describe, expect, test } from 'vitest';
import { parseNodeConfig } from './node-config.ts';

const config = {
  system: 'raft',
  options: { bug: null, values: { heartbeat: 100, eager: true } },
  sync: 'always',
  self: 'n1',
  nodes: ['n1', 'n2'],
  members: ['n1', 'n2'],
  life: 1,
  seed: 7,
  epoch: 1_000,
  listen: { peers: 'unix:/tmp/n1.peers', clients: 'tcp:127.0.0.1:9000' },
  peers: { n2: 'unix:/tmp/n1-n2' },
  directory: '/tmp/n1',
  logLevel: 'events',
  exitWithStdin: true,
};

describe('the configuration of a node', () => {
  test('is taken as it was written', () => {
    expect(parseNodeConfig(JSON.stringify(config))).toEqual(config);
  });

  test.each([
    ['not JSON', 'nonsense', 'is not JSON'],
    ['a life of 0', { ...config, life: 0 }, 'at life'],
    ['no address for a peer', { ...config, peers: {} }, 'peer n2 has no address'],
    ['a node that is not one of all', { ...config, self: 'n3' }, 'self n3 is not among the nodes'],
    ['a member that is not one of all', { ...config, members: ['n4'] }, 'member n4 is not among the nodes'],
    ['a malformed address', { ...config, peers: { n2: 'somewhere' } }, '"somewhere" is no address'],
    ['a field that nobody reads', { ...config, extra: 1 }, 'is a field that nobody reads\n  → at extra'],
    ['a name that is none', { ...config, self: 'n 1' }, 'is no name of a node\n  → at self'],
    ['no seed', { ...config, seed: undefined }, 'Expected "seed" but received undefined'],
    ['peers in a list', { ...config, peers: [] }, 'is a list, and should have names\n  → at peers'],
  ])('is refused with the reason: %s', (_what, given, reason) => {
    expect(() => parseNodeConfig(typeof given === 'string' ? given : JSON.stringify(given))).toThrow(reason);
  });

  test('is refused with every complaint, each with its place', () => {
    const given = { ...config, life: 0, listen: { ...config.listen, peers: 5 }, more: 1, evenMore: 2 };
    expect(() => parseNodeConfig(JSON.stringify(given))).toThrow(
      [
        'The configuration of the node is wrong:',
        '× Invalid value: Expected >=1 but received 0\n  → at life',
        '× Invalid type: Expected string but received 5\n  → at listen.peers',
        '× is a field that nobody reads\n  → at more',
        '× is a field that nobody reads\n  → at evenMore',
      ].join('\n'),
    );
  });
});
