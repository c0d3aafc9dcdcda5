import { nanoseconds } from '../../src/core/time.ts';
import type { NodeId } from '../../src/core/ids.ts';
import { slowExchange } from '../../src/protocol/system.ts';
import type { Claim, ProtocolSystem } from '../../src/protocol/system.ts';
import { RaftClient } from '../raft/client.ts';
import { bugs } from './bugs.ts';
import type { CraqDialect } from './dialect.ts';
import { craqProtocol } from './protocol.ts';
import { readFigures } from './reads.ts';
import { options, settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

const operations = ['read', 'write', 'cas'];

/** Of operations that change something; with fewer sessions, clients may go on robbing each other of theirs for ever. */
const fewestSessions = 24;

/** A split election of the configuration service is repeated; that many in a row are not. */
const elections = 30;

/** One after the other every node may be missed, and its lease waited for; that many times in a row it is not. */
const repairs = 20;

/** A majority can change the configuration, and one of its nodes holds all that is committed (configuration.ts). */
const liveWith =
  ({ maxSessions }: Settings): Claim['live'] =>
  (healthy: readonly NodeId[], nodes: readonly NodeId[]) => {
    if (2 * healthy.length <= nodes.length) return [];
    return maxSessions < fewestSessions ? ['read'] : operations;
  };

/** Nothing is said where a renewal that is merely slow comes after the end of the lease. */
function recoversWithin({ lease, leaseEnds, beat, patience, electionMax }: Settings): Pick<Claim, 'recoversWithin'> {
  if (lease - beat < slowExchange || patience * beat < beat + slowExchange) return {};
  return { recoversWithin: nanoseconds(elections * electionMax + repairs * (patience * beat + leaseEnds)) };
}

export const craq: ProtocolSystem<CraqDialect> = {
  kind: 'protocol',
  name: 'craq',
  summary: 'A chain that writes go down and every node of which answers reads: linearizable while clocks keep pace.',
  protocol: craqProtocol,
  client: (context) => new RaftClient(context),
  claims: (given) => {
    const settings = settingsOf(given);
    const { reads, maxDrift } = settings;
    const promise = { operations, assumes: { maxDrift }, ...recoversWithin(settings), live: liveWith(settings) };
    return [{ model: reads === 'eventual' ? 'eventual' : 'linearizable', ...promise }];
  },
  options,
  bugs,
  operations,
  roles: ['head', 'middle', 'tail'],
  figures: readFigures,
  membership: {
    change: ({ type, node }) => ({ type: type === 'add' ? 'add_node' : 'remove_node', node }),
    members: ({ members }) => (Array.isArray(members) ? (members as readonly NodeId[]) : []),
  },
};
