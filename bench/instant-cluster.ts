/** A cluster on real time whose only node answers at once, so that what is measured is the harness alone. */
import type { NodeId } from '../src/core/ids.ts';
import type { Json } from '../src/core/json.ts';
import { instant } from '../src/core/time.ts';
import type { ClientReceiver, Cluster, World } from '../src/environments/environment.ts';
import type { Faults } from '../src/environments/faults.ts';
import type { RequestBody, ResponseBody } from '../src/protocol/wire.ts';

interface Asked {
  readonly receiver: ClientReceiver;
  readonly attempt: number;
  readonly body: RequestBody;
}

export class InstantCluster implements Cluster {
  readonly nodes: readonly NodeId[];
  readonly world: World;
  readonly faults: Faults;
  readonly #begun = process.hrtime.bigint();
  readonly #state = new Map<string, Json>();
  #asked: Asked[] = [];

  constructor(nodes: readonly NodeId[]) {
    this.nodes = nodes;
    this.world = {
      now: () => instant(Number(process.hrtime.bigint() - this.#begun)),
      after: (delay, fire) => {
        const timer = setTimeout(fire, delay / 1e6);
        return () => clearTimeout(timer);
      },
      connect: (_client, receiver) => ({
        request: (attempt, _node, body) => this.#request({ receiver, attempt, body }),
        close: () => {},
      }),
    };
    this.faults = {
      kinds: new Set(),
      begin: (_id, _fault, done) => done({ ok: false, error: 'nothing breaks here' }),
      end: (_id, done) => done({ ok: true, value: '' }),
      inspect: (_node, done) => done({ ok: true, value: { role: 'replica' } }),
      peek: (_node, key, done) => done({ ok: true, value: this.#state.get(key) ?? null }),
    };
  }

  run(start: (finish: () => void) => void): Promise<void> {
    return new Promise((resolve) => start(resolve));
  }

  findings(): readonly [] {
    return [];
  }

  trace(): null {
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** What was asked in one turn of the event loop is answered in the next, as a socket would. */
  #request(asked: Asked): void {
    if (this.#asked.push(asked) > 1) return;
    setImmediate(() => {
      const all = this.#asked;
      this.#asked = [];
      for (const { receiver, attempt, body } of all) receiver.reply(attempt, this.#answer(body));
    });
  }

  #answer({ type, key, value }: RequestBody): ResponseBody {
    const name = key as string;
    const current = this.#state.get(name) ?? null;
    if (type === 'read') return { type: 'ok', value: current };
    const [from, to] = type === 'write' ? [current, value ?? null] : (value as readonly [Json, Json]);
    if (from !== current) return { type: 'ok', value: { swapped: false, current } };
    this.#state.set(name, to);
    return { type: 'ok', value: type === 'write' ? to : { swapped: true } };
  }
}
