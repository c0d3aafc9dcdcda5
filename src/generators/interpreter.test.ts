import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeId, nodeNames, processId, type ProcessId } from '../core/ids.ts';
import { seeded } from '../core/random.ts';
import { instant, milliseconds, nanoseconds, type Instant } from '../core/time.ts';
import type { Call } from '../protocol/client.ts';
import type { Generator, GeneratorEvent } from './generator.ts';
import { homeOf, Interpreter, type InterpreterEffects } from './interpreter.ts';
import { limit } from './limit.ts';
import { rate } from './rate.ts';
import { named } from './testing/named.ts';
import { fail, info, invoked, ok, play } from './testing/play.ts';

/** Writes down what the interpreter asks for. */
function recorder(): InterpreterEffects & { readonly log: string[]; readonly wakes: Instant[] } {
  const log: string[] = [];
  const wakes: Instant[] = [];
  return {
    log,
    wakes,
    invoke: (process, call) => log.push(`${process} ${call.f}`),
    wakeAt: (at) => wakes.push(at),
    done: () => log.push('done'),
  };
}

const interpreter = (main: Generator, concurrency = 1, final = limit(1, named('final'))): Interpreter =>
  new Interpreter({ main, final, nodes: nodeNames(2), concurrency, random: seeded(1) });

test('a process that ended in info is retired, and its thread goes on under number + concurrency', () => {
  const machine = interpreter(named('a'), 2);
  const effects = recorder();
  machine.step(instant(0), { kind: 'tick' }, effects);
  machine.step(instant(1), { kind: 'completed', process: processId(1), outcome: info }, effects);
  machine.step(instant(2), { kind: 'completed', process: processId(0), outcome: fail }, effects);
  machine.step(instant(3), { kind: 'completed', process: processId(3), outcome: info }, effects);

  expect(effects.log.toSorted()).toEqual(['0 a', '0 a', '1 a', '3 a', '5 a']);
});

test('no process acts again after an info, and none has two operations at once', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 9 }), (seed, concurrency) => {
      const retired = new Set<ProcessId>();
      const busy = new Set<ProcessId>();
      const events = play({
        main: named('a'),
        seed,
        concurrency,
        most: 400,
        takes: (_, random) => nanoseconds(1 + random.below(50)),
        answer: (_, __, random) => (random.chance(0.3) ? info : random.chance(0.5) ? ok() : fail),
      });
      for (const { kind, process, outcome } of events) {
        expect(retired.has(process)).toBe(false);
        expect(busy.has(process)).toBe(kind === 'complete');
        if (kind === 'invoke') busy.add(process);
        else busy.delete(process);
        if (outcome?.type === 'info') retired.add(process);
      }
      expect(retired.size).toBeGreaterThan(50);
    }),
    { numRuns: 40 },
  );
});

test('the home of process p is node p mod n', () => {
  const nodes = nodeNames(3);

  expect([0, 1, 2, 3, 10].map((process) => homeOf(processId(process), nodes))).toEqual(
    ['n1', 'n2', 'n3', 'n1', 'n2'].map(nodeId),
  );
});

test('stop lets no further call through, and done comes when the last operation has completed', () => {
  const machine = interpreter(named('a'), 2);
  const effects = recorder();
  machine.step(instant(0), { kind: 'tick' }, effects);
  machine.step(instant(1), { kind: 'stop' }, effects);
  machine.step(instant(2), { kind: 'completed', process: processId(0), outcome: ok() }, effects);
  expect(effects.log.slice(2)).toEqual([]);
  machine.step(instant(3), { kind: 'completed', process: processId(1), outcome: ok() }, effects);
  machine.step(instant(4), { kind: 'tick' }, effects);

  expect(effects.log.slice(2)).toEqual(['done']);
});

test('the final phase runs on the processes that the main phase left, and has heard of all its events', () => {
  const heard: string[] = [];
  const listening: Generator = {
    next: (context) => limit(1, named('final')).next(context),
    update(event: GeneratorEvent) {
      heard.push(`${event.kind} ${event.process}`);
      return listening;
    },
  };
  const machine = interpreter(limit(1, named('a')), 1, listening);
  const effects = recorder();
  machine.step(instant(0), { kind: 'tick' }, effects);
  machine.step(instant(1), { kind: 'completed', process: processId(0), outcome: info }, effects);
  machine.step(instant(2), { kind: 'final' }, effects);
  machine.step(instant(3), { kind: 'completed', process: processId(1), outcome: ok() }, effects);

  expect(effects.log).toEqual(['0 a', 'done', '1 final', 'done']);
  expect(heard).toEqual(['invoke 0', 'complete 0']);
});

test('a tick that comes too early is asked for again', () => {
  const machine = interpreter(rate(1000, named('a')));
  const effects = recorder();
  machine.step(instant(0), { kind: 'tick' }, effects);
  const [due] = effects.wakes as [Instant];
  machine.step(instant(due - 1), { kind: 'tick' }, effects);
  machine.step(due, { kind: 'tick' }, effects);

  expect(effects.wakes).toEqual([due, due]);
  expect(effects.log).toEqual(['0 a']);
});

test('clients may answer at once, from within the step, in any number', () => {
  const machine = interpreter(limit(10_000, named('a')), 3);
  let calls = 0;
  let done = 0;
  const effects: InterpreterEffects = {
    invoke(process) {
      calls++;
      machine.step(instant(calls), { kind: 'completed', process, outcome: ok() }, effects);
    },
    wakeAt: () => {},
    done: () => done++,
  };
  machine.step(instant(0), { kind: 'tick' }, effects);

  expect({ calls, done }).toEqual({ calls: 10_000, done: 1 });
});

test('the same seed gives the same calls', () => {
  const run = (seed: number): Call[] =>
    invoked(play({ main: rate(1e5, named('a')), concurrency: 5, seed, most: 300, takes: () => milliseconds(1) })).map(
      ({ at, process, call }) => ({ ...call, value: [at, process] }),
    );

  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
});

test('a completion of what was not invoked is refused', () => {
  const machine = interpreter(named('a'), 2);
  const effects = recorder();
  machine.step(instant(0), { kind: 'tick' }, effects);

  expect(() => machine.step(instant(1), { kind: 'completed', process: processId(2), outcome: ok() }, effects)).toThrow(
    'process 2 completed what it did not invoke',
  );
});
