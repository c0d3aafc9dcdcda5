/**
 * A store with one log and readers that lag behind it, as a consensus store with local reads: sequentially consistent and
 * not linearizable. Each client is at a position of the log that never goes back; a write or cas goes to the end, a read
 * to somewhere between the client's position and the end. Operations of the clients overlap in time; some of the
 * mutators end in `info`, take effect or not, and retire their process.
 */
import type { HistoryEvent, Value } from '../../src/history/operation.ts';

export interface Lag {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** Shares of all operations. */
  readonly cas: number;
  readonly writes: number;
  readonly info: number;
  /** How many entries of the log a reader may be behind. */
  readonly behind: number;
  readonly seed: number;
  /** One read late in the history goes back to what its client knows to be overwritten by way of another key. */
  readonly violated: boolean;
}

interface Version {
  readonly at: number;
  readonly value: Value;
}

interface Event extends Omit<HistoryEvent, 'index'> {
  readonly order: number;
}

export function laggingStore(lag: Lag): HistoryEvent[] {
  const store = new LaggingStore(lag);
  for (let made = 0; made < lag.operations; made++) store.operate(made);
  const events = store.events.toSorted((one, other) => one.time - other.time || one.order - other.order);
  return events.map(({ time, process, type, f, key, value }, index) => ({ index, time, process, type, f, key, value }));
}

class LaggingStore {
  readonly events: Event[] = [];
  readonly #lag: Lag;
  readonly #random: () => number;
  /** By key: its versions, each with the position of the log at which it began. */
  readonly #versions: Version[][];
  #end = 0;
  readonly #clients: { process: number; at: number; free: number; lastRead: Map<number, number> }[];
  #violated = false;

  constructor(lag: Lag) {
    this.#lag = lag;
    let state = lag.seed;
    this.#random = () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
    this.#versions = Array.from({ length: lag.keys }, () => [{ at: 0, value: null }]);
    this.#clients = Array.from({ length: lag.clients }, (_, process) => ({
      process,
      at: 0,
      free: 0,
      lastRead: new Map<number, number>(),
    }));
  }

  /** Operations take effect in the order in which they are made, each at an instant of its own. */
  operate(made: number): void {
    const { clients, keys, cas, writes, info } = this.#lag;
    const now = made * 1_000;
    const ready = this.#clients.filter(({ free }) => free < now);
    const client = ready[Math.floor(this.#random() * ready.length)] ?? this.#clients[0]!;
    const key = Math.floor(this.#random() * keys);
    const draw = this.#random();
    const f = draw < writes ? 'write' : draw < writes + cas ? 'cas' : 'read';
    const isUnsure = f !== 'read' && this.#random() < info / (writes + cas);
    const begun = Math.max(client.free, now - this.#random() * clients * 300);
    const { input, output } = this.#effect(client, f, key, made, isUnsure && this.#random() < 0.5);
    const ended = now + this.#random() * clients * 300;
    const place = { process: client.process, f, key };
    this.events.push({ ...place, order: 2 * made, time: begun, type: 'invoke', value: input });
    this.events.push({
      ...place,
      order: 2 * made + 1,
      time: ended,
      type: isUnsure ? 'info' : 'ok',
      value: isUnsure ? null : output,
    });
    client.free = ended;
    if (isUnsure) client.process += clients;
  }

  #effect(
    client: { at: number; lastRead: Map<number, number> },
    f: string,
    key: number,
    made: number,
    isLost: boolean,
  ): { input: Value; output: Value } {
    const versions = this.#versions[key]!;
    if (f === 'read') return { input: null, output: this.#read(client, key, made) };
    const { value: current } = versions.at(-1)!;
    const from = this.#random() < 0.7 ? current : -1;
    if (!isLost) {
      client.at = this.#end;
      if (f === 'write' || from === current) {
        this.#end++;
        client.at = this.#end;
        versions.push({ at: this.#end, value: made });
      }
    }
    if (f === 'write') return { input: made, output: null };
    return { input: [from, made], output: from === current ? { swapped: true } : { swapped: false, current } };
  }

  #read(client: { at: number; lastRead: Map<number, number> }, key: number, made: number): Value {
    const { behind, operations, violated } = this.#lag;
    client.at = Math.max(client.at, this.#end - Math.floor(this.#random() * behind));
    const versions = this.#versions[key]!;
    let place = versions.length - 1;
    while (versions[place]!.at > client.at) place--;
    if (violated && !this.#violated && made > operations * 0.9 && place > 5) {
      this.#violated = true;
      return versions[place - 5]!.value;
    }
    return versions[place]!.value;
  }
}
