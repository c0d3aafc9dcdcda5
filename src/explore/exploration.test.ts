import { describe, expect, it } from 'vitest';
import { exploration } from './exploration.ts';
import { seedResultOf } from './testing/results.ts';

describe('an exploration', () => {
  it('adds up variants and inputs, and lists every failure', () => {
    const failing = { kind: 'finding' as const, headline: 'It crashed.' };
    const explored = exploration(
      [
        seedResultOf(1, { provenVariants: { 'kill:one': 2, 'kill:all': 1 }, inputs: { 'vote > leader': 1 } }),
        seedResultOf(2, failing),
        seedResultOf(3),
        seedResultOf(4, failing),
      ],
      4,
    );
    expect(explored.provenVariants).toEqual({ 'kill:all': 1, 'kill:one': 8 });
    expect(explored.inputs).toEqual({ 'append > follower': 15, 'vote > leader': 1 });
    expect(explored.neverMet).toEqual(['append > leader', 'vote > follower']);
    expect(explored.failures.map(({ seed }) => seed)).toEqual([2, 4]);
    expect(explored.outcome).toMatchObject({ exitCode: 1, headline: 'Seed 2: It crashed.' });
  });

  it('counts the seeds that were run twice, as they say themselves', () => {
    const compared = exploration([seedResultOf(1, { compared: true }), seedResultOf(2)], 2);
    expect(compared.compared).toBe(1);
  });

  it('says why seeds were inconclusive, the most frequent reason first', () => {
    const vague = (seed: number, reason: string) => seedResultOf(seed, { kind: 'inconclusive', reasons: [reason] });
    const explored = exploration(
      [
        vague(1, 'No cas swapped.'),
        vague(2, 'Fault 3 did not heal.'),
        seedResultOf(3),
        vague(4, 'Fault 7 did not heal.'),
      ],
      4,
    );
    expect(explored.doubts).toEqual([
      { reason: 'Fault 3 did not heal.', seeds: 2, first: 2 },
      { reason: 'No cas swapped.', seeds: 1, first: 1 },
    ]);
  });

  it('asks only for proof of the nemeses that some seed was given', () => {
    const given = (nemeses: readonly string[]) => [seedResultOf(1, { nemeses }), seedResultOf(2)];
    expect(exploration(given(['kill']), 2).outcome.kind).toBe('valid');
    expect(exploration(given(['kill', 'pause']), 2).outcome).toMatchObject({
      kind: 'inconclusive',
      reasons: ['No fault of pause was proven in any seed.'],
    });
  });
});
