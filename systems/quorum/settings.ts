import { UsageError } from '../../src/core/errors.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { OptionDefinition } from '../../src/protocol/system.ts';
import { numbersIn } from '../../src/protocol/option-values.ts';
import { mistakesOf } from './bugs.ts';
import type { Mistakes } from './bugs.ts';

const onOff = (name: string, summary: string): OptionDefinition => ({
  name,
  summary,
  fallback: 'on',
  choices: ['on', 'off'],
});

export const options: readonly OptionDefinition[] = [
  { name: 'read', summary: 'R: how many replicas a read asks. 0: a majority.', fallback: 0, range: [0, 99] },
  { name: 'write', summary: 'W: how many replicas must hold a write. 0: a majority.', fallback: 0, range: [0, 99] },
  {
    name: 'versions',
    summary: 'What stamps count: stamp goes on from the newest version of R replicas, wall-clock is last write wins.',
    fallback: 'stamp',
    choices: ['stamp', 'wall-clock'],
  },
  onOff('writeBack', 'Whether a read makes sure that W replicas hold what it is about to answer.'),
  onOff('readRepair', 'Whether a read sends the newest version to replicas that showed it an older one.'),
  onOff('handoff', 'Whether a coordinator keeps hints for replicas that did not answer a store, and hands off later.'),
  onOff('antiEntropy', 'Whether replicas compare what they hold, two at a time, over and over.'),
  {
    name: 'resend',
    summary: 'Milliseconds before a coordinator asks again those that are silent.',
    fallback: 100,
    range: [1, 60_000],
  },
  {
    name: 'patience',
    summary: 'Milliseconds before a coordinator gives a request up.',
    fallback: 1000,
    range: [1, 600_000],
  },
  {
    name: 'upkeep',
    summary: 'Milliseconds between two rounds of hand-off and anti-entropy.',
    fallback: 200,
    range: [1, 600_000],
  },
  {
    name: 'batch',
    summary: 'Keys in one message of hand-off or anti-entropy.',
    fallback: 100,
    range: [1, 10_000],
    explored: [20],
  },
  {
    name: 'compactEvery',
    summary: 'Records after which a node begins its log anew.',
    fallback: 1000,
    range: [1, 1_000_000],
    explored: [5, 50],
  },
];

/** The options of a run, read and checked once. R, W and N are the course notes' and Dynamo's (4.5). */
export interface Settings {
  readonly n: number;
  readonly r: number;
  readonly w: number;
  readonly versions: 'stamp' | 'wall-clock';
  readonly writeBack: boolean;
  readonly readRepair: boolean;
  readonly handoff: boolean;
  readonly antiEntropy: boolean;
  readonly resend: Duration;
  readonly patience: Duration;
  readonly upkeep: Duration;
  readonly batch: number;
  readonly compactEvery: number;
  readonly mistakes: Mistakes;
}

/** Throws a UsageError on quorums that so few nodes do not have. */
export function settingsOf(given: SystemOptions, n: number): Settings {
  const valueOf = (name: string) =>
    given.values[name] ?? options.find((option) => option.name === name)?.fallback ?? null;
  const number = numbersIn(options, given);
  const isOn = (name: string): boolean => valueOf(name) === 'on';
  const quorum = (name: string): number => {
    const size = number(name);
    if (size <= n) return size === 0 ? Math.floor(n / 2) + 1 : size;
    throw new UsageError(
      `quorum: ${name}=${size} asks for more replicas than there are nodes (${n}). Set it to ${n} or less, or raise --node-count.`,
    );
  };
  return {
    n,
    r: quorum('read'),
    w: quorum('write'),
    versions: valueOf('versions') as Settings['versions'],
    writeBack: isOn('writeBack'),
    readRepair: isOn('readRepair'),
    handoff: isOn('handoff'),
    antiEntropy: isOn('antiEntropy'),
    resend: milliseconds(number('resend')),
    patience: milliseconds(number('patience')),
    upkeep: milliseconds(number('upkeep')),
    batch: number('batch'),
    compactEvery: number('compactEvery'),
    mistakes: mistakesOf(given),
  };
}

/** The course notes' rule: so large a read quorum meets every write quorum, and with it the latest write. */
export const quorumsMeet = ({ n, r, w }: Pick<Settings, 'n' | 'r' | 'w'>): boolean => r > n - w;
