/**
 * A store with one log and readers that lag behind it, as a consensus store with local reads: sequentially consistent and
 * not linearizable. Each client is at a position of the log that never goes back; a write or cas goes to the end, a read
 * to somewhere between the client's position and the end. Operations of the clients overlap in time; some of the
 * mutators end in `info`, take effect or not, and retire their process.
 */
import type { HistoryEvent, Value } from '../../src/history/operation.ts';
import { below, pick, seeded, type Random } from '../../src/testing/seeded.ts';

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
  /** One, in the last tenth of the history. */
  readonly violation: Violation | undefined;
}

/**
 * `read goes back`: by five versions of the key, which its client mostly knows by way of other keys only.
 * `two swaps from one value`: a cas is told that it swapped a value that another one had swapped already.
 * `write is lost`: it is acknowledged, and its client reads what was there before; others never see it.
 * `reads cross`: of two clients that have just written, each reads before the other's write.
 */
export const violations = ['read goes back', 'two swaps from one value', 'write is lost', 'reads cross'] as const;
export type Violation = (typeof violations)[number];

interface Version {
  readonly at: number;
  readonly value: Value;
  readonly isSwap: boolean;
}

interface Event extends Omit<HistoryEvent, 'index'> {
  readonly order: number;
}

interface Client {
  process: number;
  /** Of the log: what it has seen. */
  at: number;
  /** When its latest operation ended. */
  free: number;
}

/** What a client does, and what it is told. */
interface Step {
  readonly client: Client;
  readonly f: string;
  readonly key: number;
  readonly input: Value;
  readonly output: Value;
  readonly isUnsure: boolean;
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
  readonly #random: Random;
  /** By key: its versions, each with the position of the log at which it began. */
  readonly #versions: Version[][];
  #end = 0;
  readonly #clients: readonly Client[];
  /** What is left of the violation; undefined before it begins. */
  #violation: ((made: number) => Step)[] | undefined;

  constructor(lag: Lag) {
    this.#lag = lag;
    this.#random = seeded(lag.seed);
    this.#versions = Array.from({ length: lag.keys }, () => [{ at: 0, value: null, isSwap: false }]);
    this.#clients = Array.from({ length: lag.clients }, (_, process) => ({ process, at: 0, free: 0 }));
  }

  /** Operations take effect in the order in which they are made, each at an instant of its own. */
  operate(made: number): void {
    const { clients, operations, violation } = this.#lag;
    const now = made * 1_000;
    if (violation !== undefined && made > operations * 0.9) this.#violation ??= this.#violationOf(violation);
    const { client, f, key, input, output, isUnsure } = this.#violation?.shift()?.(made) ?? this.#ordinary(made, now);
    const begun = Math.max(client.free, now - this.#random() * clients * 300);
    const ended = Math.max(begun, now) + this.#random() * clients * 300;
    const place = { process: client.process, f, key };
    this.events.push({ ...place, order: 2 * made, time: begun, type: 'invoke', value: input });
    const type = isUnsure ? 'info' : 'ok';
    this.events.push({ ...place, order: 2 * made + 1, time: ended, type, value: isUnsure ? null : output });
    client.free = ended;
    if (isUnsure) client.process += clients;
  }

  #ordinary(made: number, now: number): Step {
    const { keys, cas, writes, info } = this.#lag;
    const ready = this.#clients.filter(({ free }) => free < now);
    const client = ready.length === 0 ? this.#clients[0]! : pick(this.#random, ready);
    const key = below(this.#random, keys);
    const draw = this.#random();
    const f = draw < writes ? 'write' : draw < writes + cas ? 'cas' : 'read';
    if (f === 'read') {
      client.at = Math.max(client.at, this.#end - below(this.#random, this.#lag.behind));
      return this.#reads(client, key, this.#placeAt(key, client.at));
    }
    const isUnsure = this.#random() < info / (writes + cas);
    const isLost = isUnsure && this.#random() < 0.5;
    const current = this.#versions[key]!.at(-1)!.value;
    const from = this.#random() < 0.7 ? current : -1;
    if (!isLost) {
      client.at = this.#end;
      if (f === 'write' || from === current) this.#append(client, key, made, f === 'cas');
    }
    const swapped = from === current ? { swapped: true } : { swapped: false, current };
    const [input, output]: [Value, Value] = f === 'write' ? [made, null] : [[from, made], swapped];
    return { client, f, key, input, output, isUnsure };
  }

  #append(client: Client, key: number, value: Value, isSwap: boolean): void {
    client.at = ++this.#end;
    this.#versions[key]!.push({ at: this.#end, value, isSwap });
  }

  #placeAt(key: number, at: number): number {
    return this.#versions[key]!.findLastIndex((version) => version.at <= at);
  }

  #reads(client: Client, key: number, place: number): Step {
    return { client, f: 'read', key, input: null, output: this.#versions[key]![place]!.value, isUnsure: false };
  }

  /** The latest version of a key. */
  #readsLast(client: Client, key: number): Step {
    client.at = this.#end;
    return this.#reads(client, key, this.#versions[key]!.length - 1);
  }

  #violationOf(violation: Violation): ((made: number) => Step)[] {
    const [one, other] = [this.#clients[0]!, this.#clients[1]!];
    const [x, y] = [0, 1];
    const writes = (client: Client, key: number, value: number, isKept: boolean): Step => {
      if (isKept) this.#append(client, key, value, false);
      return { client, f: 'write', key, input: value, output: null, isUnsure: false };
    };
    const before = (key: number): number => this.#versions[key]!.length - 2;
    if (violation === 'read goes back') return [() => this.#reads(one, x, this.#placeAt(x, one.at) - 5)];
    if (violation === 'two swaps from one value') {
      return [(made) => this.#swapsAgain(one, made)];
    }
    if (violation === 'write is lost') {
      return [() => this.#readsLast(one, x), (made) => writes(one, x, made, false), () => this.#readsLast(one, x)];
    }
    return [
      () => this.#readsLast(one, x),
      () => this.#readsLast(other, y),
      (made) => writes(one, x, made, true),
      (made) => writes(other, y, made, true),
      () => this.#reads(one, y, before(y)),
      () => this.#reads(other, x, before(x)),
    ];
  }

  #swapsAgain(client: Client, made: number): Step {
    const key = this.#versions.findIndex((versions) => versions.some(({ isSwap }) => isSwap));
    const place = this.#versions[key]!.findLastIndex(({ isSwap }) => isSwap) - 1;
    const input = [this.#versions[key]![place]!.value, made];
    return { client, f: 'cas', key, input, output: { swapped: true }, isUnsure: false };
  }
}
