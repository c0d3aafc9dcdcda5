/**
 * The planted bugs of two-phase commit: each is one condition, which asks for the bug by its name. The README tells for
 * each which fault shows it, and by which mechanism.
 */
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { Bug } from '../../src/protocol/system.ts';

export type BugName =
  | 'vote-not-logged'
  | 'decision-not-logged'
  | 'unilateral-abort'
  | 'presume-commit-on-timeout'
  | 'read-ignores-lock'
  | 'release-lock-on-prepare'
  | 'ack-before-decision'
  | 'accept-old-prepare';

export const bugs: readonly (Bug & { readonly name: BugName })[] = [
  {
    name: 'vote-not-logged',
    summary:
      'A worker logs its vote to commit only with the decision: after a crash in between it knows of no promise.',
    nemeses: ['kill'],
    options: {},
  },
  {
    name: 'decision-not-logged',
    summary:
      'A coordinator logs its decision only when all have acknowledged: after a crash it aborts what was committed.',
    nemeses: ['kill'],
    options: {},
  },
  {
    name: 'unilateral-abort',
    summary: 'A worker that has voted commit gives up when it hears nothing, although the others may have committed.',
    nemeses: ['partition', 'kill'],
    options: {},
  },
  {
    name: 'presume-commit-on-timeout',
    summary: 'A coordinator that misses votes when its patience is over takes them for votes to commit.',
    nemeses: ['partition', 'pause'],
    options: {},
  },
  {
    name: 'read-ignores-lock',
    summary: 'A read answers what the replica holds although a transaction that may have committed has the lock.',
    nemeses: ['packets', 'partition'],
    options: {},
  },
  {
    name: 'release-lock-on-prepare',
    summary: 'A worker holds the lock only while it decides its vote, not until it hears the decision.',
    nemeses: ['packets', 'partition'],
    options: {},
  },
  {
    name: 'ack-before-decision',
    summary: 'A write is acknowledged when the workers are asked to prepare: they may still vote against it.',
    nemeses: ['partition', 'pause'],
    options: {},
  },
  {
    name: 'accept-old-prepare',
    summary:
      'A worker takes a late PREPARE for a new one: it commits it a second time, or has the keys locked for ever.',
    nemeses: ['packets', 'partition'],
    options: {},
  },
];

/** Which bugs a node has: at most one. */
export interface Mistakes {
  has(bug: BugName): boolean;
}

export const mistakesOf = ({ bug }: Pick<SystemOptions, 'bug'>): Mistakes => ({ has: (name) => name === bug });
