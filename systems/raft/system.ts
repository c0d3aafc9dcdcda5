import type { NodeId } from '../../src/core/ids.ts';
import type { Claim, ProtocolSystem } from '../../src/protocol/system.ts';
import { bugs } from './bugs.ts';
import { RaftClient } from './client.ts';
import type { RaftDialect } from './dialect.ts';
import { raftProtocol } from './protocol.ts';
import { options, settingsOf } from './settings.ts';

const operations = ['read', 'write', 'cas'];

const live: Claim['live'] = (healthy, nodes) => (2 * healthy.length > nodes.length ? operations : []);

export const raft: ProtocolSystem<RaftDialect> = {
  kind: 'protocol',
  name: 'raft',
  summary: 'A replicated log with a leader: linearizable while a majority is well, silent otherwise.',
  protocol: raftProtocol,
  client: (context) => new RaftClient(context),
  claims: (given) => {
    const { reads, maxDrift } = settingsOf(given); // Says now, not on a node, that timeouts contradict each other.
    if (reads === 'local') return [{ model: 'sequential', operations, assumes: {}, live }];
    return [{ model: 'linearizable', operations, assumes: reads === 'lease' ? { maxDrift } : {}, live }];
  },
  options,
  bugs,
  operations,
  membership: {
    change: ({ type, node }) => ({ type: type === 'add' ? 'add_server' : 'remove_server', node }),
    members: ({ members }) => (Array.isArray(members) ? (members as readonly NodeId[]) : []),
  },
};
