/**
 * The quorum store at random: nodes and the store's own clients, where any letter may be the next to arrive, twice or
 * never, any timer may ring, links are cut, wall
 * clocks step and nodes crash. There is no time but the order of things, so that every
 * delay is as likely as any other. After each move it looks at the nodes from within (invariants.ts).
 */
import type { HistoryEvent } from 'knossos-ts';
import { nodeNames, processId } from '../../../src/core/ids.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import { seeded } from '../../../src/core/random.ts';
import type { Random } from '../../../src/core/random.ts';
import { instant, seconds } from '../../../src/core/time.ts';
import type { Attempt, Call, ClientEffects, ClientInput } from '../../../src/protocol/client.ts';
import type { Outcome } from '../../../src/protocol/outcomes.ts';
import { QuorumClient } from '../client.ts';
import type { QuorumDialect } from '../dialect.ts';
import { Invariants } from './invariants.ts';
import { Stage } from './stage.ts';

export interface ChaosOptions {
  readonly bug?: string | null;
  readonly values?: { readonly [name: string]: number | string };
  readonly crashes?: boolean;
}

interface Client {
  readonly process: number;
  readonly home: NodeId;
  readonly machine: QuorumClient;
  readonly timers: Set<string>;
  /** Requests that the client waits for, by the stage's number. */
  readonly asked: Map<number, { readonly attempt: Attempt; readonly node: NodeId }>;
  call: Call | null;
}

/** Time leaps to whatever timer rings, so that patience is soon at an end. */
const ordinary = { patience: 5_000, upkeep: 500 };

const clientCount = 4;
const keys = ['a', 'b'];

export class Chaos {
  readonly history: HistoryEvent[] = [];
  readonly names: readonly NodeId[];
  readonly stage: Stage;
  readonly #random: Random;
  readonly #options: ChaosOptions;
  readonly #clients: Client[] = [];
  readonly #invariants: Invariants;
  readonly #down = new Set<NodeId>();
  #processes = 0;
  #values = 0;
  #ending = false;

