/**
 * A stage for plays: some nodes of a system, a clock that a test moves, and messages that a test delivers, one at a time or
 * until all is said. Nothing happens by itself. What a step persists is durable at once; that sends wait for it is
 * the host's affair and tested there. What a child machine says, writes and sets timers for is kept apart as the host does
 * it, and is not told: its own plays do that.
 */
import { invariant } from '../../src/core/errors.ts';
import { nodeId, nodeNames } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import { seeded } from '../../src/core/random.ts';
import { instant, milliseconds } from '../../src/core/time.ts';
import type { Now } from '../../src/core/time.ts';
import type { Dialect, Effects, Input, Machine, NodeContext } from '../../src/protocol/protocol.ts';
import type { ClientId, RequestBody, ResponseBody } from '../../src/protocol/wire.ts';
import { responseLine } from './response-line.ts';

interface Actor<M> {
  machine: M | null;
  life: number;
  disk: Written[];
  /** What the disk held before the latest step, whose letters and answers `crashBeforeSync` takes back. */
  before: Written[];
  readonly timers: Map<string, number>;
  clock: Clock;
}

/** A node's own clocks: both run at `rate`, and stood like this at the stage's instant `since`. */
interface Clock {
  readonly rate: number;
  readonly monotonic: number;
  readonly wall: number;
  readonly since: number;
}

interface Letter {
  readonly from: NodeId;
  readonly to: NodeId;
  /** Of the child machine that wrote it; null: of the machine itself. */
  readonly scope: string | null;
  readonly text: string;
}

/** A record on disk, or what is left of one in words. */
interface Written {
  readonly scope: string | null;
  readonly text: string;
}

/** The kind of every letter of a child machine. */
type Scoped = 'scoped';

export interface StageOptions {
  readonly nodes?: number;
  /** How many of the nodes are members at first; the others are spares. */
  readonly members?: number;
  readonly bug?: string | null;
  readonly values?: { readonly [name: string]: number | string };
  /** Whether the trace tells stage directions, too: who is asked, cut off, killed and started, and which timer rings. */
  readonly directions?: boolean;
}

/** What is played: how a node starts, and how its messages and records are told in one line. */
export interface Cast<D extends Dialect, M extends Machine<D>> {
  start(now: Now, context: NodeContext, records: Iterable<D['record']>, effects: Effects<D>): M;
  /** An empty line is not told: a sign of life that says nothing. */
  lineOf(message: D['message']): string;
  recordOf(record: D['record']): string;
}

export class Stage<D extends Dialect, M extends Machine<D>> {
  /** On their way, oldest first. */
  readonly letters: Letter[] = [];
  readonly #cast: Cast<D, M>;
  readonly #options: StageOptions;
  readonly #names: readonly NodeId[];
  readonly #actors = new Map<NodeId, Actor<M>>();
  readonly #cut = new Set<string>();
  readonly #answers = new Map<number, ResponseBody>();
  #lines: string[] = [];
  /** What the latest step of any node has sent. */
  #latest: Letter[] = [];
  #now = 0;
  #requests = 0;

  constructor(cast: Cast<D, M>, options: StageOptions = {}) {
    this.#cast = cast;
    this.#options = options;
    this.#names = nodeNames(options.nodes ?? 3);
    for (const name of this.#names)
      this.#actors.set(name, {
        machine: null,
        life: 0,
        disk: [],
        before: [],
        timers: new Map(),
        clock: { rate: 1, monotonic: 0, wall: 0, since: 0 },
      });
    for (const name of this.#names) this.start(name);
    this.told();
  }

