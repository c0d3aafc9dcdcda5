import type { NodeId } from '../../src/core/ids.ts';
import { nanoseconds } from '../../src/core/time.ts';
import { slowExchange } from '../../src/protocol/system.ts';
import type { Claim, ProtocolSystem } from '../../src/protocol/system.ts';
import { bugs } from './bugs.ts';
import { QuorumClient } from './client.ts';
import type { QuorumDialect } from './dialect.ts';
import { quorumProtocol } from './protocol.ts';
import { options, quorumsMeet, settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

const operations = ['read', 'write'];

/** A read needs R answers and, to write back, W replicas; a write a stamp from R replicas, and W that store it. */
const liveWith =
  ({ r, w, versions, writeBack }: Settings): Claim['live'] =>
  (healthy: readonly NodeId[]) => {
    const needed = { read: writeBack ? Math.max(r, w) : r, write: versions === 'stamp' ? Math.max(r, w) : w };
    return (['read', 'write'] as const).filter((f) => healthy.length >= needed[f]);
  };

/** So often may in vain be said what one time would do, in weather that loses much. */
const repetitions = 4;

/**
 * What is under way is given up after `patience`, which is looked at every `resend`; then upkeep has to come to every
 * key, and with anti-entropy to every peer.
 */
const convergesWith =
  ({ n, upkeep, batch, patience, resend, antiEntropy }: Settings): NonNullable<Claim['convergesWithin']> =>
  (keys) => {
    const rounds = (Math.ceil(keys / batch) + 1) * (antiEntropy ? n : 1);
    return nanoseconds(patience + resend + repetitions * rounds * upkeep);
  };

/** There is nobody to elect: a node serves as soon as it is up and has done with the rounds that the fault held up. */
const recoversWithin = ({ patience, resend }: Settings): Pick<Claim, 'recoversWithin'> =>
  patience < slowExchange ? {} : { recoversWithin: nanoseconds(5 * Math.max(patience, resend)) };

function claimsOf(settings: Settings): readonly Claim[] {
  const { versions, writeBack, handoff, antiEntropy } = settings;
  const promise = { operations, ...recoversWithin(settings), live: liveWith(settings) };
  if (quorumsMeet(settings) && versions === 'stamp' && writeBack)
    return [{ model: 'linearizable', assumes: {}, ...promise }];
  const eventual = { model: 'eventual', ...promise, convergesWithin: convergesWith(settings) } as const;
  if (antiEntropy) return [{ ...eventual, assumes: {} }];
  // A coordinator that crashes after a store and before its hint takes what it knew with it.
  if (handoff) return [{ ...eventual, assumes: { noCrash: true } }];
  // Read repair alone mends the keys that are read, and nobody need read one.
  return [];
}

export const quorum: ProtocolSystem<QuorumDialect> = {
  kind: 'protocol',
  name: 'quorum',
  summary: 'Leaderless replicas in the manner of Dynamo: linearizable registers where R > N - W, and less by choice.',
  protocol: quorumProtocol,
  client: (context) => new QuorumClient(context),
  claims: (given, nodes) => claimsOf(settingsOf(given, nodes.length)),
  remarks: (given, nodes) => {
    const settings = settingsOf(given, nodes.length);
    const { n, r, w, versions } = settings;
    const latest = versions === 'stamp' ? 'the latest write' : 'the write with the latest stamp, by some clock';
    return [
      quorumsMeet(settings)
        ? `R = ${r} > N - W = ${n} - ${w}: whatever R replicas a read asks, one of them holds ${latest}.`
        : `R = ${r} is not above N - W = ${n} - ${w}: a read can miss all the replicas that hold ${latest}.`,
    ];
  },
  options,
  combinations: [
    { read: 1, write: 1 },
    { read: 1, write: 5 },
    { readRepair: 'off', handoff: 'off', antiEntropy: 'off' },
    { writeBack: 'off', antiEntropy: 'off' },
    { writeBack: 'off', handoff: 'off', antiEntropy: 'off' },
  ],
  bugs,
  operations,
};
