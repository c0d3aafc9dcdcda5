/** The planted bugs of Raft. The README tells for each which fault shows it, and by which mechanism. */
import type { SystemOptions } from '../../src/protocol/protocol.ts';
import type { Bug } from '../../src/protocol/system.ts';

export const bugs: readonly Bug[] = [
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
];

/** Whether a leader makes sure of its office: before it answers a read, and while it hears from no majority. */
export const confirmsLeadership = (options: SystemOptions): boolean => options.bug !== 'stale-read';
