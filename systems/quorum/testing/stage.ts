/** The stage for plays of the quorum store: what every stage has, and what is asked of it most. */
import type { Json } from '../../../src/core/json.ts';
import type { RequestBody, ResponseBody } from '../../../src/protocol/wire.ts';
import { Stage as AnyStage } from '../../testing/stage.ts';
import type { StageOptions } from '../../testing/stage.ts';
import type { QuorumDialect } from '../dialect.ts';
import { QuorumMachine } from '../protocol.ts';
import { read, stamp } from './bodies.ts';
import { lineOf, recordOf } from './trace.ts';

export class Stage extends AnyStage<QuorumDialect, QuorumMachine> {
  constructor(options: StageOptions = {}) {
    super(
      { start: (_now, context, records, effects) => new QuorumMachine(context, records, effects), lineOf, recordOf },
      options,
    );
  }

  /** What the client does for a write, with every letter delivered: a stamp, and the version under it. */
  write(name: string, value: number, key = 'a'): ResponseBody | null {
    const given = this.ask(name, { ...stamp, key });
    return given === null ? null : this.ask(name, this.bodyWith(given, value, key));
  }

  bodyWith(given: ResponseBody | null, value: number, key = 'a'): RequestBody {
    return { type: 'write', key, value, stamp: given?.['stamp'] ?? null };
  }

  /** The value that a read at this node answers, with every letter delivered; the code of an error, as in `code 20`. */
  read(name: string, key = 'a'): Json {
    const answer = this.ask(name, { ...read, key });
    if (answer?.type === 'error') return `code ${JSON.stringify(answer['code'])}`;
    return answer?.['value'] ?? null;
  }

  /** What each node holds of the key. */
  held(...names: string[]): Json[] {
    return names.map((name) => this.machine(name).peek('a'));
  }
}
