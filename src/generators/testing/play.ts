/** Runs a generator to its end on virtual time against clients that answer as the test says. */
import { Heap } from '../../core/heap.ts';
import { nodeNames, type ProcessId } from '../../core/ids.ts';
import { seeded, type Random } from '../../core/random.ts';
import { instant, plus, type Duration, type Instant } from '../../core/time.ts';
import type { Call } from '../../protocol/client.ts';
import type { Outcome } from '../../protocol/outcomes.ts';
import type { Generator } from '../generator.ts';
import { Interpreter, type InterpreterEffects, type InterpreterInput } from '../interpreter.ts';
import { limit } from '../limit.ts';

export interface Scene {
  readonly main: Generator;
  /** Played after the main phase; nothing without. */
  readonly final?: Generator;
  readonly nodeCount?: number;
  readonly concurrency?: number;
  readonly seed?: number;
  /** How long an operation takes. */
  readonly takes?: (call: Call, random: Random) => Duration;
  readonly answer?: (call: Call, process: ProcessId, random: Random) => Outcome;
  /** Ends the main phase when so many calls were made; 10,000 without. */
  readonly most?: number;
}

export interface Played {
  readonly at: Instant;
  readonly phase: 'main' | 'final';
  readonly kind: 'invoke' | 'complete';
  readonly process: ProcessId;
  readonly call: Call;
  /** Null at an invocation. */
  readonly outcome: Outcome | null;
}

export const ok = (value: Extract<Outcome, { type: 'ok' }>['value'] = null): Outcome => ({ type: 'ok', value });
export const fail: Outcome = { type: 'fail', error: { code: 11, text: 'not now' } };
export const info: Outcome = { type: 'info', error: { code: 0, text: 'no answer' } };

export function play(scene: Scene): Played[] {
  const { nodeCount = 1, concurrency = 1, seed = 1, most = 10_000 } = scene;
  const random = seeded(seed);
  const interpreter = new Interpreter({
    main: limit(most, scene.main),
    final: scene.final ?? limit(0, scene.main),
    nodes: nodeNames(nodeCount),
    concurrency,
    random: random.fork('generator'),
  });
  const world = random.fork('world');
  const events: Played[] = [];
  const queue = new Heap<() => unknown>();
  let now = instant(0);
  let wakes = 0;
  let phase: Played['phase'] = 'main';
  const step = (input: InterpreterInput): void => interpreter.step(now, input, effects);
  const effects: InterpreterEffects = {
    invoke(process, call) {
      events.push({ at: now, phase, kind: 'invoke', process, call, outcome: null });
      const outcome = scene.answer?.(call, process, world) ?? ok();
      queue.push(plus(now, scene.takes?.(call, world) ?? (1000 as Duration)), () => {
        events.push({ at: now, phase, kind: 'complete', process, call, outcome });
        step({ kind: 'completed', process, outcome });
      });
    },
    wakeAt(at) {
      const mine = ++wakes;
      queue.push(at, () => mine === wakes && step({ kind: 'tick' }));
    },
    done() {
      if (phase === 'final') return;
      phase = 'final';
      queue.push(now, () => step({ kind: 'final' }));
    },
  };
  step({ kind: 'tick' });
  for (let turn = 0; queue.size > 0; turn++) {
    if (turn > 200_000) throw new Error('The generator never comes to an end');
    now = instant(queue.nextAt);
    queue.pop()?.();
  }
  return events;
}

/** The calls, in order. */
export const invoked = (events: readonly Played[]): Played[] => events.filter(({ kind }) => kind === 'invoke');

/** Names of functions, in the order in which they were called. */
export const functionsOf = (events: readonly Played[]): string[] => invoked(events).map(({ call }) => call.f);
