import { expect, test } from 'vitest';
import { Chaos } from './testing/chaos.ts';
import { contradiction } from './testing/invariants.ts';

const seeds = Array.from({ length: 150 }, (_, index) => index + 1);

test(
  'whatever is lost, doubled, cut or killed, Raft keeps its promises and its history is linearizable',
  { timeout: 60_000 },
  () => {
    const sums = { terms: 0, committed: 0, ok: 0, fail: 0, info: 0 };
    for (const seed of seeds) {
      const chaos = new Chaos(seed);
      try {
        chaos.run(2_000, 700);
        expect(contradiction(chaos.invariants.committed, chaos.events)).toBeNull();
        const nodes = chaos.nodes();
        // And all come right in the end: one leader, and everybody goes on behind it.
        expect(nodes.filter(({ role }) => role.kind === 'leader')).toHaveLength(1);
        expect(Math.min(...nodes.map(({ applied }) => applied))).toBeGreaterThan(chaos.committedInTrouble);
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause });
      }
      sums.terms += chaos.invariants.terms;
      sums.committed += chaos.invariants.committed.length;
      for (const { outcome } of chaos.events) if (outcome !== null) sums[outcome.type]++;
    }
    // And something was at stake.
    expect(sums.terms).toBeGreaterThan(3 * seeds.length);
    expect(sums.ok).toBeGreaterThan(100 * seeds.length);
    expect(sums.fail).toBeGreaterThan(seeds.length);
    expect(sums.info).toBeGreaterThan(seeds.length);
  },
);

test('the same look finds what a leader with the bug stale-read answers', { timeout: 60_000 }, () => {
  const found = seeds.slice(0, 50).filter((seed) => {
    const chaos = new Chaos(seed, 'stale-read');
    chaos.run(2_000, 700);
    return contradiction(chaos.invariants.committed, chaos.events) !== null;
  });

  expect(found.length).toBeGreaterThan(5);
});
