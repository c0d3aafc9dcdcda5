import type { NodeId } from '../../src/core/ids.ts';
import { milliseconds, nanoseconds } from '../../src/core/time.ts';
import { slowExchange } from '../../src/protocol/system.ts';
import type { Claim, ProtocolSystem } from '../../src/protocol/system.ts';
import { bugs } from './bugs.ts';
import { RaftClient } from './client.ts';
import type { RaftDialect } from './dialect.ts';
import { raftProtocol } from './protocol.ts';
import { options, settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

const operations = ['read', 'write', 'cas'];

/** Of operations that change something; with fewer sessions, clients may go on robbing each other of theirs for ever. */
const fewestSessions = 24;

/** Two nodes of which one asks this much earlier than the other seldom split the votes. */
const leastSpread = milliseconds(4);

/** An election that is split is repeated; that many in a row are not. */
const elections = 30;

const liveWith =
  ({ maxSessions }: Settings): Claim['live'] =>
  (healthy, nodes) => {
    if (2 * healthy.length <= nodes.length) return [];
    return maxSessions < fewestSessions ? ['read'] : operations;
  };

/**
 * Raft needs a broadcast to take far less time than an election timeout (paper, 5.6). Where a heartbeat that is merely
 * slow looks like a dead leader, or where all nodes campaign at once, elections may follow each other for long, and
 * nothing is said of when that ends.
 */
function recoversWithin({ heartbeat, electionMin, electionMax }: Settings): Pick<Claim, 'recoversWithin'> {
  if (electionMin - heartbeat < slowExchange || electionMax - electionMin < leastSpread) return {};
  return { recoversWithin: nanoseconds(elections * electionMax) };
}

export const raft: ProtocolSystem<RaftDialect> = {
  kind: 'protocol',
  name: 'raft',
  summary: 'A replicated log with a leader: linearizable while a majority is well, silent otherwise.',
  protocol: raftProtocol,
  client: (context) => new RaftClient(context),
  claims: (given) => {
    // Says now, not on a node, that timeouts contradict each other.
    const settings = settingsOf(given);
    const { reads, maxDrift } = settings;
    const promise = { operations, ...recoversWithin(settings), live: liveWith(settings) };
    if (reads === 'local') return [{ model: 'sequential', assumes: {}, ...promise }];
    return [{ model: 'linearizable', assumes: reads === 'lease' ? { maxDrift } : {}, ...promise }];
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
