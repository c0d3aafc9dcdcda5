/**
 * A system at random: its nodes and its own clients, where any letter may be the next to arrive, twice or never, any
 * timer may ring, links are cut, wall clocks step and nodes crash. There is no time but the order of things, so that
 * every delay is as likely as any other. After each move the system is looked at from within.
 */
import type { HistoryEvent } from 'knossos-ts';
import { processId } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Random } from '../../src/core/random.ts';
import { instant, seconds } from '../../src/core/time.ts';
import type {
  Attempt,
  Call,
  ClientContext,
  ClientEffects,
  ClientInput,
  ClientMachine,
} from '../../src/protocol/client.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import type { Dialect, Machine } from '../../src/protocol/protocol.ts';
import type { Stage } from './stage.ts';

/** What is played at random. */
export interface Troupe<D extends Dialect, M extends Machine<D>> {
  readonly names: readonly NodeId[];
  readonly stage: Stage<D, M>;
  readonly keys: readonly string[];
  readonly crashes: boolean;
  /** The share of moves in which everything arrives and every timer rings at its time for a while; none without. */
  readonly calm?: number;
  client(context: ClientContext): ClientMachine;
  /** Draws what is done with the key. Each value that `unique` gives it gives once. */
  call(key: string, random: Random, unique: () => number): Call;
  /** Throws when something is not as it must always be. `down`: the nodes that are. */
  check(down: ReadonlySet<NodeId>): void;
}

interface Client {
  readonly process: number;
  readonly home: NodeId;
  readonly machine: ClientMachine;
  readonly timers: Set<string>;
  /** Requests that the client waits for, by the stage's number. */
  readonly asked: Map<number, { readonly attempt: Attempt; readonly node: NodeId }>;
  call: Call | null;
}

const clientCount = 4;

export class Chaos<D extends Dialect, M extends Machine<D>> {
  readonly history: HistoryEvent[] = [];
  readonly #troupe: Troupe<D, M>;
  readonly #random: Random;
  readonly #clients: Client[] = [];
  readonly #down = new Set<NodeId>();
  #processes = 0;
  #values = 0;
  #ending = false;

  constructor(troupe: Troupe<D, M>, random: Random) {
    this.#troupe = troupe;
    this.#random = random;
    for (let count = 0; count < clientCount; count++) this.#clients.push(this.#newClient());
  }

  /** Throws when a check does. In the end all links are well, all nodes up, and there was time to come together. */
  run(moves: number): void {
    const { stage } = this.#troupe;
    for (let move = 0; move < moves; move++) {
      // Towards the end nobody begins anything more, so that what went wrong is not covered up by newer values.
      this.#ending = move > 0.8 * moves;
      this.#move();
      this.#deliverAnswers();
      this.#troupe.check(this.#down);
    }
    stage.heal();
    for (const name of this.#down) stage.start(name);
    this.#down.clear();
    // What is answered now may be followed by another request; after two of these nobody asks for anything more.
    for (let round = 0; round < 3; round++) {
      this.#deliverAnswers();
      stage.pass(10_000);
    }
    this.#troupe.check(this.#down);
  }

  #move(): void {
    const random = this.#random;
    const { stage, names, crashes, calm = 0 } = this.#troupe;
    const { letters } = stage;
    if (calm > 0 && random.chance(calm)) return stage.pass(random.below(700));
    const what = random.unit();
    stage.wait(random.below(20));
    // Mostly one of the oldest letters, or all would be late and none out of its turn.
    const reach = random.chance(0.8) ? Math.min(6, letters.length) : letters.length;
    if (what < 0.72 && reach > 0) this.#post(random.below(reach));
    else if (what < 0.9) this.#clientMoves(random.pick(this.#clients));
    else if (what < 0.95) this.#ring(random.pick(names));
    else if (what < 0.957) stage.isolate(...random.shuffle(names).slice(0, 1 + random.below(2)));
    else if (what < 0.98) stage.heal();
    else if (what < 0.985) stage.bump(random.pick(names), random.below(2_000) - 1_000);
    else if (crashes) this.#crashOrStart(random.pick(names));
  }

  #post(place: number): void {
    const { stage } = this.#troupe;
    const chance = this.#random.unit();
    if (chance < 0.05) stage.letters.splice(place, 1);
    else stage.deliverAt(place, chance < 0.1);
  }

  #ring(name: NodeId): void {
    const { stage } = this.#troupe;
    const timers = this.#down.has(name) ? [] : stage.timers(name);
    if (timers.length > 0) stage.ring(name, this.#random.pick(timers) as D['timer']);
  }

  #crashOrStart(name: NodeId): void {
    const { stage } = this.#troupe;
    if (this.#down.delete(name)) return stage.start(name);
    stage.crash(name);
    this.#down.add(name);
    for (const client of this.#clients.slice())
      for (const [request, { attempt, node }] of client.asked)
        if (node === name && client.asked.delete(request))
          this.#step(client, { kind: 'undeliverable', attempt, when: 'after', why: `${name} is down` });
  }

  #newClient(): Client {
    const { names } = this.#troupe;
    const process = this.#processes++;
    const home = names[process % names.length] as NodeId;
    const machine = this.#troupe.client({
      process: processId(process),
      home,
      nodes: names,
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
      const key = this.#random.pick(this.#troupe.keys);
      const call = this.#troupe.call(key, this.#random, () => ++this.#values);
      client.call = call;
      this.#tell(client, 'invoke', call, call.value);
      return this.#step(client, { kind: 'invoke', call });
    }
    const timer = this.#random.pick(['attempt', 'pause', 'pause', 'operation']);
    if (timer !== 'pause' && this.#random.chance(0.9)) return;
    if (client.timers.delete(timer)) this.#step(client, { kind: 'timer', timer });
  }

  #step(client: Client, input: ClientInput): void {
    const { stage } = this.#troupe;
    const refused: Attempt[] = [];
    const effects: ClientEffects = {
      request: (attempt, node, body) => {
        if (this.#down.has(node)) refused.push(attempt);
        else client.asked.set(stage.request(node, body), { attempt, node });
      },
      setTimer: (timer) => void client.timers.add(timer),
      clearTimer: (timer) => void client.timers.delete(timer),
      complete: (outcome) => this.#complete(client, outcome),
    };
    const now = { wall: instant(0), monotonic: instant(0) };
    client.machine.step(now, input, effects);
    for (const attempt of refused)
      this.#step(client, { kind: 'undeliverable', attempt, when: 'before', why: 'nobody listens' });
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
    const { stage } = this.#troupe;
    for (const client of this.#clients.slice())
      for (const [request, { attempt }] of client.asked) {
        const body = stage.answer(request);
        if (body !== null && client.asked.delete(request)) this.#step(client, { kind: 'reply', attempt, body });
      }
  }
}
