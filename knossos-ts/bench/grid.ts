/**
 * The histories on which we are compared with another checker, each in a file of JSON lines, so that both read the same
 * bytes: `node dist/knossos-ts/bench/grid.js make FOLDER` writes them all, with a line for each in FOLDER/cells.tsv (only
 * those whose names begin with PREFIX, where one is given), and `grid.js measure FILE` checks one of them here. See porcupine.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkSync, formatJsonLine, parseJsonLines, type HistoryEvent } from '../src/index.ts';
import { operationsOf } from '../src/check/key-history.ts';
import { Router } from '../src/check/router.ts';
import { searchFor } from '../src/engines/search.ts';
import { busyHistory, withStaleRead } from './histories.ts';

interface GridCell {
  readonly name: string;
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  readonly info: number;
  readonly isValid: boolean;
  /** Absent: each write writes a value of its own. */
  readonly values?: number;
}

function* cells(): Generator<GridCell> {
  for (const values of [undefined, 5])
    for (const isValid of [true, false])
      for (const info of [0, 0.05])
        for (const keys of [1, 100])
          for (const clients of [5, 30, 100])
            for (const operations of [1_000, 10_000, 100_000]) {
              const what = [
                values === undefined ? 'unique' : 'few',
                isValid ? 'valid' : 'invalid',
                `info${info * 100}`,
              ];
              const name = [...what, `keys${keys}`, `clients${clients}`, `ops${operations}`].join('-');
              yield { name, operations, clients, keys, info, isValid, ...(values === undefined ? {} : { values }) };
            }
}

/** 20% cas, 30% writes, 50% reads, as in the other benchmarks. */
function historyOf({ operations, clients, keys, info, isValid, values }: GridCell): HistoryEvent[] {
  const shape = { operations, clients, keys, info, cas: 0.2, writes: 0.3, seed: 1 };
  if (values === undefined) return isValid ? busyHistory(shape) : withStaleRead(busyHistory(shape));
  const events = busyHistory({ ...shape, values });
  return isValid ? events : withWrongRead(events, values);
}

/**
 * The last read sees another value. With few values that is mostly legal, because somebody is always about to write any
 * of them; then it sees one that nobody wrote, and cells.tsv says so.
 */
function withWrongRead(events: readonly HistoryEvent[], values: number): HistoryEvent[] {
  const last = events.findLastIndex(({ type, f, value }) => type === 'ok' && f === 'read' && value !== null);
  const seeing = (value: number): HistoryEvent[] => events.with(last, { ...(events[last] as HistoryEvent), value });
  for (let value = 0; value < values; value++) {
    const changed = seeing(value);
    const { verdict } = checkSync(changed, { model: 'cas-register', budget: { milliseconds: 300 } });
    if (verdict.valid === false) return changed;
  }
  return seeing(values);
}

/** Of the cells whose names begin so. */
function make(folder: string, prefix: string): void {
  mkdirSync(folder, { recursive: true });
  const lines: string[] = [];
  for (const cell of cells()) {
    if (!cell.name.startsWith(prefix)) continue;
    const events = historyOf(cell);
    writeFileSync(join(folder, `${cell.name}.jsonl`), events.map((event) => `${formatJsonLine(event)}\n`).join(''));
    const isUnwritten =
      cell.values !== undefined && events.some(({ type, value }) => type === 'ok' && value === cell.values);
    lines.push([cell.name, cell.isValid, isUnwritten ? 'a value that nobody wrote' : ''].join('\t'));
  }
  writeFileSync(join(folder, `cells${prefix === '' ? '' : `-${prefix}`}.tsv`), `${lines.join('\n')}\n`);
}

/** Seconds. */
interface Run {
  readonly cpu: number;
  readonly clock: number;
}

/** What is compiled while it runs is warm after so many seconds. */
const warmUp = 0.7;
const slow = 10;

/** The verdict and the engines. */
type Told = readonly [valid: string, engines: string];

/** Warm, so many runs, or fewer where one takes long: the medians. */
async function medianOf(work: () => Told | Promise<Told>): Promise<Run & { readonly told: Told }> {
  let told: Told = ['', ''];
  const timed = async (): Promise<Run> => {
    const begun = performance.now();
    const cpu = process.cpuUsage();
    told = await work();
    const used = process.cpuUsage(cpu);
    return { cpu: (used.user + used.system) / 1e6, clock: (performance.now() - begun) / 1e3 };
  };
  let last = await timed();
  for (let spent = last.cpu; spent < warmUp; spent += last.cpu) last = await timed();
  const runs: Run[] = last.clock > slow ? [last] : [];
  while (runs.length < (last.clock > slow ? 1 : last.clock > 1 ? 3 : 5)) runs.push(await timed());
  const median = (what: keyof Run): number =>
    runs.map((run) => run[what]).toSorted((one, other) => one - other)[runs.length >>> 1] ?? 0;
  return { cpu: median('cpu'), clock: median('clock'), told };
}

/** Everything but the explanation of a violation, unless chain-zone found it. */
function decide(events: readonly HistoryEvent[]): Told {
  const timing = { ties: 'concurrent' } as const;
  const router = new Router(events, { model: 'cas-register', initial: null, wantsWitness: false, timing });
  for (const _ of router.reading.pieces());
  for (const _ of router.judge());
  let isValid = router.decisions.every((decision) => decision?.verdict.valid !== false);
  for (const [number, key] of router.keys.entries()) {
    if (router.decisions[number] !== undefined) continue;
    if (searchFor(router.model, operationsOf(key)).advance(Infinity)?.legal === false) isValid = false;
  }
  return [String(isValid), ''];
}

/**
 * Prints the verdict, seconds of the processor and of the clock (medians of 5 runs, warm; 3 of more than a second, 1 of
 * more than ten), the memory in MiB, the engines, and the seconds of the processor without the explanation of a violation.
 */
async function measure(path: string): Promise<void> {
  const { events } = parseJsonLines(readFileSync(path, 'utf8'));
  const { cpu, clock, told } = await medianOf(async () => {
    const { verdict, keys } = await check(events, { model: 'cas-register', workers: 0 });
    return [String(verdict.valid), [...new Set(keys.map(({ engine }) => engine))].join('+')];
  });
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  const verdictOnly = told[0] === 'false' ? (await medianOf(() => decide(events))).cpu : cpu;
  const [valid, engines] = told;
  process.stdout.write(
    `${[valid, cpu.toFixed(4), clock.toFixed(4), memory, engines, verdictOnly.toFixed(4)].join('\t')}\n`,
  );
}

const [, , command, path, prefix = ''] = process.argv;
if (command === 'make' && path !== undefined) make(path, prefix);
else if (command === 'measure' && path !== undefined) await measure(path);
else process.stderr.write('grid.js make FOLDER [PREFIX], or grid.js measure FILE\n');
