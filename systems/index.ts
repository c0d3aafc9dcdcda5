/** The registry of systems: its keys are what `--system` can choose. A new system is a folder and a line here. */
import type { System } from '../src/protocol/system.ts';
import { craq } from './craq/system.ts';
import { quorum } from './quorum/system.ts';
import { raft } from './raft/system.ts';
import { twoPhaseCommit } from './two-phase-commit/system.ts';

export const systems: {
  readonly craq: System;
  readonly quorum: System;
  readonly raft: System;
  readonly 'two-phase-commit': System;
} = {
  craq,
  quorum,
  raft,
  'two-phase-commit': twoPhaseCommit,
};
