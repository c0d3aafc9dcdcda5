/** KNOSSOS_RUNS=1000000 makes it a long fuzz; KNOSSOS_SEED repeats one. */
import { expect, test } from 'vitest';
import { seeded } from '../testing/seeded.ts';
import { tryTransactions } from './testing/trial.ts';

const runs = Number(process.env['KNOSSOS_RUNS'] ?? 10_000);
const seed = Number(process.env['KNOSSOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Seldom ones are in litmus.test.ts. */
const mistakes = [
  'G1a',
  'G1b',
  'garbage',
  'incompatible-version',
  'lost-update',
  'duplicate-version',
  'internal',
  'G0-process',
  'G0-realtime',
  'G1c-process',
  'G1c-realtime',
  'G-single',
  'G-single-process',
  'G-single-realtime',
];

test(
  `on random small histories, it finds what trying everything finds, and every kind of mistake comes up (seed ${seed})`,
  () => {
    const random = seeded(seed);
    const tally = new Map<string, number>();
    for (let run = 0; run < runs; run++) {
      const outcome = tryTransactions(random);
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    }
    if (process.env['KNOSSOS_TALLY'] !== undefined) console.log(Object.fromEntries(tally));
    expect(mistakes.filter((name) => !tally.has(name))).toEqual([]);
    expect(tally.get('kept')).toBeGreaterThan(runs / 4);
    expect(tally.get('unknown') ?? 0).toBeLessThan(runs / 20);
  },
  runs * 20 + 60_000,
);
