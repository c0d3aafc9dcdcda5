/**
 * The planted bugs of Raft: each is one condition in the protocol, which asks for it by name. The README tells for
 * each which fault shows it, and by which mechanism.
 */
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { Bug } from '../../src/protocol/system.ts';

export type BugName =
  | 'stale-read'
  | 'no-fsync'
  | 'forget-vote'
  | 'old-term-commit'
  | 'vote-for-shorter-log'
  | 'apply-retry-twice'
  | 'wall-clock-lease'
  | 'lease-ignores-drift'
  | 'snapshot-loses-session'
  | 'no-leader-noop'
  | 'commit-without-new-config'
  | 'truncate-committed'
  | 'drop-session-token';

export const bugs: readonly (Bug & { readonly name: BugName })[] = [
  {
    name: 'stale-read',
    summary:
      'A leader answers reads from its own state without asking whether it still leads, and does not step down when it hears from nobody.',
    nemeses: ['partition'],
    options: {},
  },
  {
    name: 'no-fsync',
    summary: 'Votes and entries are acknowledged up to a second before they are on disk; a kill forgets them.',
    nemeses: ['kill'],
    options: {},
    sync: 'every-second',
  },
  {
    name: 'forget-vote',
    summary:
      'A vote for another node, and the term that it is for, are not written down; after a restart the node votes once more.',
    nemeses: ['kill:majority', 'kill:all'],
    options: {},
    nodeCount: 3,
  },
  {
    name: 'old-term-commit',
    summary:
      'A leader counts copies of an entry of an earlier term, and takes for committed what another leader may yet replace.',
    nemeses: ['partition:primary', 'pause:primary'],
    options: { maxEntriesPerAppend: 1, maxInFlight: 1, heartbeat: 30, electionMin: 150, electionMax: 180 },
    nodeCount: 3,
    nemesisInterval: 0.3,
  },
  {
    name: 'vote-for-shorter-log',
    summary: 'A vote goes to whoever has the last term in its log, even if entries of that term are missing.',
    nemeses: ['partition', 'kill'],
    options: {},
  },
  {
    name: 'apply-retry-twice',
    summary:
      'A command that a client sent twice is carried out twice: the number that its session remembers is ignored.',
    nemeses: ['kill', 'partition'],
    options: {},
  },
  {
    name: 'wall-clock-lease',
    summary: 'A leader measures its lease, and since when it has heard nothing, on the wall clock, which may jump.',
    nemeses: ['clock:bump', 'clock:strobe', 'clock:rewind', 'partition:primary'],
    options: { reads: 'lease', electionMin: 1000, electionMax: 1100 },
  },
  {
    name: 'lease-ignores-drift',
    summary: 'A lease lasts as long as the followers are loyal by their own clocks, as if all clocks ran alike.',
    nemeses: ['clock:drift', 'partition:primary'],
    options: { reads: 'lease', maxDrift: 0.5, electionMin: 1000, electionMax: 1020 },
  },
  {
    name: 'snapshot-loses-session',
    summary: 'Snapshots leave the sessions out, so that replicas differ in which retries they carry out.',
    nemeses: ['kill'],
    options: { snapshotEvery: 20 },
  },
  {
    name: 'no-leader-noop',
    summary:
      'A new leader begins without an entry of its own term, and answers reads from before it knows what is committed.',
    nemeses: ['kill'],
    options: {},
  },
  {
    name: 'commit-without-new-config',
    summary: 'A leader goes on counting a server that it has removed towards the majority of those who are left.',
    nemeses: ['membership', 'partition:halves'],
    options: {},
    nodeCount: 4,
  },
  {
    name: 'truncate-committed',
    summary:
      'A follower cuts its log off behind every append, also when that is an old one and the log rightly longer.',
    nemeses: ['packets', 'kill'],
    options: {},
  },
  {
    name: 'drop-session-token',
    summary:
      'A local read is answered at once, whatever its client has seen or written before: the token that says so is dropped.',
    nemeses: ['partition'],
    options: { reads: 'local' },
  },
];

/** Which bugs a node has: at most one. */
export interface Mistakes {
  has(bug: BugName): boolean;
}

export const mistakesOf = ({ bug }: Pick<SystemOptions, 'bug'>): Mistakes => ({ has: (name) => name === bug });
