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
import type { Effects, Input } from '../../../src/protocol/protocol.ts';
import type { ClientId, RequestBody, ResponseBody } from '../../../src/protocol/wire.ts';
import type { RaftDialect, RaftMessage, RaftRecord } from '../dialect.ts';
import { RaftMachine } from '../protocol.ts';
import { clientCount, startClient } from './chaos-client.ts';
import type { ClientWorld, Event } from './chaos-client.ts';
import { Invariants } from './invariants.ts';

const values = { heartbeat: 20, electionMin: 100, electionMax: 200, maxEntriesPerAppend: 3, maxSessions: 6 };

/** What one step asks for; the outputs are released when its records and all before them are durable. */
interface Batch {
  readonly records: string[];
  readonly outputs: (() => void)[];
}

interface Actor {
  readonly name: NodeId;
  machine: RaftMachine | null;
  life: number;
  disk: string[];
  unsynced: Batch[];
  readonly timers: Map<string, number>;
  readonly requests: Map<number, (body: ResponseBody | null) => void>;
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
  readonly #bug: string | null;
  #now = 0;
  #ids = 0;
  #faulty = true;

  constructor(seed: number, bug: string | null = null) {
    this.#random = seeded(seed);
    this.#bug = bug;
    const names = nodeNames(this.#random.pick([3, 5]));
    this.#actors = names.map((name) => ({
      name,
      machine: null,
      life: 0,
      disk: [],
      unsynced: [],
      timers: new Map(),
      requests: new Map(),
    }));
  }

  /** Faults for so many virtual milliseconds, and then none for so many, in which everything must come right. */
  run(faulty: number, quiet: number): void {
    for (const actor of this.#actors) this.#start(actor);
    const world: ClientWorld = {
      nodes: this.#actors.map(({ name }) => name),
      random: this.#random.fork('clients'),
      options: { bug: this.#bug, values },
      events: this.events,
      clocks: () => this.#clocks(),
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
    const what = random.below(9);
    if (what <= 2) this.#cut.clear();
    else if (what === 3) this.#isolate(actor);
    else if (what === 4) this.#isolate(this.#leader() ?? actor);
    else if (what === 5) this.#cut.add(`${actor.name}>${random.pick(this.#actors).name}`);
    else if (what === 6) this.#crash(actor);
    else if (what === 7) this.#crash(this.#leader() ?? actor);
    else for (const each of this.#actors) this.#crash(each);
    this.#later(200, () => this.#trouble());
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
    const lost = actor.unsynced.flatMap(({ records }) => records);
    actor.disk.push(...lost.slice(0, this.#random.below(lost.length + 1)));
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
    const options = { bug: this.#bug, values };
    const context = { self: actor.name, nodes: members, members, life: actor.life, random, options };
    const records = actor.disk.map((text) => JSON.parse(text) as RaftRecord);
    this.#do(actor, (effects) => {
      actor.machine = new RaftMachine(this.#clocks(), context, records, effects);
    });
  }

  #step(actor: Actor, input: Input<RaftDialect>): void {
    const { machine } = actor;
    if (machine === null) return;
    this.#do(actor, (effects) => machine.step(this.#clocks(), input, effects));
    this.invariants.check(machine.node);
  }

  #do(actor: Actor, what: (effects: Effects<RaftDialect>) => void): void {
    const batch: Batch = { records: [], outputs: [] };
    what(this.#effects(actor, batch));
    const isIdle = actor.unsynced.length === 0;
    if (isIdle && batch.records.length === 0) return release(batch);
    actor.unsynced.push(batch);
    if (isIdle) this.#sync(actor, actor.life);
  }

  /** Makes what has come so far durable, after a while; what comes meanwhile waits for the next time. */
  #sync(actor: Actor, life: number): void {
    const count = actor.unsynced.length;
    this.#later(3, () => {
      if (actor.machine === null || actor.life !== life) return;
      const done = actor.unsynced.splice(0, count);
      for (const batch of done) actor.disk.push(...batch.records);
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
        const at = this.#now + after;
        const { life } = actor;
        actor.timers.set(timer, at);
        this.#agenda.push(at, () => {
          if (actor.life !== life || actor.timers.get(timer) !== at) return;
          actor.timers.delete(timer);
          this.#step(actor, { kind: 'timer', timer });
        });
      },
      clearTimer: (timer) => void actor.timers.delete(timer),
      persist: (record) => void batch.records.push(JSON.stringify(record)),
      compact: () => {
        throw new Error('raft does not compact yet');
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

  #clocks(): Now {
    return { wall: instant(this.#now), monotonic: instant(this.#now) };
  }
}

function release(batch: Batch): void {
  for (const output of batch.outputs) output();
}
