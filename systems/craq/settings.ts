import { UsageError } from '../../src/core/errors.ts';
import { milliseconds, nanoseconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { OptionDefinition } from '../../src/protocol/system.ts';
import { numbersIn } from '../../src/protocol/option-values.ts';
import { options as raftOptions, settingsOf as serviceSettingsOf } from '../raft/settings.ts';
import { mistakesOf } from './bugs.ts';
import type { Mistakes } from './bugs.ts';

/** What is handed through to the Raft inside; its heartbeat is our beat. */
const serviceOptionNames = ['electionMin', 'electionMax'];

export const options: readonly OptionDefinition[] = [
  {
    name: 'reads',
    summary:
      'Who answers reads: apportioned is every node, which asks the tail where it must; tail is plain chain replication; eventual is every node, with the newest version that it knows, committed or not.',
    fallback: 'apportioned',
    choices: ['apportioned', 'tail', 'eventual'],
  },
  {
    name: 'lease',
    summary: 'Milliseconds for which a node may serve after it has asked for its lease.',
    fallback: 1000,
    range: [2, 600_000],
    explored: [400, 600],
  },
  {
    name: 'beat',
    summary: 'Milliseconds between two signs of life to the neighbours and two renewals of a lease.',
    fallback: 100,
    range: [1, 60_000],
  },
  {
    name: 'suspicion',
    summary: 'Milliseconds of silence after which a node is taken out of the chain.',
    fallback: 1000,
    range: [2, 600_000],
    explored: [400, 600],
  },
  {
    name: 'maxDrift',
    summary: 'By which share any clock may run too fast or too slow; leases rely on it.',
    fallback: 0.05,
    range: [0, 0.5],
    fractions: true,
    explored: [0.01, 0.2],
  },
  {
    name: 'maxBatch',
    summary: 'How many entries one message down the chain may carry.',
    fallback: 64,
    range: [1, 10_000],
    explored: [1, 3],
  },
  {
    name: 'chunk',
    summary: 'How many values and sessions one part of a copy may carry.',
    fallback: 500,
    range: [1, 1_000_000],
    explored: [2, 10],
  },
  ...raftOptions.filter(({ name }) => name === 'maxSessions'),
  {
    name: 'compactEvery',
    summary: 'Committed entries after which a node begins its log anew, with what they came to.',
    fallback: 1000,
    range: [1, 1_000_000],
    explored: [5, 30],
  },
  // Of the configuration service, which is Raft.
  ...raftOptions.filter(({ name }) => serviceOptionNames.includes(name)),
];

export type ReadMode = 'apportioned' | 'tail' | 'eventual';

/** The options of a run, read and checked once. */
export interface Settings {
  readonly reads: ReadMode;
  readonly lease: Duration;
  /** How long the keeper waits until every lease of an earlier epoch has surely expired, by its own clock. */
  readonly leaseEnds: Duration;
  readonly beat: Duration;
  /** After so many beats without a word, a node is taken for gone. */
  readonly patience: number;
  readonly maxDrift: number;
  readonly maxBatch: number;
  readonly chunk: number;
  readonly maxSessions: number;
  readonly compactEvery: number;
  /** Of the configuration service. */
  readonly electionMax: Duration;
  readonly mistakes: Mistakes;
}

/** Throws a UsageError on leases that could not be renewed in time, and on timeouts that Raft refuses. */
export function settingsOf(given: SystemOptions): Settings {
  const number = numbersIn(options, given);
  const lease = milliseconds(number('lease'));
  const maxDrift = number('maxDrift');
  const settings: Settings = {
    reads: (given.values['reads'] ?? 'apportioned') as ReadMode,
    lease,
    leaseEnds: longerThan(lease, maxDrift),
    beat: milliseconds(number('beat')),
    patience: Math.ceil(number('suspicion') / number('beat')),
    maxDrift,
    maxBatch: number('maxBatch'),
    chunk: number('chunk'),
    maxSessions: number('maxSessions'),
    compactEvery: number('compactEvery'),
    electionMax: serviceSettingsOf(serviceOptions(given)).electionMax,
    mistakes: mistakesOf(given),
  };
  if (settings.beat >= settings.lease)
    throw new UsageError('craq: beat must be shorter than lease, or leases would end before they are renewed.');
  return settings;
}

/** What the Raft inside is told; the rest are its own fallbacks. */
export function serviceOptions(given: SystemOptions): SystemOptions {
  const handed = Object.entries(given.values).filter(([name]) => serviceOptionNames.includes(name));
  return { bug: null, values: { ...Object.fromEntries(handed), heartbeat: given.values['beat'] ?? 100 } };
}

/**
 * A node whose clock loses the share d believes in its lease for lease / (1 - d); the keeper whose clock gains it waits
 * for wait / (1 + d). The second must not fall short of the first.
 */
const longerThan = (lease: Duration, drift: number): Duration =>
  nanoseconds(Math.ceil((lease * (1 + drift)) / (1 - drift)));
