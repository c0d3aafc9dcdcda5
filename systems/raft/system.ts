import type { ProtocolSystem } from '../../src/protocol/system.ts';
import { bugs } from './bugs.ts';
import { RaftClient } from './client.ts';
import type { RaftDialect } from './dialect.ts';
import { raftProtocol } from './protocol.ts';
import { options, settingsOf } from './settings.ts';

const operations = ['read', 'write', 'cas'];

export const raft: ProtocolSystem<RaftDialect> = {
  kind: 'protocol',
  name: 'raft',
  summary: 'A replicated log with a leader: linearizable while a majority is well, silent otherwise.',
  protocol: raftProtocol,
  client: (context) => new RaftClient(context),
  claims: (given) => {
    settingsOf(given); // Says now, and not on a node, that the timeouts contradict each other.
    return [
      {
        model: 'linearizable',
        operations,
        assumes: {},
        live: (healthy, nodes) => (2 * healthy.length > nodes.length ? operations : []),
      },
    ];
  },
  options,
  bugs,
  operations,
};
