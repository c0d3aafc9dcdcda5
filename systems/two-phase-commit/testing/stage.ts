/** The stage for plays of two-phase commit: what every stage has, and what is asked of it most. */
import type { Json } from '../../../src/core/json.ts';
import type { RequestBody } from '../../../src/protocol/wire.ts';
import { Stage as AnyStage } from '../../testing/stage.ts';
import type { StageOptions } from '../../testing/stage.ts';
import type { TwoPhaseDialect } from '../dialect.ts';
import { TwoPhaseMachine } from '../protocol.ts';
import { read } from './bodies.ts';
import { lineOf, recordOf } from './trace.ts';

export class Stage extends AnyStage<TwoPhaseDialect, TwoPhaseMachine> {
  constructor(options: StageOptions = {}) {
    super(
      {
        start: (now, context, records, effects) => new TwoPhaseMachine({ now, effects }, context, records),
        lineOf,
        recordOf,
      },
      options,
    );
  }

  /** What the node answers, with every letter delivered: in a word, or the code of an error, as in `code 30`. */
  says(name: string, body: RequestBody): Json {
    return this.saidTo(this.request(name, body), true);
  }

  /** The same of an earlier request; null while there is no answer. */
  saidTo(request: number, settle = false): Json {
    if (settle) this.settle();
    const answer = this.answer(request);
    if (answer?.type === 'error') return `code ${JSON.stringify(answer['code'])}`;
    return answer?.['value'] ?? answer?.type ?? null;
  }

  /** The value that a read at this node answers. */
  read(name: string, key = 'a'): Json {
    return this.says(name, read(key));
  }

  /** What each node holds of the key. */
  held(...names: string[]): Json[] {
    return names.map((name) => this.machine(name).peek('a'));
  }
}
