import { describe, expect, it } from 'vitest';
import type { SeedResult } from '../harness/batch.ts';
import { type Step, firstDifference, runTwice } from './determinism.ts';
import { seedResultOf } from './testing/results.ts';

const step = (at: number, input: string, who = 'n1'): Step => ({ at, who, kind: 'peer', input });
const common = [step(1e6, 'a'), step(2e6, 'b')];

const twin = (result: Partial<SeedResult>, steps: readonly Step[]) => ({
  run: async (seed: number) => seedResultOf(seed, result),
  record: async () => steps,
});
const hash = (text: string) => ({ trace: { events: 2, hash: text } });

describe('a seed that is run twice', () => {
  it('is as it was when both took the same steps', async () => {
    const one = twin(hash('x'), common);
    expect(await runTwice(one, twin(hash('x'), common))(5)).toEqual({ ...(await one.run(5)), compared: true });
  });

  it('is a finding that names the first step that differs', async () => {
    const found = await runTwice(
      twin(hash('x'), [...common, step(3.5e6, 'now 17')]),
      twin(hash('y'), [...common, step(3.5e6, 'now 18'), step(4e6, 'more')]),
    )(5);
    expect(found).toMatchObject({
      kind: 'finding',
      headline: 'It took other steps when it was run again: trace x, then y.',
      reasons: [
        [
          'The first step that differs is number 3:',
          '  first run:  3.500000 ms, n1, peer: now 17',
          '  second run: 3.500000 ms, n1, peer: now 18',
          '  both before: 2.000000 ms, n1, peer: b',
        ].join('\n'),
      ],
    });
  });

  it('is not passed off as compared when there is nothing to compare', async () => {
    await expect(runTwice(twin({ trace: null }, []), twin({ trace: null }, []))(5)).rejects.toThrow(
      'Seed 5 left no trace to compare.',
    );
  });

  it('stays a violation, which weighs more', async () => {
    const violated = { kind: 'violated' as const, headline: 'Broken.', reasons: ['k1'], ...hash('x') };
    const found = await runTwice(twin(violated, common), twin(hash('y'), [step(1e6, 'c')]))(5);
    expect(found).toMatchObject({ kind: 'violated', headline: 'Broken.' });
    expect(found.reasons[0]).toBe('It took other steps when it was run again: trace x, then y.');
    expect(found.reasons.at(-1)).toBe('k1');
  });

  it('is a finding also when the recorded runs agree', async () => {
    const found = await runTwice(twin(hash('x'), common), twin(hash('y'), common))(5);
    expect(found.kind).toBe('finding');
    expect(found.reasons).toEqual([
      'Two more runs took the same steps, so what differed comes from outside, and not always.',
    ]);
  });
});

describe('the first difference', () => {
  it('is in the time, the machine, the kind, the input, or where one run ends', () => {
    expect(firstDifference(common, common)).toBeNull();
    expect(firstDifference(common, [step(1e6, 'a'), step(3e6, 'b')])).toBe(1);
    expect(firstDifference(common, [step(1e6, 'a', 'n2'), step(2e6, 'b')])).toBe(0);
    expect(firstDifference(common, [step(1e6, 'a'), { ...step(2e6, 'b'), kind: 'timer' }])).toBe(1);
    expect(firstDifference(common, common.slice(0, 1))).toBe(1);
    expect(firstDifference([], common)).toBe(0);
  });
});
