import type { NodeId } from '../../src/core/ids.ts';
import { nanoseconds } from '../../src/core/time.ts';
import { slowExchange } from '../../src/protocol/system.ts';
import type { Claim, ModelName, ProtocolSystem } from '../../src/protocol/system.ts';
import { bugs } from './bugs.ts';
import { TwoPhaseClient } from './client.ts';
import type { TwoPhaseDialect } from './dialect.ts';
import { twoPhaseProtocol } from './protocol.ts';
import { options, settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

const single = ['read', 'write', 'cas', 'insert'];
const transactional = ['read', 'txn'];
const operations = [...single, 'txn'];

/**
 * Every worker has to vote, so that with one away nothing can be written. Reads of keys that are not locked go on at
 * every node that is up; but a transaction whose coordinator is away locks its keys until that is back, and nobody can
 * say beforehand that those are not the keys that a client wants.
 */
const live =
  (promised: readonly string[]) =>
  (healthy: readonly NodeId[], nodes: readonly NodeId[]): readonly string[] =>
    healthy.length === nodes.length ? promised : [];

/** Whoever waits for a lost word waits for the next `resend`, which is also when patience is looked at. */
const recoversWithin = ({ patience, resend }: Settings): Pick<Claim, 'recoversWithin'> =>
  patience < slowExchange ? {} : { recoversWithin: nanoseconds(5 * Math.max(patience, resend)) };

export const twoPhaseCommit: ProtocolSystem<TwoPhaseDialect> = {
  kind: 'protocol',
  name: 'two-phase-commit',
  summary: 'Replicas that commit on all nodes or on none: linearizable, and blocked while a node is away.',
  protocol: twoPhaseProtocol,
  client: (context) => new TwoPhaseClient(context),
  claims: (given) => {
    const settings = settingsOf(given);
    const claim = (model: ModelName, about: readonly string[]): Claim => ({
      model,
      operations: about,
      assumes: {},
      ...recoversWithin(settings),
      live: live(about),
    });
    return [claim('linearizable', single), claim('strict-serializable', transactional)];
  },
  options,
  bugs,
  operations,
};
