/** The stage for plays of CRAQ: what every stage has, how a chain comes about, and what is asked of it most. */
import { invariant } from '../../../src/core/errors.ts';
import type { Json } from '../../../src/core/json.ts';
import type { RequestBody } from '../../../src/protocol/wire.ts';
import { Stage as AnyStage } from '../../testing/stage.ts';
import type { StageOptions } from '../../testing/stage.ts';
import type { CraqDialect } from '../dialect.ts';
import { CraqMachine } from '../protocol.ts';
import { openSession, read, write } from './bodies.ts';
import { lineOf, recordOf } from './trace.ts';

export class Stage extends AnyStage<CraqDialect, CraqMachine> {
  constructor(options: StageOptions = {}) {
    super(
      {
        start: (now, context, records, effects) => new CraqMachine(now, context, records, effects),
        lineOf,
        recordOf,
      },
      options,
    );
  }

  /** Without acknowledgements that say what the one before said: a chain at rest goes on saying that it is. */
  override told(): string[] {
    const latest = new Map<string, string>();
    return super.told().filter((line) => {
      const [way = '', said = ''] = line.split(': ');
      if (!said.startsWith('has ')) return true;
      const isNew = latest.get(way) !== said;
      latest.set(way, said);
      return isNew;
    });
  }

  node(name: string): CraqMachine['node'] {
    return this.machine(name).node;
  }

  /** Lets the configuration service elect its leader, and the chain get its leases. */
  begin(): void {
    this.pass(3_000);
    this.told();
  }

  /** `n1-n2-n3`: the chain as the node knows it; in brackets while it is not active. */
  chain(name: string): string {
    const { chain, active } = this.node(name).configuration;
    return active ? chain.join('-') : `(${chain.join('-')})`;
  }

  /** Who keeps the configuration, as far as n1 knows. */
  keeper(): string {
    const { keeper } = this.machine('n1').inspect();
    invariant(typeof keeper === 'string', () => 'n1 knows of no keeper');
    return keeper;
  }

  /** Passes time until the node knows this chain. */
  until(name: string, chain: string): void {
    for (let count = 0; this.chain(name) !== chain; count++) {
      invariant(count < 300, () => `${name} never got to ${chain}, it is at ${this.chain(name)}`);
      this.pass(50);
    }
  }

  /** A session that is open by now. */
  session(): number {
    const answer = this.ask('n1', openSession);
    return Number(answer?.['session']);
  }

  /** What the node answers, with every letter delivered: in a word, or the code of an error, as in `code 11`. */
  says(name: string, body: RequestBody): Json {
    const request = this.request(name, body);
    this.settle();
    return this.said(request);
  }

  /** What was answered to an earlier request; null while nothing was. */
  said(request: number): Json {
    const answer = this.answer(request);
    if (answer?.type === 'error')
      return answer['current'] === undefined
        ? `code ${JSON.stringify(answer['code'])}`
        : `no, ${JSON.stringify(answer['current'])}`;
    return answer?.['value'] ?? answer?.type ?? null;
  }

  read(name: string, key = 'a'): Json {
    return this.says(name, read(key));
  }

  /** A chain n1-n2-n3 whose key `a` holds 1 everywhere, and a session that has written it. */
  withOne(): number {
    this.begin();
    const session = this.session();
    this.ask('n1', write(session, 1, 1));
    this.told();
    return session;
  }
}
