/**
 * The one place where a machine meets the world. Its rules:
 *
 * 1. A step is synchronous; a throw inside it is a crash of the node and a finding. `now` is read once, after the
 *    input was taken.
 * 2. Sends and replies are held until every record persisted in that step and in earlier ones is durable, and are then
 *    released in step order. So a protocol cannot send before saving. Timers take effect at the end of the step.
 *    Group commit is the host's business. A failed write or sync is fatal to the node: nothing more is released.
 * 3. After a crash or `stop` the host is inert: callbacks that were under way change nothing.
 * 4. Messages and records pass through the codec here, in every runtime, at the moment they are handed over.
 * 5. Timers run on the monotonic clock of the node.
 */
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Json } from '../core/json.ts';
import type { Cancel, Duration } from '../core/time.ts';
import { seconds } from '../core/time.ts';
import { invariant } from '../core/errors.ts';
import { Controls } from './controls.ts';
import { DurableLog } from './durable-log.ts';
import type { NodeRuntime } from './node-runtime.ts';
import type { Dialect, Effects, Input, Machine, NodeContext, Protocol, RequestId } from './protocol.ts';
import { Scopes } from './scopes.ts';
import type { ClientId, Frame, RequestBody, ResponseBody } from './wire.ts';
import { decodeFrame, encodeFrame } from './wire.ts';

export interface HostOptions<D extends Dialect> {
  readonly protocol: Protocol<D>;
  readonly context: NodeContext;
  readonly runtime: NodeRuntime;
  /** The records that survived the last life, as JSON texts. */
  readonly records: readonly string[];
  /** `every-second` is the planted bug no-fsync: outputs go at once, the log is written and synced once a second. */
  readonly sync: 'always' | 'every-second';
  /** Called once, when a step threw (a finding) or the disk failed (not one). The host is dead then. */
  onCrash(crash: Crash): void;
}

export interface Crash {
  readonly finding: boolean;
  readonly error: unknown;
}

interface Output {
  readonly client: boolean;
  readonly to: string;
  readonly frame: string;
  /** The write of the log that must be durable before this may leave; known when the step is over. */
  after: number;
}

interface Asked {
  readonly client: ClientId;
  readonly messageId: number;
}

/** Requests that a machine never answers are forgotten beyond this many, oldest first. */
const requestLimit = 10_000;

export class Host<D extends Dialect> {
  readonly #options: HostOptions<D>;
  readonly #runtime: NodeRuntime;
  readonly #self: NodeId;
  readonly #log: DurableLog;
  readonly #controls: Controls;
  readonly #scopes: Scopes;
  readonly #effects: Effects<D>;
  readonly #timers = new Map<string, Cancel>();
  readonly #asked = new Map<RequestId, Asked>();
  #machine: Machine<D> | null = null;
  #alive = true;
  #requests = 0;
  #held: Output[] = [];
  #stepping = false;
  /** What the step in progress has asked for. Most steps ask for nothing, so the map is kept from one to the next. */
  readonly #timerChanges = new Map<string, Duration | null>();
  #outputs: Output[] = [];
  #syncTimer: Cancel | null = null;

