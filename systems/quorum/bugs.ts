/**
 * The planted bugs of the quorum store: each is one condition, which asks for the bug by its name. The README tells for
 * each which fault shows it, and by which mechanism.
 */
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { Bug } from '../../src/protocol/system.ts';

export type BugName =
  | 'no-write-back'
  | 'ack-before-quorum'
  | 'stale-quorum'
  | 'wall-clock-versions'
  | 'forget-on-restart'
  | 'lost-hint'
  | 'repair-with-older'
  | 'reused-stamp';

export const bugs: readonly (Bug & { readonly name: BugName })[] = [
  {
    name: 'no-write-back',
    summary: 'A read answers the newest version that it found, and leaves it where it is: the next read may miss it.',
    nemeses: ['partition', 'packets'],
    options: { readRepair: 'off', antiEntropy: 'off', resend: 1000 },
  },
  {
    name: 'ack-before-quorum',
    summary: 'A write is acknowledged when its coordinator holds it, before W replicas do.',
    nemeses: ['partition'],
    options: {},
  },
  {
    name: 'stale-quorum',
    summary: 'A read asks N - W replicas where it needs more than N - W: those that a write did not reach may be all.',
    nemeses: ['partition'],
    options: {},
    nodeCount: 5,
  },
  {
    name: 'wall-clock-versions',
    summary: 'The wall clock of the coordinator decides which version is newer: a slow clock writes into the past.',
    nemeses: ['clock:bump', 'clock:strobe'],
    options: {},
  },
  {
    name: 'forget-on-restart',
    summary: 'A replica begins its next life without the versions that it has acknowledged.',
    nemeses: ['kill'],
    options: {},
  },
  {
    name: 'lost-hint',
    summary: 'A hint is dropped when it was sent, not when it was answered: a replica that is cut off never gets it.',
    nemeses: ['partition'],
    options: { antiEntropy: 'off', readRepair: 'off', writeBack: 'off', patience: 300, upkeep: 100 },
    workload: 'converge',
  },
  {
    name: 'repair-with-older',
    summary: 'What a repair brings replaces what a replica holds, although that may be newer by now.',
    nemeses: ['partition', 'packets'],
    options: {},
  },
  {
    name: 'reused-stamp',
    summary: 'Stamps are told apart by the name of the coordinator alone, so that two of its writes get the same one.',
    nemeses: ['partition', 'kill'],
    options: {},
  },
];

/** Which bugs a node has: at most one. */
export interface Mistakes {
  has(bug: BugName): boolean;
}

export const mistakesOf = ({ bug }: Pick<SystemOptions, 'bug'>): Mistakes => ({ has: (name) => name === bug });
