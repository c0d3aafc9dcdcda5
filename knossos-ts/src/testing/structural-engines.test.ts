/** The engines that rely on structure against brute force. KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import { expect, test } from 'vitest';
import { contestants, tryOut } from './engine-trial.ts';
import { seeded } from './seeded.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Date.now() % 2 ** 31);

test.each(Object.entries(contestants))(
  `%s agrees with brute force on ${runs} small histories, by legal orders and verified proofs (seed ${seed})`,
  { timeout: 60_000 + runs * 2 },
  (name, contestant) => {
    const counts = { legal: 0, violated: 0, undecided: 0 };
    const flaws = new Map<string, number>();
    for (let run = 0; run < runs; run++) {
      try {
        const { decided, flaw = 'none' } = tryOut(contestant, seeded(seed + run));
        counts[decided === undefined ? 'undecided' : decided ? 'legal' : 'violated']++;
        flaws.set(flaw, (flaws.get(flaw) ?? 0) + 1);
      } catch (error) {
        throw new Error(`Seed ${seed + run}`, { cause: error });
      }
    }
    console.log(name, counts, Object.fromEntries(flaws));
    expect(Math.min(counts.legal, counts.violated)).toBeGreaterThan(runs / 20);
    expect([...flaws.keys()]).toEqual(expect.arrayContaining([...contestant.flaws]));
  },
);
