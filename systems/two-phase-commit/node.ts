import type { NodeId } from '../../src/core/ids.ts';
import type { Now } from '../../src/core/time.ts';
import type { Effects, NodeContext } from '../../src/protocol/protocol.ts';
import type { Global, TwoPhaseDialect, TwoPhaseRecord } from './dialect.ts';
import type { Decided } from './journal.ts';
import { Journal } from './journal.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

/** What all parts of a node share. Every node is a worker, with a replica of every key, and coordinates what it is asked. */
export class TwoPhaseNode {
  readonly self: NodeId;
  /** The other workers. */
  readonly peers: readonly NodeId[];
  readonly life: number;
  readonly settings: Settings;
  readonly journal: Journal;

  constructor({ self, nodes, life, options }: NodeContext, records: Iterable<TwoPhaseRecord>) {
    this.self = self;
    this.peers = nodes.filter((node) => node !== self);
    this.life = life;
    this.settings = settingsOf(options);
    this.journal = new Journal(this.settings, records);
  }
}

/** The step in progress. */
export interface Step {
  readonly now: Now;
  readonly effects: Effects<TwoPhaseDialect>;
}

/** The decisions as messages: at most one to commit and one to abort. */
export const globalsOf = (decided: readonly Decided[]): readonly Global[] =>
  (['commit', 'abort'] as const).flatMap((decision): Global[] => {
    const ids = decided.filter((one) => one.decision === decision).map(({ id }) => id);
    return ids.length === 0 ? [] : [{ type: `global-${decision}`, ids }];
  });
