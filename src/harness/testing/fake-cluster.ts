/** A cluster on virtual time that is one plain map: correct, unless a test says how it misbehaves. */
import { Heap } from '../../core/heap.ts';
import type { NodeId } from '../../core/ids.ts';
import { nodeNames } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { Cancel, Duration, Instant } from '../../core/time.ts';
import { instant, milliseconds, plus } from '../../core/time.ts';
import type { ClientReceiver, Cluster, Environment, Finding, World } from '../../environments/environment.ts';
import type { Answer, Fault, FaultId, FaultKind, Faults } from '../../environments/faults.ts';
import type { Inspection } from '../../core/inspection.ts';
import type { RequestBody } from '../../protocol/wire.ts';

export interface FakeBehaviour {
  /** Answers of the store; absent: a correct map. Null: no answer at all. */
  readonly serve?: (body: RequestBody, state: Map<string, Json>) => Json | null;
  readonly inspect?: (node: NodeId, now: Instant) => Answer<Inspection>;
  /** What a node holds; absent: what the store does. */
  readonly peek?: (node: NodeId, now: Instant) => Answer<Json>;
  readonly begin?: (fault: Fault) => Answer<string>;
  readonly end?: (id: FaultId) => Answer<string>;
  readonly findings?: readonly Finding[];
  /** The trace of a simulation; absent: that of real machines, none. */
  readonly trace?: NonNullable<ReturnType<Cluster['trace']>>;
  readonly troubles?: (now: Instant) => readonly string[];
  /** Nothing happens in this time; all that was due in it does at its end. */
  readonly standstill?: { readonly from: Instant; readonly to: Instant };
}

const latency = milliseconds(1);
const kinds: ReadonlySet<FaultKind> = new Set(['partition', 'kill', 'pause']);

export class FakeCluster implements Cluster {
  readonly nodes: readonly NodeId[];
  readonly world: World;
  readonly faults: Faults;
  /** The faults that are active now. */
  readonly active: Map<FaultId, Fault> = new Map();
  readonly #behaviour: FakeBehaviour;
  readonly #heap = new Heap<{ fire: (() => void) | null }>();
  readonly #state = new Map<string, Json>();
  /** How many clients were connected at once. */
  mostConnected = 0;
  readonly #connected = new Set<string>();
  readonly #timers = new Set<object>();
  #now: Instant = instant(0);

  constructor(behaviour: FakeBehaviour = {}, nodeCount = 3) {
    this.#behaviour = behaviour;
    this.nodes = nodeNames(nodeCount);
    this.world = {
      now: () => this.#now,
      after: (delay, fire) => {
        const timer = {};
        this.#timers.add(timer);
        const cancel = this.#after(delay, () => {
          this.#timers.delete(timer);
          fire();
        });
        return () => {
          this.#timers.delete(timer);
          cancel();
        };
      },
      connect: (client, receiver) => {
        this.#connected.add(client);
        this.mostConnected = Math.max(this.mostConnected, this.#connected.size);
        return {
          request: (attempt, _node, body) => this.#request(receiver, attempt, body),
          close: () => void this.#connected.delete(client),
        };
      },
    };
    this.faults = {
      kinds,
      begin: (id, fault, done) => {
        this.active.set(id, fault);
        this.#after(latency, () => done(behaviour.begin?.(fault) ?? { ok: true, value: 'it is broken' }));
      },
      end: (id, done) => {
        this.active.delete(id);
        this.#after(latency, () => done(behaviour.end?.(id) ?? { ok: true, value: 'it is whole again' }));
      },
      inspect: (node, done) =>
        void this.#after(latency, () => done(behaviour.inspect?.(node, this.#now) ?? well(node))),
      peek: (node, key, done) =>
        void this.#after(latency, () => {
          const held: Answer<Json> = { ok: true, value: this.#state.get(JSON.stringify(key)) ?? null };
          done(behaviour.peek?.(node, this.#now) ?? held);
        }),
    };
  }

  async run(start: (finish: () => void) => void): Promise<void> {
    const state = { finished: false };
    start(() => (state.finished = true));
    for (let events = 0; !state.finished; events++) {
      const entry = this.#heap.nextAt;
      const next = this.#heap.pop();
      if (next === undefined || events > 2_000_000) throw new Error('The fake cluster came to no end.');
      this.#now = this.#behind(instant(entry));
      next.fire?.();
    }
  }

  #behind(at: Instant): Instant {
    const { standstill } = this.#behaviour;
    return standstill !== undefined && at >= standstill.from && at < standstill.to ? standstill.to : at;
  }

  /** Timers of the harness that were neither cancelled nor have fired. */
  get waiting(): number {
    return this.#timers.size;
  }

  findings(): readonly Finding[] {
    return this.#behaviour.findings ?? [];
  }

  troubles(): readonly string[] {
    return this.#behaviour.troubles?.(this.#now) ?? [];
  }

  trace(): ReturnType<Cluster['trace']> {
    return this.#behaviour.trace ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #after(delay: Duration, fire: () => void): Cancel {
    const entry: { fire: (() => void) | null } = { fire };
    this.#heap.push(plus(this.#now, delay), entry);
    return () => (entry.fire = null);
  }

  #request(receiver: ClientReceiver, attempt: number, body: RequestBody): void {
    this.#after(latency, () => {
      const answer = (this.#behaviour.serve ?? serve)(body, this.#state);
      if (answer !== null) this.#after(latency, () => receiver.reply(attempt, { type: 'done', answer }));
    });
  }
}

const well = (node: NodeId): Answer<Inspection> => ({
  ok: true,
  value: { role: node === 'n1' ? 'leader' : 'follower', term: 1 },
});

/** A register per key. The answer is wrapped, so that null can be a value. */
export function serve({ type, key, value }: RequestBody, state: Map<string, Json>): Json {
  const name = JSON.stringify(key);
  const current = state.get(name) ?? null;
  if (type === 'read') return [current];
  if (type === 'write') {
    state.set(name, value ?? null);
    return [value ?? null];
  }
  const [from, to] = value as readonly [Json, Json];
  if (current !== from) return [{ swapped: false, current }];
  state.set(name, to);
  return [{ swapped: true }];
}

export const fakeEnvironment = (behaviour: FakeBehaviour = {}): Environment => ({
  name: 'sim',
  faults: kinds,
  deploy: async ({ nodes }) => new FakeCluster(behaviour, nodes.length),
});
