import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatCommand } from './command.ts';
import type { PlanRequest } from './expand.ts';
import { fakeTest } from './testing/fake-test.ts';

/** What a shell and the command line make of the command; no value of ours has a space in it. */
function requestOf(command: string): PlanRequest {
  const words = command.split(' ').slice(2);
  const value = (flag: string): string | undefined => words[words.indexOf(flag) + 1 || Infinity];
  const number = (flag: string): number | undefined => (words.includes(flag) ? Number(value(flag)) : undefined);
  return {
    system: value('--system') ?? '',
    bug: value('--bug'),
    workload: value('--workload'),
    nemesis: value('--nemesis'),
    nodeCount: number('--node-count'),
    concurrency: value('--concurrency'),
    rate: number('--rate'),
    timeLimit: number('--time-limit'),
    nemesisInterval: number('--nemesis-interval'),
    seed: number('--seed') ?? -1,
    weather: value('--weather'),
    nodeLimits: limitsOf(value('--node-memory'), number('--node-cpus')),
    liveness: words.includes('--liveness'),
    set: words.flatMap((word, index) => (words[index - 1] === '--set' ? [word] : [])),
  };
}

const limitsOf = (memory: string | undefined, cpus: number | undefined): PlanRequest['nodeLimits'] => ({
  memory: memory === undefined ? null : Number.parseInt(memory) * (memory.endsWith('m') ? 2 ** 20 : 1),
  cpus: cpus ?? null,
});

const requests: fc.Arbitrary<Partial<PlanRequest>> = fc.record(
  {
    system: fc.constantFrom('ledger', 'chronicle'),
    nemesis: fc.constantFrom('none', 'cut', 'cut:first'),
    nodeCount: fc.integer({ min: 2, max: 9 }),
    concurrency: fc.constantFrom('1', '7', '2n', '3n'),
    rate: fc.constantFrom(0.5, 50, 100),
    timeLimit: fc.constantFrom(5, 12.5, 20),
    nemesisInterval: fc.constantFrom(0.25, 2, 3),
    seed: fc.nat(),
    weather: fc.constantFrom('delay=0.5-20', 'slow=0.05,slowest=80,loss=0.01', 'duplicate=0.25'),
    nodeLimits: fc.constantFrom({}, { memory: 2 ** 28 }, { memory: 100_000_001, cpus: 0.5 }, { cpus: 2 }),
    liveness: fc.boolean(),
    set: fc.constantFrom([], ['pages=2'], ['pages=8', 'system.size=3'], ['workload.size=2', 'neat=false']),
  },
  { requiredKeys: ['seed'] },
);

describe('the command that repeats a run', () => {
  it('names what is the default, too, where the planted bug would make it something else', () => {
    const test = fakeTest({ bug: 'blot', nodeCount: 5, nemesisInterval: 2 });
    const { bug } = test;
    if (bug === null) throw new Error('the bug is there');
    const flags = (needs: Partial<typeof bug>): string[] =>
      repeatCommand({ ...test, bug: { ...bug, ...needs } }, 'harness').match(/--n[\w-]+ \d\S*/g) ?? [];
    expect(flags({})).toEqual([]);
    expect(flags({ nodeCount: 3, nemesisInterval: 0.3 })).toEqual(['--node-count 5', '--nemesis-interval 2']);
    expect(flags({ nodeCount: 5, nemesisInterval: 2 })).toEqual([]);
    const workload = (needs: Partial<typeof bug>): string[] =>
      repeatCommand({ ...test, bug: { ...bug, ...needs } }, 'harness').match(/--workload \S+/g) ?? [];
    expect(workload({ workload: 'other' })).toEqual(['--workload scribble']);
    expect(workload({ workload: 'scribble' })).toEqual([]);
  });

  it('names only what differs from the defaults, and always the seed and the environment', () => {
    const request = { nodeCount: undefined, timeLimit: undefined, rate: undefined };
    expect(repeatCommand(fakeTest(request), 'harness')).toBe(
      'harness test --system ledger --workload scribble --env sim --seed 7',
    );
    expect(
      repeatCommand(
        fakeTest({ ...request, nemesis: 'cut', bug: 'blot', set: ['system.size=4', 'lines=2'] }),
        'harness',
      ),
    ).toBe(
      'harness test --system ledger --bug blot --workload scribble --nemesis cut --set system.size=4 --set lines=2 --env sim --seed 7',
    );
  });

  it('says nothing of calls that the system does not understand', () => {
    expect(repeatCommand(fakeTest({ system: 'chronicle' }), 'harness')).not.toContain('swaps');
    expect(repeatCommand(fakeTest({ set: ['swaps=0'] }), 'harness')).toContain('--set swaps=0');
  });

  it('gives the same plan again, whatever the plan was', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const { system, seed } = request;
        const test = fakeTest(system === 'ledger' && Number(seed) % 2 === 0 ? { ...request, bug: 'blot' } : request);
        const again = fakeTest(requestOf(repeatCommand(test, 'harness')));
        expect(again.plan).toEqual(test.plan);
      }),
    );
  });
});
