/** The stage for plays of Raft: what every stage has, and how a leader comes about. */
import { invariant } from '../../../src/core/errors.ts';
import { Stage as AnyStage } from '../../testing/stage.ts';
import type { StageOptions } from '../../testing/stage.ts';
import type { RaftDialect } from '../dialect.ts';
import { RaftMachine } from '../protocol.ts';
import { lineOf, recordOf } from './trace.ts';

export class Stage extends AnyStage<RaftDialect, RaftMachine> {
  constructor(options: StageOptions = {}) {
    super(
      {
        start: (now, context, records, effects) => new RaftMachine(now, context, records, effects),
        lineOf,
        recordOf,
      },
      options,
    );
  }

  node(name: string): RaftMachine['node'] {
    return this.machine(name).node;
  }

  /** What the log of a node holds, as terms. */
  terms(name: string): number[] {
    const { log } = this.node(name);
    return Array.from({ length: log.lastIndex }, (_, index) => log.at(index + 1).term);
  }

  /** Lets the node's patience run out. */
  loseLeader(name: string): void {
    for (let rings = 0; rings < 3; rings++) {
      this.ring(name, 'election');
      if (this.node(name).role.kind !== 'follower') return;
    }
  }

  /** The node asks for votes, and all letters are delivered. */
  elect(name: string): void {
    this.loseLeader(name);
    this.settle();
    invariant(this.node(name).role.kind === 'leader', () => `${name} was not elected: ${this.told().join('\n')}`);
  }
}
