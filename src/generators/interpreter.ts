/**
 * Runs a generator: hands its calls to processes, tells it what became of them, and asks again. It is a synchronous
 * machine that performs nothing, so the same one drives a simulation and real clients. The rules of processes are
 * Jepsen's (jepsen.generator.interpreter): a process whose operation ended in `info` never acts again, and its thread
 * goes on under a new number, the old one + concurrency.
 */
import { invariant } from '../core/errors.ts';
import { processId, type NodeId, type ProcessId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { Serial } from '../core/serial.ts';
import type { Instant } from '../core/time.ts';
import type { Call } from '../protocol/client.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import type { Generator, GeneratorEvent, Thread } from './generator.ts';

export interface InterpreterPlan {
  readonly main: Generator;
  /** Hears every event of the main phase, and is asked when that is over and `final` was given. */
  readonly final: Generator;
  readonly nodes: readonly NodeId[];
  /** How many threads: at least 1. */
  readonly concurrency: number;
  readonly random: Random;
}

export type InterpreterInput =
  /** The first starts the main phase; later ones answer `wakeAt`. One too many does no harm. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'completed'; readonly process: ProcessId; readonly outcome: Outcome }
  /** No more calls in this phase; it is done when what is in flight has completed. */
  | { readonly kind: 'stop' }
  /** Begins the final phase. Only after `done`. */
  | { readonly kind: 'final' };

/** May be answered at once, from within the step. */
export interface InterpreterEffects {
  /** A process that was not seen before is new: its client is opened, and the one of its predecessor closed. */
  invoke(process: ProcessId, call: Call): void;
  /** Asks for a tick at that instant. Replaces what was asked before. */
  wakeAt(at: Instant): void;
  /** The phase is over and nothing is in flight. Once for each phase. */
  done(): void;
}

/** Where a process starts each of its operations. */
export const homeOf = (process: ProcessId, nodes: readonly NodeId[]): NodeId => nodes[process % nodes.length] as NodeId;

export class Interpreter {
  readonly #nodes: readonly NodeId[];
  readonly #random: Random;
  readonly #threads: Thread[];
  /** In any order; `#place` says where each thread is in it, -1 while it is busy. */
  readonly #free: Thread[];
  readonly #place: number[];
  /** The call in progress of each busy thread. */
  readonly #calls: (Call | null)[];
  readonly #serial: Serial<InterpreterInput, InterpreterEffects>;
  #generator: Generator;
  #final: Generator | null;
  #phase: 'running' | 'ending' | 'done' = 'running';
  #armed: Instant | null = null;

  constructor(plan: InterpreterPlan) {
    const { main, final, nodes, concurrency, random } = plan;
    invariant(nodes.length > 0 && concurrency > 0, () => `${nodes.length} nodes, concurrency ${concurrency}`);
    this.#nodes = nodes;
    this.#random = random;
    this.#generator = main;
    this.#final = final;
    this.#threads = Array.from({ length: concurrency }, (_, index) => this.#thread(index, index));
    this.#free = [...this.#threads];
    this.#place = this.#threads.map((thread) => thread.index);
    this.#calls = this.#threads.map(() => null);
    this.#serial = new Serial((now, input, effects) => {
      this.#take(now, input);
      this.#proceed(now, effects);
    });
  }

  /** How many operations are in flight. */
  get inFlight(): number {
    return this.#threads.length - this.#free.length;
  }

  step(now: Instant, input: InterpreterInput, effects: InterpreterEffects): void {
    this.#serial.step(now, input, effects);
  }

  #thread(index: number, process: number): Thread {
    return { index, process: processId(process), home: homeOf(processId(process), this.#nodes) };
  }

  #take(now: Instant, input: InterpreterInput): void {
    switch (input.kind) {
      case 'tick':
        // A real timer may fire a little early: then it is asked for once more.
        this.#armed = null;
        break;
      case 'completed':
        this.#complete(now, input.process, input.outcome);
        break;
      case 'stop':
        if (this.#phase === 'running') this.#phase = 'ending';
        break;
      case 'final':
        invariant(this.#phase === 'done' && this.#final !== null, () => 'final was given before done, or twice');
        this.#generator = this.#final;
        this.#final = null;
        this.#phase = 'running';
        this.#armed = null;
        break;
    }
  }

  #complete(at: Instant, process: ProcessId, outcome: Outcome): void {
    const index = process % this.#threads.length;
    const thread = this.#threads[index] as Thread;
    const call = this.#calls[index] ?? null;
    invariant(call !== null && thread.process === process, () => `process ${process} completed what it did not invoke`);
    const next = outcome.type === 'info' ? this.#thread(index, process + this.#threads.length) : thread;
    this.#threads[index] = next;
    this.#calls[index] = null;
    this.#place[index] = this.#free.length;
    this.#free.push(next);
    this.#tell({ kind: 'complete', at, thread: index, process, call, outcome });
  }

  #tell(event: GeneratorEvent): void {
    this.#generator = this.#generator.update?.(event) ?? this.#generator;
    if (this.#final !== null) this.#final = this.#final.update?.(event) ?? this.#final;
  }

  #proceed(now: Instant, effects: InterpreterEffects): void {
    while (this.#phase === 'running' && this.#free.length > 0) {
      const context = { now, free: this.#free, threads: this.#threads, random: this.#random };
      const step = this.#generator.next(context);
      if (step.kind === 'done') {
        this.#phase = 'ending';
        break;
      }
      this.#generator = step.rest;
      if (step.kind === 'call') {
        this.#invoke(now, step.process, step.call, effects);
        continue;
      }
      if (step.until === 'event') invariant(this.inFlight > 0, () => 'a generator waits for an event that cannot come');
      else this.#wakeAt(now, step.until, effects);
      return;
    }
    if (this.#phase !== 'ending' || this.inFlight > 0) return;
    this.#phase = 'done';
    effects.done();
  }

  #invoke(at: Instant, process: ProcessId, call: Call, effects: InterpreterEffects): void {
    const index = process % this.#threads.length;
    const place = this.#place[index] ?? -1;
    invariant(place >= 0 && this.#free[place]?.process === process, () => `process ${process} is not free`);
    const last = this.#free.pop() as Thread;
    if (last.index !== index) {
      this.#free[place] = last;
      this.#place[last.index] = place;
    }
    this.#place[index] = -1;
    this.#calls[index] = call;
    this.#tell({ kind: 'invoke', at, thread: index, process, call });
    effects.invoke(process, call);
  }

  #wakeAt(now: Instant, until: Instant, effects: InterpreterEffects): void {
    invariant(until > now, () => `a generator waits until ${until}, which is not after ${now}`);
    if (this.#armed === until) return;
    this.#armed = until;
    effects.wakeAt(until);
  }
}
