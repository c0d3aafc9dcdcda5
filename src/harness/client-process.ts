/** One process: its client machine, its connections to the nodes, and its timers. */
import { messageOf } from '../core/errors.ts';
import type { ProcessId } from '../core/ids.ts';
import { Serial } from '../core/serial.ts';
import type { Cancel, Instant, Now } from '../core/time.ts';
import type { ClientConnection, World } from '../environments/environment.ts';
import type { Call, ClientEffects, ClientInput, ClientMachine } from '../protocol/client.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import { clientId } from '../protocol/wire.ts';

export interface ProcessListener {
  completed(outcome: Outcome, node: string | undefined): void;
  /** The machine threw, or completed an operation that was not in progress: a finding about the client. */
  misbehaved(text: string): void;
}

export class ClientProcess {
  readonly #machine: ClientMachine;
  readonly #world: World;
  readonly #listener: ProcessListener;
  readonly #connection: ClientConnection;
  readonly #timers = new Map<string, Cancel>();
  readonly #serial: Serial<ClientInput, ClientEffects>;
  readonly #effects: ClientEffects;
  #busy = false;
  #closed = false;

  constructor(process: ProcessId, machine: ClientMachine, world: World, listener: ProcessListener) {
    this.#machine = machine;
    this.#world = world;
    this.#listener = listener;
    this.#serial = new Serial((now, input, effects) => this.#take(now, input, effects));
    this.#connection = world.connect(clientId(process), {
      reply: (attempt, body) => this.#step({ kind: 'reply', attempt, body }),
      undeliverable: (attempt, when, why) => this.#step({ kind: 'undeliverable', attempt, when, why }),
    });
    this.#effects = {
      request: (attempt, node, body) => this.#connection.request(attempt, node, body),
      complete: (outcome, node) => this.#complete(outcome, node),
      setTimer: (timer, after) => {
        this.#timers.get(timer)?.();
        this.#timers.set(
          timer,
          world.after(after, () => this.#step({ kind: 'timer', timer })),
        );
      },
      clearTimer: (timer) => {
        this.#timers.get(timer)?.();
        this.#timers.delete(timer);
      },
    };
  }

  invoke(call: Call): void {
    this.#busy = true;
    this.#step({ kind: 'invoke', call });
  }

  /** Nothing of this process is heard afterwards. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#connection.close();
  }

  #step(input: ClientInput): void {
    if (!this.#closed) this.#serial.step(this.#world.now(), input, this.#effects);
  }

  #take(at: Instant, input: ClientInput, effects: ClientEffects): void {
    if (this.#closed) return;
    const now: Now = { wall: at, monotonic: at };
    try {
      this.#machine.step(now, input, effects);
    } catch (error) {
      this.#listener.misbehaved(`The client threw on ${input.kind}: ${messageOf(error)}`);
      this.#complete({ type: 'info', error: { code: null, text: 'The client threw.' } }, undefined);
    }
  }

  #complete(outcome: Outcome, node: string | undefined): void {
    if (this.#closed) return;
    if (!this.#busy) return this.#listener.misbehaved('The client completed an operation that was not in progress.');
    this.#busy = false;
    this.#listener.completed(outcome, node);
  }
}
