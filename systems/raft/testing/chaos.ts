/**
 * Raft at random: a few nodes and clients on virtual time, where messages are lost, doubled and overtaken, links are
 * cut, and nodes crash and lose part of what they had not synced. It follows the host's rule that nothing leaves a
 * node before what it persisted is durable, and it looks at the nodes after every step (invariants.ts). It is small
 * and knows Raft from within, where the harness's own simulation knows it only through its history.
 */
import { Heap } from '../../../src/core/heap.ts';
import { nodeNames } from '../../../src/core/ids.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import { seeded } from '../../../src/core/random.ts';
import type { Random } from '../../../src/core/random.ts';
import { instant, milliseconds } from '../../../src/core/time.ts';
import type { Now } from '../../../src/core/time.ts';
import type { Attempt, ClientInput } from '../../../src/protocol/client.ts';
import type { Effects, Input, SystemOptions } from '../../../src/protocol/protocol.ts';
import type { ClientId, RequestBody, ResponseBody } from '../../../src/protocol/wire.ts';
import type { RaftDialect, RaftMessage, RaftRecord } from '../dialect.ts';
import { RaftMachine } from '../protocol.ts';
import { clientCount, startClient } from './chaos-client.ts';
import type { ClientWorld, Event } from './chaos-client.ts';
import { Invariants } from './invariants.ts';

/** A snapshot of a few items goes in many parts, in some, or in one. */
const chunks = [1, 2, 3, 1000];

const ordinary = {
  heartbeat: 20,
  electionMin: 100,
  electionMax: 200,
  maxEntriesPerAppend: 3,
  maxSessions: 6,
  snapshotEvery: 7,
  maxDrift: 0.1,
};

/** One write to a disk: a record behind the others, or a log in place of the old one, wholly or not at all. */
type Write =
  | { readonly kind: 'append'; readonly record: string }
  | { readonly kind: 'replace'; readonly records: string[] };

/** What one step asks for; the outputs are released when its writes and all before them are durable. */
interface Batch {
  readonly writes: Write[];
  readonly outputs: (() => void)[];
}

export interface ChaosOptions {
  readonly bug?: string | null;
  readonly values?: SystemOptions['values'];
  /** The share of the troubles that are transfers and changes of members. */
  readonly politics?: number;
}

interface Actor {
  readonly name: NodeId;
  machine: RaftMachine | null;
  life: number;
  disk: string[];
  unsynced: Batch[];
  readonly timers: Map<string, number>;
  readonly requests: Map<number, (body: ResponseBody | null) => void>;
  /** How fast its clocks run. */
  rate: number;
}

export class Chaos {
  readonly events: Event[] = [];
  readonly invariants: Invariants = new Invariants();
  /** How many entries were known to be committed when the faults ended. */
  committedInTrouble = 0;
  readonly #random: Random;
  readonly #agenda = new Heap<() => void>();
  readonly #actors: readonly Actor[];
  readonly #cut = new Set<string>();
  readonly #options: SystemOptions;
  readonly #politics: number;
  /** What became of transfers and changes of members: how often each type of answer came. */
  readonly answers: Map<string, number> = new Map();
  snapshots = 0;
  #now = 0;
  #ids = 0;
  #faulty = true;

