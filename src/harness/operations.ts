/**
 * The client side of a run: the interpreter hands calls to client processes, and the journal hears of every event
 * before the generator does. An operation that its client does not end in time is ended here, as `info`: a client that
 * hangs must not hang the run, and is a finding.
 */
import { type NodeId, type ProcessId, noKey } from '../core/ids.ts';
import type { Cancel, Instant } from '../core/time.ts';
import { inMilliseconds, since } from '../core/time.ts';
import type { World } from '../environments/environment.ts';
import { seeded } from '../core/random.ts';
import { Interpreter, type InterpreterEffects, homeOf } from '../generators/interpreter.ts';
import { rate } from '../generators/rate.ts';
import type { Call, ClientContext, ClientMachine } from '../protocol/client.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import { ClientProcess } from './client-process.ts';
import type { JournalEntry } from './journal.ts';
import { type Test, systemOptionsOf, workloadPlanOf } from './plan.ts';

export interface OperationsPlan {
  readonly interpreter: Interpreter;
  readonly world: World;
  readonly client: (context: ClientContext) => ClientMachine;
  /** All of a client's context but what is its own. */
  readonly shared: Omit<ClientContext, 'process' | 'home'>;
  /** How many sweeps in a row a client may be late for, after the operation timeout, before it counts as hung. */
  readonly slack: number;
  readonly append: (entry: JournalEntry) => void;
  readonly finding: (text: string) => void;
  /** Hears of every operation that ends. */
  readonly ended: (ended: EndedOperation) => void;
}

export interface EndedOperation {
  readonly home: NodeId;
  readonly call: Call;
  readonly invokedAt: Instant;
  readonly outcome: Outcome;
}

interface Open {
  readonly call: Call;
  readonly invokedAt: Instant;
  /** Sweeps that found it late. */
  late: number;
}

/** A second of sweeps. Time alone proves nothing: where harness itself was held up, the client's own timer is late, too. */
const slack = 10;

/** The operations that a test plans, on a cluster of these nodes. */
export function operationsOf(
  { plan, system, workload }: Test,
  nodes: readonly NodeId[],
  edges: Pick<OperationsPlan, 'world' | 'append' | 'finding' | 'ended'>,
): Operations {
  const random = seeded(plan.seed);
  const workloadPlan = workloadPlanOf(plan);
  const interpreter = new Interpreter({
    main: rate(plan.rate, workload.generator(workloadPlan)),
    final: workload.final(workloadPlan),
    nodes,
    concurrency: plan.concurrency,
    random: random.fork('workload'),
  });
  return new Operations({
    ...edges,
    interpreter,
    client: (context) => system.client(context),
    shared: {
      nodes,
      random: random.fork('clients'),
      options: systemOptionsOf(plan),
      attemptTimeout: plan.attemptTimeout,
      operationTimeout: plan.operationTimeout,
    },
    slack,
  });
}

const recorded = (key: string): string | null => (key === noKey ? null : key);

export class Operations {
  readonly #plan: OperationsPlan;
  readonly #open = new Map<ProcessId, Open>();
  readonly #clients = new Map<ProcessId, ClientProcess>();
  readonly #effects: InterpreterEffects;
  readonly counts: { ok: number; fail: number; info: number } = { ok: 0, fail: 0, info: 0 };
  readonly #keys = new Set<string>();
  #cancelWake: Cancel = () => {};
  #done: () => void = () => {};

  constructor(plan: OperationsPlan) {
    this.#plan = plan;
    this.#effects = {
      invoke: (process, call) => this.#invoke(process, call),
      wakeAt: (at) => this.#wakeAt(at),
      done: () => {
        this.#cancelWake();
        this.#done();
      },
    };
  }

  /** Every key that was ever asked for. */
  get keys(): readonly string[] {
    return [...this.#keys];
  }

  /** Begins the main phase; `done` is called once it was stopped and nothing is in flight. */
  begin(done: () => void): void {
    this.#done = done;
    this.#step('tick');
  }

  /** No more calls in this phase. */
  stop(): void {
    this.#step('stop');
  }

  /** Begins the final phase. */
  final(done: () => void): void {
    this.#done = done;
    this.#step('final');
  }

  /** Ends the operations whose client has hung. To be called regularly. */
  sweep(): void {
    const now = this.#plan.world.now();
    const { operationTimeout } = this.#plan.shared;
    const late = [...this.#open].filter(([, { invokedAt }]) => since(invokedAt, now) > operationTimeout);
    for (const [process, open] of late) {
      if (++open.late <= this.#plan.slack) continue;
      const text = `The client of process ${process} did not end its ${open.call.f} within its ${inMilliseconds(operationTimeout)} ms.`;
      this.#plan.finding(text);
      this.#complete(process, { type: 'info', error: { code: null, text } }, undefined);
    }
  }

  close(): void {
    this.#cancelWake();
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #step(kind: 'tick' | 'stop' | 'final'): void {
    this.#plan.interpreter.step(this.#plan.world.now(), { kind }, this.#effects);
  }

  #wakeAt(at: Instant): void {
    this.#cancelWake();
    this.#cancelWake = this.#plan.world.after(since(this.#plan.world.now(), at), () => this.#step('tick'));
  }

  #invoke(process: ProcessId, call: Call): void {
    const now = this.#plan.world.now();
    this.#open.set(process, { call, invokedAt: now, late: 0 });
    const { f, key, value } = call;
    if (key !== noKey) this.#keys.add(key);
    this.#plan.append({ time: now, process, type: 'invoke', f, key: recorded(key), value });
    let client = this.#clients.get(process);
    if (client === undefined) this.#clients.set(process, (client = this.#connect(process)));
    client.invoke(call);
  }

  #connect(process: ProcessId): ClientProcess {
    const { shared, client, world, finding } = this.#plan;
    const random = shared.random.fork(String(process));
    const machine = client({ ...shared, process, home: homeOf(process, shared.nodes), random });
    return new ClientProcess(process, machine, world, {
      completed: (outcome, node) => this.#complete(process, outcome, node),
      misbehaved: (text) => finding(`Process ${process}: ${text}`),
    });
  }

  #complete(process: ProcessId, outcome: Outcome, node: string | undefined): void {
    const open = this.#open.get(process);
    if (open === undefined) return;
    this.#open.delete(process);
    this.counts[outcome.type]++;
    const now = this.#plan.world.now();
    const { f, key, value } = open.call;
    const ended = outcome.type === 'ok' ? { value: outcome.value } : { value, error: outcome.error };
    const answered = node === undefined ? {} : { node };
    this.#plan.append({ time: now, process, type: outcome.type, f, key: recorded(key), ...ended, ...answered });
    const home = homeOf(process, this.#plan.shared.nodes);
    this.#plan.ended({ home, call: open.call, invokedAt: open.invokedAt, outcome });
    if (outcome.type === 'info') {
      this.#clients.get(process)?.close();
      this.#clients.delete(process);
    }
    this.#plan.interpreter.step(now, { kind: 'completed', process, outcome }, this.#effects);
  }
}