  /** What has happened since this was last asked. */
  told(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  machine(name: string): M {
    const { machine } = this.#actor(name);
    invariant(machine !== null, () => `${name} is down`);
    return machine;
  }

  wait(count: number): void {
    this.#now += milliseconds(count);
    this.#direct(`${count} ms pass`);
  }

  /** The timers that the node has set. */
  timers(name: string): readonly string[] {
    return [...this.#actor(name).timers.keys()];
  }

  /** Lets the node's timer ring, at its time or now if that has passed. That of a child machine is `scope/timer`. */
  ring(name: string, timer: D['timer'] | `${string}/${string}`): void {
    const { timers } = this.#actor(name);
    const at = timers.get(timer);
    invariant(at !== undefined, () => `${name} has set no ${timer} timer`);
    timers.delete(timer);
    this.#now = Math.max(this.#now, at);
    this.#direct(`${name}: ${timer} timer`);
    const [scope, own] = timer.includes('/') ? (timer.split('/') as [string, string]) : [null, timer];
    this.#step(name, scopedIn(scope, { kind: 'timer', timer: own }));
  }

  request(name: string, body: RequestBody): number {
    const id = ++this.#requests;
    this.#lines.push(`${name} is asked ${body.type} #${id}`);
    this.#step(name, { kind: 'request', id, client: 'c0' as ClientId, body });
    return id;
  }

  answer(request: number): ResponseBody | null {
    return this.#answers.get(request) ?? null;
  }

  /** Asks, delivers everything, and hands out the answer. */
  ask(name: string, body: RequestBody): ResponseBody | null {
    const id = this.request(name, body);
    this.settle();
    return this.answer(id);
  }

  /** Delivers the oldest letter of this way and kind. */
  deliver(from: string, to: string, type?: D['message']['type']): void {
    const at = this.letters.findIndex(
      (letter) => letter.from === from && letter.to === to && (type ?? typeOf(letter)) === typeOf(letter),
    );
    const letter = this.letters[at];
    invariant(letter !== undefined, () => `no ${type ?? 'letter'} from ${from} to ${to}`);
    this.letters.splice(at, 1);
    this.#handOver(letter);
  }

  /** Takes all letters of this way out, to be given to `handOver` later, or never. */
  intercept(from: string, to: string): Letter[] {
    const taken = this.letters.filter((letter) => letter.from === from && letter.to === to);
    for (const letter of taken) this.letters.splice(this.letters.indexOf(letter), 1);
    return taken;
  }

  handOver(letters: readonly Letter[]): void {
    for (const letter of letters) this.#handOver(letter);
  }

  /** Hands over one of the letters on their way, by its place among them, and keeps it or not: it may come twice. */
  deliverAt(place: number, keep = false): void {
    const letter = this.letters[place];
    invariant(letter !== undefined, () => `there is no letter ${place}`);
    if (!keep) this.letters.splice(place, 1);
    this.#handOver(letter);
  }

  /** Delivers letters, only of these kinds if any are named, oldest first, until none is on its way. */
  settle(...types: (D['message']['type'] | Scoped)[]): void {
    for (let count = 0; ; count++) {
      invariant(count < 10_000, () => 'the nodes never come to rest');
      const at = this.letters.findIndex((letter) => types.length === 0 || types.includes(typeOf(letter)));
      if (at === -1) return;
      const [letter] = this.letters.splice(at, 1);
      this.#handOver(letter as Letter);
    }
  }

  /** Hands over a message as if the first node had sent it. */
  say(from: string, to: string, message: D['message']): void {
    this.#handOver({ from: nodeId(from), to: nodeId(to), scope: null, text: JSON.stringify(message) });
  }

  /** Lets that many milliseconds pass: timers ring at their time, and every letter arrives at once. */
  pass(count: number): void {
    const end = this.#now + milliseconds(count);
    for (;;) {
      this.settle();
      let next: { readonly name: NodeId; readonly timer: string; readonly at: number } | null = null;
      for (const [name, { timers }] of this.#actors)
        for (const [timer, at] of timers) if (at <= (next?.at ?? end)) next = { name, timer, at };
      if (next === null) break;
      this.ring(next.name, next.timer);
    }
    this.#now = end;
  }

  /** Lets a node's clocks run faster or slower: 0.01 gains 1%. Timers that are set already keep their time. */
  drift(name: string, rate: number): void {
    const actor = this.#actor(name);
    actor.clock = { ...this.#read(actor), rate: 1 + rate, since: this.#now };
    this.#direct(`${name}: clocks run at ${1 + rate}`);
  }

  /** Steps a node's wall clock. */
  bump(name: string, count: number): void {
    const actor = this.#actor(name);
    const { monotonic, wall } = this.#read(actor);
    actor.clock = { rate: actor.clock.rate, monotonic, wall: wall + milliseconds(count), since: this.#now };
    this.#direct(`${name}: wall clock steps by ${count} ms`);
  }

  /** A remark in the trace. */
  note(text: string): void {
    this.#direct(text);
  }

  /** Loses all letters between these nodes and the others, both ways. */
  isolate(...names: string[]): void {
    this.#direct(`${names.join(' ')}: cut off from the others`);
    for (const one of this.#names)
      for (const other of this.#names)
        if (names.includes(one) !== names.includes(other)) this.#cut.add(`${one}>${other}`);
  }

  /** Loses all letters from the one to the other, and not those of the way back. */
  cut(from: string, to: string): void {
    this.#direct(`nothing comes from ${from} to ${to}`);
    this.#cut.add(`${from}>${to}`);
  }

  heal(): void {
    this.#direct('all links are well');
    this.#cut.clear();
  }

  /** The crash comes before what the latest step wrote is durable: nobody has heard of it (rule 2 of the host). */
  crashBeforeSync(name: string): void {
    const actor = this.#actor(name);
    actor.disk = actor.before;
    for (const letter of this.#latest) this.letters.splice(this.letters.indexOf(letter), 1);
    this.note(`${name}: what it wrote is lost`);
    this.crash(name);
  }

  crash(name: string): void {
    this.#direct(`${name}: killed`);
    const actor = this.#actor(name);
    actor.machine = null;
    actor.timers.clear();
  }

  start(name: string): void {
    const actor = this.#actor(name);
    const { bug = null, values = {} } = this.#options;
    if (actor.life > 0) this.#direct(`${name}: started`);
    const members = this.#names.slice(0, this.#options.members ?? this.#names.length);
    const self = nodeId(name);
    actor.life++;
    const random = seeded(name).fork(String(actor.life));
    const context = { self, nodes: this.#names, members, life: actor.life, random, options: { bug, values } };
    const records = recordsOf<D['record']>(actor.disk, null);
    actor.machine = this.#cast.start(this.#clocks(actor), context, records, this.#effects(self, actor));
  }

  #handOver({ from, to, scope, text }: Letter): void {
    const message = JSON.parse(text) as D['message'];
    const isLost = this.#cut.has(`${from}>${to}`) || this.#actor(to).machine === null;
    const line = scope === null ? this.#cast.lineOf(message) : '';
    if (line !== '') this.#lines.push(`${from} > ${to}: ${line}${isLost ? ' (lost)' : ''}`);
    if (!isLost) this.#step(to, scopedIn(scope, { kind: 'message', from, message }));
  }

  #step(name: string, input: Input<D>): void {
    const actor = this.#actor(name);
    actor.before = [...actor.disk];
    this.#latest = [];
    this.machine(name).step(this.#clocks(actor), input, this.#effects(nodeId(name), actor));
  }

  #effects(self: NodeId, actor: Actor<M>): Effects<D> {
    return { ...this.#effectsOf(null, self, actor), scope: (name) => this.#scope(name, self, actor) };
  }

  #scope<E extends Dialect>(
    name: string,
    self: NodeId,
    actor: Actor<M>,
  ): { readonly effects: Effects<E>; readonly records: Iterable<E['record']> } {
    const nested = (): never => {
      throw new Error(`scope ${name} has no scopes of its own`);
    };
    const effects: Effects<E> = { ...this.#effectsOf(name, self, actor), scope: nested };
    return { effects, records: recordsOf<E['record']>(actor.disk, name) };
  }

  #effectsOf(scope: string | null, self: NodeId, actor: Actor<M>): Omit<Effects<Dialect>, 'scope'> {
    const timerOf = (timer: string): string => (scope === null ? timer : `${scope}/${timer}`);
    const tell = (line: string): void => {
      if (scope === null) this.#lines.push(line);
    };
    return {
      send: (to, message) => {
        const letter = { from: self, to, scope, text: JSON.stringify(message) };
        this.letters.push(letter);
        this.#latest.push(letter);
      },
      reply: (request, response) => {
        invariant(!this.#answers.has(request), () => `request ${request} is answered twice`);
        this.#answers.set(request, response);
        this.#lines.push(`${self} answers #${request} ${responseLine(response)}`);
      },
      setTimer: (timer, after) =>
        void actor.timers.set(timerOf(timer), this.#now + Math.ceil(after / actor.clock.rate)),
      clearTimer: (timer) => void actor.timers.delete(timerOf(timer)),
      persist: (record) => {
        actor.disk.push({ scope, text: JSON.stringify(record) });
        if (scope === null) tell(`${self} ${this.#cast.recordOf(record)}`);
      },
      compact: (records) => {
        const others = actor.disk.filter((one) => one.scope !== scope);
        actor.disk = [...others, ...records.map((record) => ({ scope, text: JSON.stringify(record) }))];
        tell(`${self} begins its disk anew`);
        if (scope === null) for (const record of records) tell(`${self} ${this.#cast.recordOf(record)}`);
      },
    };
  }

  #actor(name: string): Actor<M> {
    const actor = this.#actors.get(nodeId(name));
    invariant(actor !== undefined, () => `there is no ${name}`);
    return actor;
  }

  #direct(line: string): void {
    if (this.#options.directions === true) this.#lines.push(`-- ${line}`);
  }

  #read({ clock }: Actor<M>): Clock {
    const passed = (this.#now - clock.since) * clock.rate;
    return { ...clock, monotonic: clock.monotonic + passed, wall: clock.wall + passed };
  }

  #clocks(actor: Actor<M>): Now {
    const { monotonic, wall } = this.#read(actor);
    return { wall: instant(wall), monotonic: instant(monotonic) };
  }
}

const typeOf = ({ scope, text }: Letter): string =>
  scope === null ? (JSON.parse(text) as { readonly type: string }).type : 'scoped';

const recordsOf = <R>(disk: readonly Written[], scope: string | null): R[] =>
  disk.filter((one) => one.scope === scope).map(({ text }) => JSON.parse(text) as R);

const scopedIn = <D extends Dialect>(scope: string | null, input: Input<D>): Input<D> =>
  scope === null ? input : { kind: 'scoped', scope, input: input as Input<Dialect> };
