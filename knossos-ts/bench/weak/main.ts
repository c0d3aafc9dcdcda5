/**
 * `node dist/knossos-ts/bench/weak/main.js`: sequential consistency of 100 thousand operations without a hint, valid and
 * with one stale read; and everything weaker together. Warm, the median of three.
 */
import { checkSync } from '../../src/check-history.ts';
import type { ModelsAnalysis } from '../../src/weak/check-models.ts';
import { stalenessOf } from '../../src/weak/staleness/staleness.ts';
import type { ConsistencyModel } from '../../src/weak/models.ts';
import { pairOperations } from '../../src/history/pair-operations.ts';
import { laggingStore } from './lagging-store.ts';

const shape = { operations: 100_000, clients: 20, keys: 100, cas: 0.2, writes: 0.3, info: 0.01, behind: 300, seed: 7 };
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

for (const violated of [false, true]) {
  const history = laggingStore({ ...shape, violated });
  const operations = pairOperations(history);
  const which = violated ? 'with one stale read' : 'valid';
  report(`sequential, ${which}`, () => told(checkSync(history, { models: ['sequential'] })));
  report(`all models, ${which}`, () => told(checkSync(history, { models: 'all' })));
  report(`all below sequential, and staleness, ${which}`, () => {
    const models = told(checkSync(history, { models: weaker }));
    const { k, t } = stalenessOf(operations).reads;
    return `${models}; staleness k p99 ${k.p99} max ${k.max}, t p99 ${t.p99}`;
  });
}

function told({ verdicts, holds }: ModelsAnalysis): string {
  const answers = [...verdicts].map(([model, { valid }]) => `${model} ${valid}`).join(', ');
  const broken = [...verdicts.values()].find((verdict) => verdict.valid === false);
  const story = broken?.valid === false ? ` | ${broken.counterexample.sentence}` : '';
  return `${answers}; holds: ${holds.join(', ')}${story}`;
}

/** Milliseconds of the clock and of the processor. */
function report(name: string, run: () => string): void {
  let answer = '';
  const times = Array.from({ length: 4 }, () => {
    const begun = performance.now();
    const before = process.cpuUsage();
    answer = run();
    const { user, system } = process.cpuUsage(before);
    return { clock: performance.now() - begun, processor: (user + system) / 1e3 };
  });
  const warm = times.slice(1).toSorted((one, other) => one.clock - other.clock);
  const { clock = 0, processor = 0 } = warm[Math.floor(warm.length / 2)] ?? {};
  process.stdout.write(`${name}: ${clock.toFixed(0)} ms, processor ${processor.toFixed(0)} ms\n  ${answer}\n`);
}
