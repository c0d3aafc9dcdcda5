/**
 * `node dist/knossos-ts/fuzz/main.js --count 1000000 --engine chain-zone:unique --seed 1`: so many small histories through
 * each engine and through brute force. Without `--engine` all of them. Ends with 1 at the first difference, and with the
 * seed that repeats it.
 */
import { parseArgs } from 'node:util';
import { seeded } from '../src/testing/seeded.ts';
import { contests } from './contests.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    engine: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const names = Object.keys(contests).filter((name) => name.startsWith(values.engine));
if (names.length === 0) {
  process.stderr.write(`Unknown engine "${values.engine}". Known: ${Object.keys(contests).join(', ')}.\n`);
  process.exit(254);
}
const [count, first] = [Number(values.count), Number(values.seed)];

for (const name of names) {
  const contest = contests[name];
  const outcomes = new Map<string, number>();
  const begun = performance.now();
  for (let seed = first; seed < first + count; seed++) {
    try {
      for (const outcome of [contest?.(seeded(seed)) ?? ''].flat()) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${name}, --seed ${seed} --count 1: ${what}\n`);
      process.exit(1);
    }
  }
  const seconds = ((performance.now() - begun) / 1e3).toFixed(0);
  const counts = [...outcomes].map(([outcome, times]) => `${outcome} ${times}`).toSorted();
  process.stdout.write(
    `${name}: ${count} histories from seed ${first} in ${seconds} s, no difference: ${counts.join(', ')}\n`,
  );
}
