import type { NodeId } from '../../src/core/ids.ts';
import { nanoseconds } from '../../src/core/time.ts';
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
    // Says now, not on a node, that timeouts contradict each other.
    const { reads, maxDrift, electionMax } = settingsOf(given);
    // An election that is split is repeated; that many in a row are not.
    const recoversWithin = nanoseconds(30 * electionMax);
    if (reads === 'local') return [{ model: 'sequential', operations, assumes: {}, recoversWithin, live }];
    const assumes = reads === 'lease' ? { maxDrift } : {};
    return [{ model: 'linearizable', operations, assumes, recoversWithin, live }];
  },
  options,
  bugs,
  operations,
  membership: {
    change: ({ type, node }) => ({ type: type === 'add' ? 'add_server' : 'remove_server', node }),
    transfer: (to) => ({ type: 'transfer', to }),
    members: ({ members }) => (Array.isArray(members) ? (members as readonly NodeId[]) : []),
  },
};
