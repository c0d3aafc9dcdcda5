import { describe, expect, it } from 'vitest';
import { UsageError } from '../core/errors.ts';
import type { PlanRequest } from '../harness/expand.ts';
import { fakeTest } from '../harness/testing/fake-test.ts';
import { drawSwarm } from './swarm.ts';

const base: PlanRequest = { system: 'ledger', workload: 'scribble', nemesis: 'cut', seed: 0, liveness: true };
const widest = fakeTest({ ...base, nodeCount: 7 });
const seeds = Array.from({ length: 400 }, (_, index) => index + 1);
const drawn = (more: Partial<PlanRequest> = {}): readonly PlanRequest[] =>
  seeds.map((seed) => drawSwarm({ ...base, ...more }, widest, seed));

describe('the swarm', () => {
  it('draws the same for the same seed, and other things for other seeds', () => {
    expect(drawSwarm(base, widest, 7)).toEqual(drawSwarm(base, widest, 7));
    expect(new Set(drawn().map(({ seed: _seed, ...rest }) => JSON.stringify(rest))).size).toBeGreaterThan(390);
  });

  it('draws the same for a system with a bug and for its correct twin', () => {
    const { bug: _bug, ...rest } = drawSwarm({ ...base, bug: 'blot' }, widest, 7);
    expect(rest).toEqual(drawSwarm(base, widest, 7));
  });

  it('varies everything that was left open, within bounds', () => {
    const all = drawn();
    expect(new Set(all.map(({ nodeCount }) => nodeCount))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    expect(new Set(all.map(({ concurrency }) => concurrency))).toEqual(new Set(['1n', '2n', '3n']));
    for (const { rate = 0, nemesisInterval = 0, timeLimit = 0 } of all) {
      expect(rate).toBeGreaterThanOrEqual(20);
      expect(rate).toBeLessThanOrEqual(200);
      expect(nemesisInterval).toBeLessThanOrEqual(timeLimit / 2);
      expect(nemesisInterval).toBeGreaterThanOrEqual(0.2);
    }
    const weather = all.map((request) => request.weather);
    expect(weather.filter((one) => one === undefined).length).toBeGreaterThan(100);
    for (const kind of ['delay=', 'slow=', 'loss=', 'duplicate='])
      expect(weather.some((one) => one?.includes(kind))).toBe(true);
    expect(new Set(all.flatMap(({ set = [] }) => set.map((word) => word.split('=')[0])))).toEqual(
      new Set(['workload.lines', 'workload.swaps', 'system.pages']),
    );
    const pages = all.map(({ set = [] }) => set.find((word) => word.startsWith('system.pages=')));
    expect(new Set(pages)).toEqual(new Set([undefined, 'system.pages=1', 'system.pages=2']));
  });

  it('leaves alone what the user has said', () => {
    const said = {
      nodeCount: 3,
      rate: 77,
      concurrency: '5',
      timeLimit: 8,
      nemesisInterval: 3,
      weather: 'loss=0.5',
      set: ['lines=2', 'swaps=3', 'ink=red', 'system.pages=9'],
    };
    for (const request of drawn(said)) expect(request).toMatchObject(said);
  });

  it('leaves alone what the user has said in one word, and a name that both have as the one of its owner', () => {
    const swarm = drawn({ set: ['swaps=3,pages=9,lines=2'] });
    expect(new Set(swarm.map(({ set = [] }) => set.join(' ')))).toEqual(new Set(['swaps=3,pages=9,lines=2']));
    const { workload } = widest;
    const options = workload.options.map((one) => (one.name === 'size' ? { ...one, range: [1, 9] as const } : one));
    const sizes = (set: string): readonly string[] =>
      seeds
        .flatMap(
          (seed) =>
            drawSwarm({ ...base, set: [set] }, { ...widest, workload: { ...workload, options } }, seed).set ?? [],
        )
        .filter((word) => word.startsWith('workload.size='));
    expect(new Set(sizes('size=2')).size).toBeGreaterThan(2);
    expect(new Set(sizes('workload.size=2'))).toEqual(new Set(['workload.size=2']));
  });

  it('leaves alone the options that a planted bug needs, and its twin draws the same', () => {
    const bug = 'blot';
    const withBug = fakeTest({ ...base, bug, nodeCount: 7 });
    const twinBase = { ...base, set: ['system.pages=2'] };
    for (const seed of seeds) {
      const { bug: _bug, set, ...rest } = drawSwarm({ ...base, bug }, withBug, seed);
      expect(fakeTest({ ...rest, bug, set }).plan.systemOptions).toMatchObject({ pages: 2 });
      expect({ ...rest, set: [...twinBase.set, ...(set ?? [])] }).toEqual(drawSwarm(twinBase, widest, seed));
    }
  });

  it('draws only numbers of nodes that the options of the system can have', () => {
    const { system } = widest;
    const claims: typeof system.claims = (options, nodes) => {
      if (nodes.length < 4) throw new UsageError('needs four');
      return system.claims(options, nodes);
    };
    const counts = seeds.map((seed) => drawSwarm(base, { ...widest, system: { ...system, claims } }, seed).nodeCount);
    expect(new Set(counts)).toEqual(new Set([4, 5, 6, 7]));
  });

  it('always gives a plan that can be run, also where the system does not understand every call', () => {
    for (const request of drawn()) expect(fakeTest(request).plan.seed).toBe(request.seed);
    const limited = { ...base, system: 'chronicle' };
    for (const seed of seeds) {
      const request = drawSwarm(limited, fakeTest({ ...limited, nodeCount: 7 }), seed);
      expect(fakeTest(request).plan.workloadOptions).toMatchObject({ swaps: 0 });
    }
  });
});

describe('the nemeses of a swarm', () => {
  const nemesis = (name: string, variants: readonly (readonly [string, number])[]) => ({
    nemesis: {
      name,
      summary: '',
      needs: ['kill' as const],
      variants: variants.map(([variant, minimumNodes]) => ({
        name: variant,
        summary: '',
        minimumNodes,
        plan: () => null,
      })),
    },
  });
  const selected = [
    nemesis('kill', [
      ['one', 1],
      ['minority', 3],
      ['most', 5],
    ]),
    nemesis('pause', [['one', 1]]),
    nemesis('ring', [['whole', 3]]),
  ].map((one) => ({ ...one, variants: one.nemesis.variants }));
  const of = (nodeCount: number, test = { ...widest, selections: selected }): ReadonlySet<string> =>
    new Set(seeds.map((seed) => drawSwarm({ ...base, nodeCount }, test, seed).nemesis ?? ''));

  it('are on and off, some with a part of their variants, and never all off', () => {
    const all = of(5);
    for (const some of ['kill', 'pause', 'ring', 'kill,pause', 'pause,ring', 'kill,pause,ring'])
      expect(all).toContain(some);
    expect([...all].some((some) => some.split(',').includes('kill:most') && !some.includes('kill:one'))).toBe(true);
    expect([...all].filter((some) => some === 'none' || some === '')).toEqual([]);
  });

  it('are dropped with the variants that the nodes cannot carry', () => {
    const words = (nodeCount: number) => [...of(nodeCount)].flatMap((some) => some.split(','));
    expect(new Set(words(1))).toEqual(new Set(['kill', 'pause']));
    expect(words(3)).not.toContain('kill:most');
    expect(words(3)).toContain('ring');
    const onlyRing = { ...widest, selections: selected.filter((one) => one.nemesis.name === 'ring') };
    expect(of(2, onlyRing)).toEqual(new Set(['none']));
  });

  it('keep to the variants that were asked for', () => {
    const [kill] = selected;
    if (kill === undefined) throw new Error('no kill');
    const asked = { ...widest, selections: [{ ...kill, variants: kill.variants.slice(1) }] };
    const request = { ...base, nodeCount: 5, nemesis: 'kill:minority,kill:most' };
    expect(new Set(seeds.map((seed) => drawSwarm(request, asked, seed).nemesis))).toEqual(
      new Set(['kill:minority,kill:most', 'kill:most,kill:minority', 'kill:minority', 'kill:most']),
    );
  });
});
