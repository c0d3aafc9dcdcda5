/**
 * `node dist/knossos-ts/bench/weak/main.js [cell]`: the consistency models over 100 thousand operations of a store whose
 * readers lag behind, for ten seeds of each shape, valid and with one violation. Each seed is one check; the first of a
 * cell also warms up. Printed are the times of the clock and of the processor, and how often each answer was given.
 */
import { checkSync } from '../../src/check-history.ts';
import { stalenessOf } from '../../src/weak/staleness/staleness.ts';
import type { ConsistencyModel } from '../../src/weak/models.ts';
import { pairOperations } from '../../src/history/pair-operations.ts';
import { laggingStore, violations, type Lag } from './lagging-store.ts';

const shape: Omit<Lag, 'seed' | 'violation'> = {
  operations: 100_000,
  clients: 20,
  keys: 100,
  cas: 0.2,
  writes: 0.3,
  info: 0.01,
  behind: 300,
};

const shapes: { readonly [cell: string]: typeof shape } = {
  ordinary: shape,
  'deeply stale': { ...shape, behind: 10_000 },
  'as stale as can be': { ...shape, behind: 100_000 },
  'one hundred clients': { ...shape, clients: 100 },
  'five keys': { ...shape, keys: 5 },
  'ten thousand keys': { ...shape, keys: 10_000 },
  'much of unknown outcome': { ...shape, info: 0.1 },
  'mostly reads': { ...shape, cas: 0.05, writes: 0.05, info: 0.001 },
  'mostly writes': { ...shape, cas: 0.2, writes: 0.7 },
};

const weaker: readonly ConsistencyModel[] = [
  'causal-memory',
  'causal-convergence',
  'causal',
  'pram',
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
];
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const chosen = process.argv[2] ?? '';

for (const [cell, lag] of Object.entries(shapes)) {
  measure(`sequential, ${cell}`, (seed) => {
    const history = laggingStore({ ...lag, seed, violation: undefined });
    return () => answer(checkSync(history, { models: ['sequential'] }).verdicts.get('sequential')?.valid);
  });
}
for (const violation of violations) {
  measure(`sequential, ${violation}`, (seed) => {
    const history = laggingStore({ ...shape, seed, violation });
    return () => {
      const verdict = checkSync(history, { models: ['sequential'] }).verdicts.get('sequential');
      if (verdict?.valid !== false) return answer(verdict?.valid);
      const { verified, cycle } = verdict.counterexample;
      return `false, a cycle of ${cycle.length} edges${verified ? '' : ', NOT VERIFIED'}`;
    };
  });
}
for (const [cell, lag] of Object.entries(shapes)) measureWeaker(cell, { ...lag, violation: undefined });
// Where no order of everything is found, each model has to be decided by itself.
for (const violation of violations) measureWeaker(violation, { ...shape, violation });
measure('all models, ordinary', (seed) => {
  const history = laggingStore({ ...shape, seed, violation: undefined });
  return () => `holds ${checkSync(history, { models: 'all' }).holds.join(' and ')}`;
});

function measureWeaker(cell: string, lag: Omit<Lag, 'seed'>): void {
  measure(`all below sequential and staleness, ${cell}`, (seed) => {
    const history = laggingStore({ ...lag, seed });
    return () => {
      const { holds } = checkSync(history, { models: weaker });
      const { k } = stalenessOf(pairOperations(history)).reads;
      return `holds ${holds.join(' and ') || 'none'}, ${k.max > 0 ? 'stale' : 'fresh'}`;
    };
  });
}

function answer(valid: boolean | 'unknown' | undefined): string {
  return String(valid);
}

function measure(name: string, prepare: (seed: number) => () => string): void {
  if (!name.includes(chosen)) return;
  const answers = new Map<string, number>();
  const times = seeds.map((seed) => {
    const run = prepare(seed);
    const begun = performance.now();
    const before = process.cpuUsage();
    const told = run();
    const { user, system } = process.cpuUsage(before);
    answers.set(told, (answers.get(told) ?? 0) + 1);
    return { clock: performance.now() - begun, processor: (user + system) / 1e3 };
  });
  const spread = (of: 'clock' | 'processor'): string => {
    const sorted = times.map((time) => time[of]).toSorted((one, other) => one - other);
    return `${of} ${[sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map((ms) => ((ms ?? 0) / 1e3).toFixed(2)).join(' / ')} s`;
  };
  const told = [...answers].map(([text, often]) => `${often} × ${text}`).toSorted();
  process.stdout.write(
    `${name}: ${spread('clock')}, ${spread('processor')} (least, median, most)\n  ${told.join('; ')}\n`,
  );
}