  constructor(seed: number, options: ChaosOptions = {}) {
    this.#random = seeded(seed);
    this.#options = options;
    this.names = nodeNames(this.#random.pick([3, 3, 4, 5]));
    const { bug = null, values = {} } = options;
    this.stage = new Stage({ nodes: this.names.length, bug, values: { ...ordinary, ...values } });
    this.#invariants = new Invariants(this.stage, this.names, keys);
    for (let count = 0; count < clientCount; count++) this.#clients.push(this.#newClient());
  }

  /** Throws when an invariant breaks. In the end all links are well, all nodes up, and there was time to come together. */
  run(moves: number): void {
    for (let move = 0; move < moves; move++) {
      // Towards the end nobody begins anything more, so that what went wrong is not covered up by newer versions.
      this.#ending = move > 0.8 * moves;
      this.#move();
      this.#deliverAnswers();
      this.#invariants.check(this.#down);
    }
    this.stage.heal();
    for (const name of this.#down) this.stage.start(name);
    this.#down.clear();
    // A stamp that is answered now is followed by a write; after two of these nobody asks for anything more.
    for (let round = 0; round < 3; round++) {
      this.#deliverAnswers();
      this.stage.pass(10_000);
    }
    this.#invariants.check(this.#down);
  }

  /** What the nodes hold of a key that they do not agree about, or null. */
  divergence(): string | null {
    for (const key of keys) {
      const held = this.names.map((name) => JSON.stringify(this.stage.machine(name).node.replica.versionOf(key)));
      if (new Set(held).size > 1) return held.join(' ');
    }
    return null;
  }

  #move(): void {
    const random = this.#random;
    const { letters } = this.stage;
    const what = random.unit();
    this.stage.wait(random.below(20));
    // Mostly one of the oldest letters, or all would be late and none out of its turn.
    const reach = random.chance(0.8) ? Math.min(6, letters.length) : letters.length;
    if (what < 0.72 && reach > 0) this.#post(random.below(reach));
    else if (what < 0.9) this.#clientMoves(random.pick(this.#clients));
    else if (what < 0.95) this.#ring(random.pick(this.names));
    else if (what < 0.957) this.stage.isolate(...random.shuffle(this.names).slice(0, 1 + random.below(2)));
    else if (what < 0.98) this.stage.heal();
    else if (what < 0.985) this.stage.bump(random.pick(this.names), random.below(2_000) - 1_000);
    else if (this.#options.crashes !== false) this.#crashOrStart(random.pick(this.names));
  }

  #post(place: number): void {
    const chance = this.#random.unit();
    if (chance < 0.05) this.stage.letters.splice(place, 1);
    else this.stage.deliverAt(place, chance < 0.1);
  }

  #ring(name: NodeId): void {
    const timers = this.#down.has(name) ? [] : this.stage.timers(name);
    if (timers.length > 0) this.stage.ring(name, this.#random.pick(timers) as QuorumDialect['timer']);
  }

  #crashOrStart(name: NodeId): void {
    if (this.#down.delete(name)) return this.stage.start(name);
    this.stage.crash(name);
    this.#down.add(name);
    for (const client of this.#clients)
      for (const [request, { attempt, node }] of client.asked)
        if (node === name && client.asked.delete(request))
          this.#step(client, { kind: 'undeliverable', attempt, when: 'after', why: `${name} is down` });
  }

  #newClient(): Client {
    const process = this.#processes++;
    const home = this.names[process % this.names.length] as NodeId;
    const machine = new QuorumClient({
      process: processId(process),
      home,
      nodes: this.names,
      random: this.#random.fork(`client ${process}`),
      options: { bug: null, values: {} },
      attemptTimeout: seconds(1),
      operationTimeout: seconds(5),
    });
    return { process, home, machine, timers: new Set(), asked: new Map(), call: null };
  }

  /** Begins an operation, or lets a timer ring; that of the whole operation seldom. */
  #clientMoves(client: Client): void {
    if (client.call === null) {
      if (this.#ending) return;
      const key = this.#random.pick(keys);
      const call = this.#random.chance(0.5)
        ? { f: 'read', key, value: null }
        : { f: 'write', key, value: ++this.#values };
      client.call = call;
      this.#tell(client, 'invoke', call, call.value);
      return this.#step(client, { kind: 'invoke', call });
    }
    const timer = this.#random.pick(['attempt', 'pause', 'pause', 'operation']);
    if (timer !== 'pause' && this.#random.chance(0.9)) return;
    if (client.timers.delete(timer)) this.#step(client, { kind: 'timer', timer });
  }

  #step(client: Client, input: ClientInput): void {
    const effects: ClientEffects = {
      request: (attempt, node, body) => {
        if (this.#down.has(node)) {
          client.timers.add('pause');
          return;
        }
        client.asked.set(this.stage.request(node, body), { attempt, node });
      },
      setTimer: (timer) => void client.timers.add(timer),
      clearTimer: (timer) => void client.timers.delete(timer),
      complete: (outcome) => this.#complete(client, outcome),
    };
    client.machine.step({ wall: instant(0), monotonic: instant(0) }, input, effects);
  }

  #complete(client: Client, outcome: Outcome): void {
    const { call } = client;
    if (call === null) throw new Error('an operation completed twice');
    client.call = null;
    this.#tell(client, outcome.type, call, outcome.type === 'ok' ? outcome.value : call.value);
    // A process whose operation may happen yet is retired, as the harness does it.
    if (outcome.type === 'info') this.#clients[this.#clients.indexOf(client)] = this.#newClient();
  }

  #tell({ process }: Client, type: HistoryEvent['type'], { f, key }: Call, value: Call['value']): void {
    const index = this.history.length;
    this.history.push({ index, time: index, process, type, f, key, value });
  }

  #deliverAnswers(): void {
    for (const client of this.#clients.slice())
      for (const [request, { attempt }] of client.asked) {
        const body = this.stage.answer(request);
        if (body !== null && client.asked.delete(request)) this.#step(client, { kind: 'reply', attempt, body });
      }
  }
}
