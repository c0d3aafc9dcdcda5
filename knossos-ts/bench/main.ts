/**
 * `node dist/knossos-ts/bench/main.js [cell...]`: the cells of cells.ts, each in a process of its own. With `--here CELL`
 * that one in this process. See README.md.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cells, type Cell } from './cells.ts';
import { measure } from './measure.ts';

const [, , ...named] = process.argv;

async function here(name: string | undefined): Promise<void> {
  const cell = cells.find((one) => one.name === name);
  if (cell === undefined) throw new Error(`Unknown cell ${name}. Known: ${cells.map((one) => one.name).join(', ')}`);
  const { operations, median, runs, cpu, history, peak, sentence } = await measure(cell);
  const seconds = (milliseconds: number): string => (milliseconds / 1e3).toFixed(3);
  const target = cell.target === undefined ? '' : `, target ${cell.target} s`;
  process.stdout.write(`${cell.name}: ${cell.summary}\n`);
  process.stdout.write(
    `  ${operations} operations, check ${seconds(median)} s (${runs.map(seconds).join(' ')}), processor ${seconds(cpu)} s${target}\n`,
  );
  process.stdout.write(`  ${history} MiB with the history, ${peak} MiB at most\n`);
  if (sentence !== undefined) process.stdout.write(`  ${sentence}\n`);
}

/** A process of its own for each, so that none pays for the garbage of another, and its whole time can be told. */
function apart({ name, isLarge = false }: Cell): void {
  const begun = performance.now();
  const heap = isLarge ? ['--max-old-space-size=12000'] : [];
  const { status } = spawnSync(process.execPath, [...heap, fileURLToPath(import.meta.url), '--here', name], {
    stdio: 'inherit',
  });
  const seconds = ((performance.now() - begun) / 1e3).toFixed(1);
  process.stdout.write(
    `  ${seconds} s for the whole process: making the history, the runs to warm up and those that count\n`,
  );
  if (status !== 0) process.exitCode = 1;
}

if (named[0] === '--here') await here(named[1]);
else for (const cell of cells.filter(({ name }) => named.length === 0 || named.includes(name))) apart(cell);