  /** Starts the machine at once: its `start` is the first step. */
  constructor(options: HostOptions<D>) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#self = options.context.self;
    this.#log = new DurableLog(options.runtime.disk, (error) => this.#flushed(error));
    this.#scopes = new Scopes(options.records);
    this.#effects = this.#effectsOf(null);
    this.#controls = new Controls({
      inspect: () => this.inspect(),
      peek: (key) => this.peek(key),
      now: () => this.#runtime.now(),
      probe: (to, nonce) =>
        this.#runtime.network.send(to, encodeFrame(this.#self, to, { type: 'harness/probe', nonce })),
    });
    this.#run(() => {
      const records = this.#scopes.own<D['record']>();
      this.#machine = options.protocol.start(this.#runtime.now(), options.context, records, this.#effects);
      this.#scopes.close();
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** What the machine believes that it is; null when it is gone. */
  inspect(): Inspection | null {
    return this.#machine?.inspect() ?? null;
  }

  /** What the machine has applied for the key; null when there is nothing, or no machine. */
  peek(key: string): Json {
    return this.#machine?.peek(key) ?? null;
  }

  /** Whether a probe with this number has arrived over a link. */
  sawProbe(nonce: number): boolean {
    return this.#controls.saw(nonce);
  }

  /** One encoded frame of a peer. */
  receivePeer(text: string): void {
    if (!this.#alive) return;
    this.#run(() => {
      const frame = decodeFrame(text);
      if (this.#controls.sees(frame.body)) return;
      this.#step(this.#scopes.message(frame.src as NodeId, frame.body));
    });
  }

  /** One encoded frame of a client, or of the harness. What cannot be read is answered with code 12, or dropped. */
  receiveClient(text: string): void {
    if (!this.#alive) return;
    let frame: Frame<RequestBody>;
    try {
      frame = decodeFrame(text) as Frame<RequestBody>;
    } catch {
      return;
    }
    const client = frame.src as ClientId;
    const messageId = frame.body['msg_id'];
    const control = this.#controls.answer(frame.body);
    if (typeof messageId !== 'number') return;
    if (control !== null) return this.#answer(client, messageId, control);
    const id = ++this.#requests;
    this.#asked.set(id, { client, messageId });
    if (this.#asked.size > requestLimit) this.#asked.delete(this.#asked.keys().next().value as RequestId);
    this.#run(() => this.#step(this.#scopes.request({ kind: 'request', id, client, body: frame.body })));
  }

  /** Ends this life: the machine, its timers and all held outputs are gone. */
  stop(): void {
    this.#alive = false;
    this.#machine = null;
    this.#held = [];
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#syncTimer?.();
  }

  #step(input: Input<Dialect>): void {
    invariant(this.#machine !== null, () => 'a step before the machine has started');
    this.#machine.step(this.#runtime.now(), input, this.#effects);
  }

  #run(body: () => void): void {
    invariant(!this.#stepping, () => 'a step inside a step');
    this.#stepping = true;
    try {
      body();
    } catch (error) {
      return this.#crash({ finding: true, error });
    } finally {
      this.#stepping = false;
    }
    if (this.#timerChanges.size > 0) {
      for (const [name, after] of this.#timerChanges) this.#applyTimer(name, after);
      this.#timerChanges.clear();
    }
    const writes = this.#scopes.takeWrites();
    if (writes.length > 0) this.#log.add(writes);
    if (this.#outputs.length > 0) this.#hold();
    if (this.#options.sync === 'always') this.#log.flush();
    else if (writes.length > 0) this.#syncLater();
    this.#release();
  }

  #flushed(error: Error | null): void {
    if (!this.#alive) return;
    if (error !== null) return this.#crash({ finding: false, error });
    if (this.#options.sync === 'always') this.#log.flush();
    this.#release();
  }

  #hold(): void {
    const after = this.#log.written;
    for (const output of this.#outputs) {
      output.after = after;
      this.#held.push(output);
    }
    this.#outputs = [];
  }

  #release(): void {
    if (this.#held.length === 0) return;
    const durable = this.#options.sync === 'always' ? this.#log.durable : Infinity;
    const held = this.#held;
    let count = 0;
    for (const output of held) {
      if (output.after > durable) break;
      count++;
      if (output.client) this.#runtime.network.answer(output.to as ClientId, output.frame);
      else this.#runtime.network.send(output.to as NodeId, output.frame);
    }
    if (count === held.length) this.#held = [];
    else if (count > 0) this.#held = held.slice(count);
  }

  #syncLater(): void {
    this.#syncTimer ??= this.#runtime.after(seconds(1), () => {
      this.#syncTimer = null;
      if (this.#alive) this.#log.flush();
    });
  }

  #crash(crash: Crash): void {
    this.stop();
    this.#options.onCrash(crash);
  }

  #answer(client: ClientId, messageId: number, response: ResponseBody): void {
    const body = { ...response, in_reply_to: messageId };
    this.#runtime.network.answer(client, encodeFrame(this.#self, client, body));
  }

  #applyTimer(name: string, after: Duration | null): void {
    this.#timers.get(name)?.();
    if (after === null) {
      this.#timers.delete(name);
      return;
    }
    const cancel = this.#runtime.after(after, () => {
      if (!this.#alive || this.#timers.get(name) !== cancel) return;
      this.#timers.delete(name);
      this.#run(() => this.#step(this.#scopes.timer(name)));
    });
    this.#timers.set(name, cancel);
  }

  #effectsOf(scope: string | null): Effects<Dialect> {
    const inStep = (): Map<string, Duration | null> => {
      invariant(this.#stepping, () => 'effects were used outside of the step that they were handed to');
      return this.#timerChanges;
    };
    return {
      send: (to, message) => {
        inStep();
        const frame = encodeFrame(this.#self, to, this.#scopes.wrap(scope, message));
        this.#outputs.push({ client: false, to, frame, after: 0 });
      },
      reply: (request, response) => {
        inStep();
        const asked = this.#asked.get(request);
        if (asked === undefined) return;
        this.#asked.delete(request);
        const body = { ...response, in_reply_to: asked.messageId };
        const frame = encodeFrame(this.#self, asked.client, body);
        this.#outputs.push({ client: true, to: asked.client, frame, after: 0 });
      },
      setTimer: (timer, after) => void inStep().set(this.#scopes.timerName(scope, timer), after),
      clearTimer: (timer) => void inStep().set(this.#scopes.timerName(scope, timer), null),
      persist: (record) => {
        inStep();
        this.#scopes.persist(scope, JSON.stringify(record));
      },
      compact: (records) => {
        inStep();
        this.#scopes.compact(
          scope,
          records.map((record) => JSON.stringify(record)),
        );
      },
      scope: (name) => {
        inStep();
        const records = this.#scopes.open(scope, name);
        return { effects: this.#effectsOf(name), records };
      },
    };
  }
}
