import { UsageError } from '../../src/core/errors.ts';
import { milliseconds, nanoseconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { OptionDefinition } from '../../src/protocol/system.ts';
import { numbersIn } from '../../src/protocol/option-values.ts';
import { mistakesOf } from './bugs.ts';
import type { Mistakes } from './bugs.ts';

export const options: readonly OptionDefinition[] = [
  { name: 'heartbeat', summary: 'Milliseconds between two heartbeats of a leader.', fallback: 100, range: [1, 60_000] },
  {
    name: 'electionMin',
    summary: 'Milliseconds without a leader before the first node may campaign.',
    fallback: 500,
    range: [2, 600_000],
  },
  {
    name: 'electionMax',
    summary: 'Milliseconds without a leader after which every node campaigns.',
    fallback: 1000,
    range: [3, 600_000],
  },
  {
    name: 'maxEntriesPerAppend',
    summary: 'How many log entries one append message may carry.',
    fallback: 64,
    range: [1, 10_000],
    explored: [1, 3],
  },
  {
    name: 'maxInFlight',
    summary: 'How many append messages with entries may be on their way to a follower.',
    fallback: 4,
    range: [1, 1_000],
    explored: [1],
  },
  {
    name: 'maxSessions',
    summary: 'How many client sessions are remembered; the least recently used one is forgotten first.',
    fallback: 1024,
    range: [1, 1_000_000],
    explored: [24, 60],
  },
  {
    name: 'snapshotEvery',
    summary: 'After how many applied entries a node replaces its log by a snapshot.',
    fallback: 1000,
    range: [1, 1_000_000],
    explored: [5, 30, 150],
  },
  {
    name: 'snapshotChunk',
    summary: 'How many values and sessions of a snapshot one message may carry.',
    fallback: 1000,
    range: [1, 1_000_000],
    explored: [1, 4],
  },
  {
    name: 'reads',
    summary:
      'How reads are made: index asks a majority each time, lease relies on clocks instead, local answers at any node from what it has applied and is sequential only.',
    fallback: 'index',
    choices: ['index', 'lease', 'local'],
    explored: ['lease'],
  },
  {
    name: 'maxDrift',
    summary: 'By which share any clock may run too fast or too slow; only reads=lease relies on it.',
    fallback: 0.05,
    range: [0, 0.5],
    fractions: true,
    explored: [0.01, 0.2],
  },
];

export type ReadMode = 'index' | 'lease' | 'local';

/** The options of a run, read and checked once. */
export interface Settings {
  readonly heartbeat: Duration;
  readonly electionMin: Duration;
  readonly electionMax: Duration;
  readonly maxEntriesPerAppend: number;
  readonly maxInFlight: number;
  readonly maxSessions: number;
  readonly snapshotEvery: number;
  readonly snapshotChunk: number;
  readonly reads: ReadMode;
  readonly maxDrift: number;
  /** How long after the sending of a confirmed round a leader may rely on its office, by its own clock (lease.ts). */
  readonly lease: Duration;
  readonly mistakes: Mistakes;
}

/** Throws a UsageError on timeouts that could never elect or keep a leader. */
export function settingsOf(given: SystemOptions): Settings {
  const number = numbersIn(options, given);
  const electionMin = milliseconds(number('electionMin'));
  const maxDrift = number('maxDrift');
  const mistakes = mistakesOf(given);
  const settings: Settings = {
    heartbeat: milliseconds(number('heartbeat')),
    electionMin,
    electionMax: milliseconds(number('electionMax')),
    maxEntriesPerAppend: number('maxEntriesPerAppend'),
    maxInFlight: number('maxInFlight'),
    maxSessions: number('maxSessions'),
    snapshotEvery: number('snapshotEvery'),
    snapshotChunk: number('snapshotChunk'),
    reads: (given.values['reads'] ?? 'index') as ReadMode,
    maxDrift,
    lease: mistakes.has('lease-ignores-drift') ? electionMin : leaseWithin(electionMin, maxDrift),
    mistakes,
  };
  if (settings.heartbeat >= settings.electionMin)
    throw new UsageError('raft: heartbeat must be shorter than electionMin, or followers would campaign between two.');
  if (settings.electionMin >= settings.electionMax)
    throw new UsageError('raft: electionMin must be below electionMax, or all nodes would campaign at once.');
  return settings;
}

/**
 * A follower whose clock gains the share d is loyal for loyalty / (1 + d); a leader whose clock loses it believes in
 * its lease for lease / (1 - d). The second must not exceed the first.
 */
const leaseWithin = (loyalty: Duration, drift: number): Duration =>
  nanoseconds(Math.floor((loyalty * (1 - drift)) / (1 + drift)));