  constructor(seed: number, { bug = null, values = {}, politics = 0.2 }: ChaosOptions = {}) {
    this.#random = seeded(seed);
    const snapshotChunk = this.#random.fork('chunk').pick(chunks);
    this.#options = { bug, values: { ...ordinary, snapshotChunk, ...values } };
    this.#politics = politics;
    const names = nodeNames(this.#random.pick([3, 4, 5]));
    this.#actors = names.map((name) => ({
      name,
      machine: null,
      life: 0,
      disk: [],
      unsynced: [],
      timers: new Map(),
      requests: new Map(),
      rate: 1,
    }));
  }

  get maxSessions(): number {
    return Number(this.#options.values['maxSessions']);
  }

  /** Faults for so many virtual milliseconds, and then none for so many, in which everything must come right. */
  run(faulty: number, quiet: number): void {
    for (const actor of this.#actors) this.#start(actor);
    const world: ClientWorld = {
      nodes: this.#actors.map(({ name }) => name),
      random: this.#random.fork('clients'),
      options: this.#options,
      events: this.events,
      clocks: () => ({ wall: instant(this.#now), monotonic: instant(this.#now) }),
      at: (time, what) => this.#agenda.push(time, what),
      request: (attempt, node, body, step) => this.#request(attempt, node, body, step),
    };
    for (let client = 0; client < clientCount; client++) startClient(world, client);
    this.#later(200, () => this.#trouble());
    this.#pump(milliseconds(faulty));
    this.#faulty = false;
    this.committedInTrouble = this.invariants.committed.length;
    this.#cut.clear();
    for (const actor of this.#actors) if (actor.machine === null) this.#start(actor);
    this.#later(20, () => this.#reunite());
    this.#pump(milliseconds(faulty + quiet));
    this.invariants.checkLogs(this.nodes());
  }

  nodes(): RaftMachine['node'][] {
    return this.#actors.flatMap(({ machine }) => (machine === null ? [] : [machine.node]));
  }

  #pump(until: number): void {
    while (this.#agenda.nextAt <= until) {
      this.#now = this.#agenda.nextAt;
      this.#agenda.pop()?.();
    }
  }

  #later(most: number, what: () => void): void {
    this.#agenda.push(this.#now + milliseconds(0.05 + this.#random.unit() * most), what);
  }

  #trouble(): void {
    if (!this.#faulty) return;
    const random = this.#random;
    const actor = random.pick(this.#actors);
    this.#later(200, () => this.#trouble());
    if (random.chance(this.#politics)) return this.#politic();
    const what = random.below(9);
    if (what <= 2) this.#cut.clear();
    else if (what === 3) this.#isolate(actor);
    else if (what === 4) this.#isolate(this.#leader() ?? actor);
    else if (what === 5) this.#cut.add(`${actor.name}>${random.pick(this.#actors).name}`);
    else if (what === 6) this.#crash(actor);
    else if (what === 7) this.#crash(this.#leader() ?? actor);
    else for (const each of this.#actors) this.#crash(each);
  }

  /** Asks some node, mostly the leader, to hand over, or to take a node in or out. */
  #politic(): void {
    const random = this.#random;
    const asked = random.chance(0.8) ? (this.#leader() ?? random.pick(this.#actors)) : random.pick(this.#actors);
    const { name } = random.pick(this.#actors);
    const members = asked.machine?.node.membership;
    if (random.chance(0.4)) this.#order(asked, { type: 'transfer', to: name });
    else if (members !== undefined && !members.includes(name)) this.#order(asked, { type: 'add_server', node: name });
    else if ((members?.members.length ?? 0) > 2) this.#order(asked, { type: 'remove_server', node: name });
  }

  /** Takes everybody in again, one after the other. */
  #reunite(): void {
    const leader = this.#leader();
    const missing = this.#actors.find(({ name }) => leader?.machine?.node.membership.includes(name) === false);
    if (leader !== undefined && missing !== undefined) this.#order(leader, { type: 'add_server', node: missing.name });
    this.#later(40, () => this.#reunite());
  }

  #order(actor: Actor, body: RequestBody): void {
    if (actor.machine === null) return;
    const id = ++this.#ids;
    actor.requests.set(id, (answer) => {
      const type =
        answer === null
          ? 'lost'
          : answer.type === 'error'
            ? `${body.type} ${JSON.stringify(answer['code'])}`
            : answer.type;
      this.answers.set(type, (this.answers.get(type) ?? 0) + 1);
    });
    this.#step(actor, { kind: 'request', id, client: 'c0' as ClientId, body });
  }

  #isolate({ name }: Actor): void {
    for (const other of this.#actors) this.#cut.add(`${name}>${other.name}`).add(`${other.name}>${name}`);
  }

  #leader(): Actor | undefined {
    return this.#actors.find(({ machine }) => machine?.node.role.kind === 'leader');
  }

  #crash(actor: Actor): void {
    if (actor.machine === null) return;
    actor.machine = null;
    actor.timers.clear();
    const lost = actor.unsynced.flatMap(({ writes }) => writes);
    for (const write of lost.slice(0, this.#random.below(lost.length + 1))) apply(actor, write);
    actor.unsynced = [];
    for (const fail of actor.requests.values()) this.#later(5, () => fail(null));
    actor.requests.clear();
    this.#later(300, () => this.#start(actor));
  }

  #start(actor: Actor): void {
    if (actor.machine !== null) return;
    actor.life++;
    const members = this.#actors.map(({ name }) => name);
    const random = this.#random.fork(`${actor.name}/${actor.life}`);
    const options = this.#options;
    actor.rate = 1 + Number(options.values['maxDrift']) * (2 * random.unit() - 1);
    const context = { self: actor.name, nodes: members, members, life: actor.life, random, options };
    const records = actor.disk.map((text) => JSON.parse(text) as RaftRecord);
    this.#do(actor, (effects) => {
      actor.machine = new RaftMachine(this.#clocks(actor), context, records, effects);
    });
  }

  #step(actor: Actor, input: Input<RaftDialect>): void {
    const { machine } = actor;
    if (machine === null) return;
    this.#do(actor, (effects) => machine.step(this.#clocks(actor), input, effects));
    this.invariants.check(machine.node);
  }

  #do(actor: Actor, what: (effects: Effects<RaftDialect>) => void): void {
    const batch: Batch = { writes: [], outputs: [] };
    what(this.#effects(actor, batch));
    const isIdle = actor.unsynced.length === 0;
    if (isIdle && batch.writes.length === 0) return release(batch);
    actor.unsynced.push(batch);
    if (isIdle) this.#sync(actor, actor.life);
  }

  /** Makes what has come so far durable, after a while; what comes meanwhile waits for the next time. */
  #sync(actor: Actor, life: number): void {
    const count = actor.unsynced.length;
    this.#later(3, () => {
      if (actor.machine === null || actor.life !== life) return;
      const done = actor.unsynced.splice(0, count);
      for (const batch of done) for (const write of batch.writes) apply(actor, write);
      for (const batch of done) release(batch);
      if (actor.unsynced.length > 0) this.#sync(actor, life);
    });
  }

  #effects(actor: Actor, batch: Batch): Effects<RaftDialect> {
    return {
      send: (to, message) => void batch.outputs.push(this.#letter(actor.name, to, JSON.stringify(message))),
      reply: (request, response) => {
        const text = JSON.stringify(response);
        batch.outputs.push(() => {
          const answer = actor.requests.get(request);
          actor.requests.delete(request);
          if (answer !== undefined) this.#later(5, () => answer(JSON.parse(text) as ResponseBody));
        });
      },
      setTimer: (timer, after) => {
        const at = this.#now + Math.ceil(after / actor.rate);
        const { life } = actor;
        actor.timers.set(timer, at);
        this.#agenda.push(at, () => {
          if (actor.life !== life || actor.timers.get(timer) !== at) return;
          actor.timers.delete(timer);
          this.#step(actor, { kind: 'timer', timer });
        });
      },
      clearTimer: (timer) => void actor.timers.delete(timer),
      persist: (record) => void batch.writes.push({ kind: 'append', record: JSON.stringify(record) }),
      compact: (records) => {
        this.snapshots++;
        batch.writes.push({ kind: 'replace', records: records.map((record) => JSON.stringify(record)) });
      },
      scope: () => {
        throw new Error('raft has no child machine');
      },
    };
  }

  #letter(from: NodeId, to: NodeId, text: string): () => void {
    const target = this.#actors.find(({ name }) => name === to) as Actor;
    const arrive = () => {
      if (!this.#cut.has(`${from}>${to}`))
        this.#step(target, { kind: 'message', from, message: JSON.parse(text) as RaftMessage });
    };
    return () => {
      if (this.#faulty && this.#random.chance(0.03)) return;
      const copies = this.#faulty && this.#random.chance(0.03) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++)
        this.#later(this.#faulty && this.#random.chance(0.05) ? 150 : 3, arrive);
    };
  }

  #request(attempt: Attempt, node: NodeId, body: RequestBody, step: (input: ClientInput) => void): void {
    const actor = this.#actors.find(({ name }) => name === node) as Actor;
    const text = JSON.stringify(body);
    const fail = (when: 'before' | 'after') => step({ kind: 'undeliverable', attempt, when, why: `${node} is down` });
    this.#later(5, () => {
      if (actor.machine === null) return fail('before');
      const id = ++this.#ids;
      actor.requests.set(id, (answer) =>
        answer === null ? fail('after') : step({ kind: 'reply', attempt, body: answer }),
      );
      this.#step(actor, { kind: 'request', id, client: 'c0' as ClientId, body: JSON.parse(text) as RequestBody });
    });
  }

  /** A node's clocks have run at its rate for ever: only differences count. */
  #clocks({ rate }: Actor): Now {
    const at = instant(Math.floor(this.#now * rate));
    return { wall: at, monotonic: at };
  }
}

function apply(actor: Actor, write: Write): void {
  if (write.kind === 'replace') actor.disk = [...write.records];
  else actor.disk.push(write.record);
}

function release(batch: Batch): void {
  for (const output of batch.outputs) output();
}
