import { describe, expect, it } from 'vitest';
import { UsageError } from '../core/errors.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import type { AnyProtocolSystem } from '../protocol/system.ts';
import type { PlanRequest } from './expand.ts';
import { expand } from './expand.ts';
import { cut, fakeCatalogue, fakeEnvironmentChoice, fakeTest, ledger } from './testing/fake-test.ts';

const refused = (request: Partial<PlanRequest>): string => {
  try {
    fakeTest(request);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('a plan', () => {
  it('is whole: what was not said has its default', () => {
    const { plan } = fakeTest({ nodeCount: undefined, timeLimit: undefined, rate: undefined });
    expect(plan).toEqual({
      system: 'ledger',
      bug: null,
      systemOptions: { pages: 8, ink: 'black', size: 1 },
      workload: 'scribble',
      workloadOptions: { lines: 1, size: 1, neat: true, swaps: 5 },
      nemeses: ['none'],
      environment: 'sim',
      environmentReason: '--env sim was given',
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
      concurrency: 10,
      rate: 100,
      timeLimit: 20e9,
      nemesisInterval: 2e9,
      seed: 7,
      weather: {},
      nodeLimits: { memory: null, cpus: null },
      liveness: false,
      attemptTimeout: 1e9,
      operationTimeout: 5e9,
    });
  });

  it('takes the options of a bug, and those that were set over them', () => {
    expect(fakeTest({ bug: 'blot' }).plan.systemOptions).toEqual({ pages: 2, ink: 'black', size: 1 });
    expect(fakeTest({ bug: 'blot', set: ['pages=3'] }).plan.systemOptions).toMatchObject({ pages: 3 });
  });

  it('has as many nodes as a bug needs, unless it was told otherwise', () => {
    expect(fakeTest({ bug: 'smear', nodeCount: undefined }).plan.nodes).toHaveLength(4);
    expect(fakeTest({ bug: 'smear', nodeCount: 3 }).plan.nodes).toHaveLength(3);
    expect(fakeTest({ bug: 'blot', nodeCount: undefined }).plan.nodes).toHaveLength(5);
  });

  it('runs the workload that shows a bug, unless it was told otherwise', () => {
    expect(fakeTest({ bug: 'smear', workload: undefined }).plan.workload).toBe('scribble');
    expect(() => fakeTest({ bug: 'blot', workload: undefined })).toThrow('Unknown workload "register"');
    expect(() => fakeTest({ bug: 'smear', workload: 'register' })).toThrow('Unknown workload "register"');
  });

  it('gives each option to its owner', () => {
    const { plan } = fakeTest({ set: ['ink=red,lines=4', 'neat=false,workload.size=2'] });
    expect(plan.systemOptions).toEqual({ pages: 8, ink: 'red', size: 1 });
    expect(plan.workloadOptions).toEqual({ lines: 4, size: 2, neat: false, swaps: 5 });
  });

  it('gives a name that both have to the system', () => {
    expect(fakeTest({ set: ['size=2'] }).plan).toMatchObject({
      systemOptions: { size: 2 },
      workloadOptions: { size: 1 },
    });
  });

  it('leaves out the calls that the system does not understand, unless they are asked for, which is refused', () => {
    expect(fakeTest({ system: 'chronicle' }).plan.workloadOptions).toMatchObject({ swaps: 0 });
    expect(fakeTest({ system: 'chronicle', set: ['swaps=0'] }).plan.workloadOptions).toMatchObject({ swaps: 0 });
    expect(refused({ system: 'chronicle', set: ['swaps=1'] })).toBe(
      'The workload scribble asks for cas, which chronicle does not understand (it knows read, write). ' +
        'Choose another workload, or set the share of cas to 0.',
    );
  });

  it('counts clients in nodes where it is told so', () => {
    expect(fakeTest({ concurrency: '4n' }).plan.concurrency).toBe(12);
    expect(fakeTest({ concurrency: '4' }).plan.concurrency).toBe(4);
  });
});

describe('bad input', () => {
  const cases: readonly (readonly [Partial<PlanRequest>, string])[] = [
    [{ system: 'leger' }, 'Unknown system "leger". Did you mean ledger? Known: chronicle, ledger, pre-ledger.'],
    [{ system: 'toString' }, 'Unknown system "toString". Known: chronicle, ledger, pre-ledger.'],
    [{ workload: 'scrible' }, 'Unknown workload "scrible". Did you mean scribble? Known: scribble.'],
    [{ nemesis: 'cat' }, 'Unknown nemesis "cat". Did you mean cut? Known: all, cut, none.'],
    [{ nemesis: 'cut:frist' }, 'Unknown variant of cut "frist". Did you mean first? Known: first, seventh.'],
    [{ nemesis: 'cut:seventh' }, 'The nemesis cut:seventh needs at least 7 nodes; there are 3.'],
    [{ nemesis: 'cut', nodeCount: 1 }, 'The nemesis cut needs at least 2 nodes; there are 1.'],
    [
      { nemesis: 'cut', nemesisInterval: 5 },
      'With --nemesis-interval 5 and --time-limit 5 hardly a fault would begin in time. Make the interval shorter or the run longer.',
    ],
    [{ bug: 'blob' }, 'Unknown bug of ledger "blob". Did you mean blot? Known: blot, smear.'],
    [{ system: 'pre-ledger', bug: 'blot' }, 'The system pre-ledger has no planted bugs: leave --bug out.'],
    [{ nodeCount: 0 }, '--node-count wants a whole number from 1 to 99, and got 0.'],
    [{ nodeCount: 2.5 }, '--node-count wants a whole number from 1 to 99, and got 2.5.'],
    [{ timeLimit: -3 }, '--time-limit wants a number from 0.1 to 86400, and got -3.'],
    [{ timeLimit: Number.NaN }, '--time-limit wants a number from 0.1 to 86400, and got NaN.'],
    [{ rate: 0 }, '--rate wants a number from 0.1 to 1000000, and got 0.'],
    [{ nemesisInterval: 0 }, '--nemesis-interval wants a number from 0.01 to 86400, and got 0.'],
    [{ seed: -1 }, '--seed wants a whole number from 0 to 9007199254740991, and got -1.'],
    [
      { concurrency: 'lots' },
      '--concurrency wants a number of clients from 1 to 10000, or a multiple of the nodes such as 2n, and got "lots".',
    ],
    [{ set: ['lines'] }, '--set wants key=value, and got "lines". Example: --set keys=10'],
    [{ set: ['line=2'] }, 'Unknown option "line". Did you mean lines? Known: ink, lines, neat, pages, size, swaps.'],
    [{ set: ['lines=1.5'] }, '--set lines wants a whole number from 1 to 10, and got "1.5". It means: How many lines.'],
    [{ set: ['lines=11'] }, '--set lines wants a whole number from 1 to 10, and got "11". It means: How many lines.'],
    [{ set: ['lines='] }, '--set lines wants a whole number from 1 to 10, and got "". It means: How many lines.'],
    [{ set: ['neat=yes'] }, '--set neat wants true or false, and got "yes". It means: Neatly.'],
    [{ set: ['ink=blue'] }, '--set ink wants one of black, red, and got "blue". It means: The colour.'],
    [{ set: ['lines=1', 'lines=2'] }, '--set lines was given twice. Keep one.'],
  ];
  it('a shape of a nemesis that the system cannot do', () => {
    const move: Nemesis = {
      ...cut,
      name: 'move',
      needs: ['membership'],
      variants: [{ name: 'transfer', summary: '', minimumNodes: 2, needs: 'membership:transfer', plan: () => null }],
    };
    const membership = { change: () => ({ type: 'change' }), members: () => [] };
    const able = { ...membership, transfer: () => ({ type: 'transfer' }) };
    const asked = (one: AnyProtocolSystem['membership'] & object): string => {
      const catalogue = { ...fakeCatalogue, systems: { ledger: { ...ledger, membership: one } }, nemeses: { move } };
      const choice = { ...fakeEnvironmentChoice, faults: new Set(['membership'] as const) };
      try {
        expand({ system: 'ledger', workload: 'scribble', nemesis: 'move:transfer', seed: 1 }, choice, catalogue);
      } catch (error) {
        if (error instanceof UsageError) return error.message;
        throw error;
      }
      return 'accepted';
    };
    expect(asked(membership)).toBe(
      'The system ledger cannot hand its leadership over: name another shape of membership.',
    );
    expect(asked(able)).toBe('accepted');
  });

  it.each(cases)('%j says what to do next', (request, message) => {
    expect(refused(request)).toBe(message);
  });
});
