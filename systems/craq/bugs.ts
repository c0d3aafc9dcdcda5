/**
 * The planted bugs of CRAQ: each is one condition, which asks for the bug by its name. The README tells for each which
 * fault shows it, and by which mechanism.
 */
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { Bug } from '../../src/protocol/system.ts';

export type BugName =
  | 'serve-dirty'
  | 'version-query-to-neighbour'
  | 'ack-at-head'
  | 'skip-resend-after-repair'
  | 'removed-node-serves'
  | 'forget-dirty-on-restart'
  | 'apply-out-of-order'
  | 'cas-on-dirty';

export const bugs: readonly (Bug & { readonly name: BugName })[] = [
  {
    name: 'serve-dirty',
    summary: 'A node answers a read with its newest version, although that may not have reached the tail yet.',
    nemeses: ['partition', 'packets'],
    options: {},
  },
  {
    name: 'version-query-to-neighbour',
    summary: 'A node asks its successor which version is committed, and not the tail, which may know of a newer one.',
    nemeses: ['partition', 'packets'],
    options: {},
  },
  {
    name: 'ack-at-head',
    summary: 'The head acknowledges a write when it holds it itself, before the tail does.',
    nemeses: ['partition', 'kill'],
    options: {},
  },
  {
    name: 'skip-resend-after-repair',
    summary: 'Who gets a new successor sends it what comes from now on, and not what the old one had not acknowledged.',
    nemeses: ['partition', 'kill'],
    options: {},
  },
  {
    name: 'removed-node-serves',
    summary: 'Nodes serve without a lease: one that was taken out of the chain, and does not know, answers the past.',
    nemeses: ['partition', 'pause'],
    options: {},
  },
  {
    name: 'forget-dirty-on-restart',
    summary: 'A node begins its next life without the versions that it did not know to be committed.',
    nemeses: ['kill:all', 'kill:majority'],
    options: {},
  },
  {
    name: 'apply-out-of-order',
    summary: 'A node takes an update in although it lacks the one before, and acknowledges both.',
    nemeses: ['packets', 'partition'],
    options: {},
  },
  {
    name: 'cas-on-dirty',
    summary: 'The head says that a cas was refused before the version that it compared is committed.',
    nemeses: ['partition', 'packets'],
    options: {},
  },
];

/** Which bugs a node has: at most one. */
export interface Mistakes {
  has(bug: BugName): boolean;
}

export const mistakesOf = ({ bug }: Pick<SystemOptions, 'bug'>): Mistakes => ({ has: (name) => name === bug });
