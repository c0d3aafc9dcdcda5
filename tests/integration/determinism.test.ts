/** That the same seed takes the same steps is checked on a system that does not, and on one that does. */
import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../src/core/time.ts';
import { simulation } from '../../src/environments/simulation/simulation.ts';
import { type Step, type Twin, runTwice } from '../../src/explore/determinism.ts';
import { type SeedResult, seedResult } from '../../src/harness/batch.ts';
import { expand } from '../../src/harness/expand.ts';
import { ordinaryLimits } from '../../src/harness/models.ts';
import { run } from '../../src/harness/run.ts';
import type { ClientContext, ClientMachine } from '../../src/protocol/client.ts';
import type { Dialect, Protocol } from '../../src/protocol/protocol.ts';
import type { AnyProtocolSystem } from '../../src/protocol/system.ts';
import { workloads } from '../../workloads/index.ts';

/** Whispers a number to its peers now and then, and answers every request with null. */
const whispering = (number: (life: number) => number): Protocol<Dialect> => ({
  name: 'whispering',
  start(_now, context, _records, effects) {
    effects.setTimer('whisper', milliseconds(50));
    return {
      step(_at, input, given) {
        if (input.kind === 'request') given.reply(input.id, { type: 'done' });
        if (input.kind !== 'timer') return;
        given.setTimer('whisper', milliseconds(50));
        for (const peer of context.nodes)
          if (peer !== context.self) given.send(peer, { type: `whisper ${number(context.life)}` });
      },
      inspect: () => ({ role: 'whisperer' }),
      peek: () => null,
    };
  },
});

class DirectClient implements ClientMachine {
  readonly #context: ClientContext;
  #attempt = 0;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  step(...[, input, effects]: Parameters<ClientMachine['step']>): void {
    const { home } = this.#context;
    if (input.kind === 'invoke') effects.request(++this.#attempt, home, { type: input.call.f });
    if (input.kind === 'reply') effects.complete({ type: 'ok', value: null }, home);
  }
}

const system = (protocol: Protocol<Dialect>): AnyProtocolSystem => ({
  kind: 'protocol',
  name: protocol.name,
  summary: 'Whispers.',
  protocol,
  client: (context) => new DirectClient(context),
  claims: () => [],
  options: [],
  bugs: [],
  operations: ['read', 'write', 'cas'],
});

/** As a thread does it: with a simulation of its own each time. */
function twinOf(protocol: Protocol<Dialect>): Twin {
  const catalogue = {
    systems: { whispering: system(protocol) },
    workloads,
    nemeses: {
      none: { name: 'none', summary: '', needs: [], variants: [] },
    },
  };
  const { signal } = new AbortController();
  const play = async (seed: number, steps: Step[]): Promise<SeedResult> => {
    const environment = simulation({ observe: (at, who, kind, input) => void steps.push({ at, who, kind, input }) });
    const choice = { ...environment, reason: '' };
    const request = { system: 'whispering', nodeCount: 2, timeLimit: 1, seed, set: ['read=1', 'write=0', 'cas=0'] };
    const test = expand(request, choice, catalogue);
    const limits = { ...ordinaryLimits, workers: 0 };
    return seedResult(await run({ test, environment, store: null, version: '', program: '', limits, signal }), []);
  };
  return {
    run: (seed) => play(seed, []),
    record: async (seed) => {
      const steps: Step[] = [];
      await play(seed, steps);
      return steps;
    },
  };
}

describe('the check of determinism', () => {
  it('passes a system that takes the same steps every time', async () => {
    const steady = twinOf(whispering((life) => life));
    const result = await runTwice(steady, steady)(7);
    expect(result.kind).not.toBe('finding');
    expect(result.trace?.events).toBeGreaterThan(50);
  });

  it('names the first step that differs of a system that counts over its runs', async () => {
    let count = 0;
    // Memory outside of the machine: another run finds it as the last one left it.
    const careless = twinOf(whispering(() => ++count));
    const result = await runTwice(careless, careless)(7);
    expect(result.kind).toBe('finding');
    expect(result.headline).toMatch(/^It took other steps when it was run again: trace \w{16}, then \w{16}\.$/);
    expect(result.reasons[0]).toMatch(
      /^The first step that differs is number \d+:\n {2}first run: {2}5\d\.\d{6} ms, n\d, peer: .*whisper \d+.*\n {2}second run: 5\d\.\d{6} ms, n\d, peer: .*whisper \d+.*\n {2}both before: /,
    );
  });
});
