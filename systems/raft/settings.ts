import { invariant, UsageError } from '../../src/core/errors.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { OptionDefinition } from '../../src/protocol/system.ts';
import { confirmsLeadership } from './bugs.ts';

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
  },
  {
    name: 'maxSessions',
    summary: 'How many client sessions are remembered; the least recently used one is forgotten first.',
    fallback: 1024,
    range: [1, 1_000_000],
  },
];

/** The options of a run, read and checked once. */
export interface Settings {
  readonly heartbeat: Duration;
  readonly electionMin: Duration;
  readonly electionMax: Duration;
  readonly maxEntriesPerAppend: number;
  readonly maxSessions: number;
  /** False is the planted bug stale-read. */
  readonly confirmsLeadership: boolean;
}

/** Throws a UsageError on timeouts that could never elect or keep a leader. */
export function settingsOf(given: SystemOptions): Settings {
  const number = (name: string): number => {
    const value = given.values[name] ?? options.find((option) => option.name === name)?.fallback;
    invariant(typeof value === 'number', () => `option ${name} is a number, not ${String(value)}`);
    return value;
  };
  const settings = {
    heartbeat: milliseconds(number('heartbeat')),
    electionMin: milliseconds(number('electionMin')),
    electionMax: milliseconds(number('electionMax')),
    maxEntriesPerAppend: number('maxEntriesPerAppend'),
    maxSessions: number('maxSessions'),
    confirmsLeadership: confirmsLeadership(given),
  };
  if (settings.heartbeat >= settings.electionMin)
    throw new UsageError('raft: heartbeat must be shorter than electionMin, or followers would campaign between two.');
  if (settings.electionMin >= settings.electionMax)
    throw new UsageError('raft: electionMin must be below electionMax, or all nodes would campaign at once.');
  return settings;
}
