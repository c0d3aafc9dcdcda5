/** The clients of chaos.ts: Raft's own client machine, driven by random operations whose values are all different. */
import { processId } from '../../../src/core/ids.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import type { Random } from '../../../src/core/random.ts';
import { milliseconds } from '../../../src/core/time.ts';
import type { Now } from '../../../src/core/time.ts';
import type { Attempt, Call, ClientEffects, ClientInput } from '../../../src/protocol/client.ts';
import type { Outcome } from '../../../src/protocol/outcomes.ts';
import type { SystemOptions } from '../../../src/protocol/protocol.ts';
import type { RequestBody } from '../../../src/protocol/wire.ts';
import { RaftClient } from '../client.ts';

export const clientCount = 4;

/** One operation of a client, with the instants between which it ran; `returned` is null while nobody knows. */
export interface Event {
  readonly process: number;
  readonly call: Call;
  readonly invoked: number;
  returned: number | null;
  outcome: Outcome | null;
}

export interface ClientWorld {
  readonly nodes: readonly NodeId[];
  readonly random: Random;
  readonly options: SystemOptions;
  readonly events: Event[];
  clocks(): Now;
  at(time: number, what: () => void): void;
  request(attempt: Attempt, node: NodeId, body: RequestBody, step: (input: ClientInput) => void): void;
}

/** Runs operations for ever; after an info a new process takes over, as the harness does it. */
export function startClient(world: ClientWorld, number: number): void {
  const random = world.random.fork(String(number));
  const machine = new RaftClient({
    process: processId(number),
    home: world.nodes[number % world.nodes.length] as NodeId,
    nodes: world.nodes,
    random,
    options: world.options,
    attemptTimeout: milliseconds(60),
    operationTimeout: milliseconds(300),
  });
  const timers = new Map<string, number>();
  let event: Event | null = null;
  const now = (): number => world.clocks().monotonic;
  const step = (input: ClientInput): void => machine.step(world.clocks(), input, effects);
  const rest = (): void => world.at(now() + milliseconds(25 * random.unit()), invoke);
  const invoke = (): void => {
    event = { process: number, call: nextCall(world, random), invoked: now(), returned: null, outcome: null };
    world.events.push(event);
    step({ kind: 'invoke', call: event.call });
  };
  const effects: ClientEffects = {
    request: (attempt, node, body) => world.request(attempt, node, body, step),
    setTimer: (timer, after) => {
      const at = now() + after;
      timers.set(timer, at);
      world.at(at, () => {
        if (timers.get(timer) === at && timers.delete(timer)) step({ kind: 'timer', timer });
      });
    },
    clearTimer: (timer) => void timers.delete(timer),
    complete: (outcome) => {
      if (event === null) throw new Error('an operation completed twice');
      event.outcome = outcome;
      event.returned = outcome.type === 'info' ? null : now();
      event = null;
      if (outcome.type === 'info') startClient(world, number + clientCount);
      else rest();
    },
  };
  rest();
}

/** Every value is written at most once, so that a read tells which write it saw. */
function nextCall({ events }: ClientWorld, random: Random): Call {
  const key = random.pick(['a', 'b']);
  const value = events.length + 1;
  const f = random.pick(['read', 'read', 'write', 'cas']);
  if (f === 'read') return { f, key, value: null };
  if (f === 'write') return { f, key, value };
  const seen = events.findLast(({ call, outcome }) => call.f !== 'cas' && call.key === key && outcome?.type === 'ok');
  const from = seen?.outcome?.type === 'ok' ? seen.outcome.value : null;
  return { f, key, value: [from ?? 0, value] };
}
