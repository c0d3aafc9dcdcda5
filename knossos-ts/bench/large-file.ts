/**
 * Writes a history file that is much larger than the memory it is to be judged in: `node
 * dist/knossos-ts/bench/large-file.js FILE OPERATIONS KEYS`. The history is legal by construction and is not kept while
 * it is written. `node --max-old-space-size=256 knossos-ts/bin/knossos-ts check FILE --model cas-register` judges it; see
 * knossos-ts/docs/budgets.md for a run with its figures. `large-file.js --check FILE` judges it as a whole in this process
 * and in one thread, and tells what that took.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { checkFile } from '../src/index.ts';

interface Begun {
  readonly f: 'read' | 'write' | 'cas';
  readonly key: number;
  readonly input: number | readonly [number | null, number] | null;
  result: string;
  isDone: boolean;
  readonly isInfo: boolean;
}

const clients = 100;

function writeLargeFile(path: string, operations: number, keys: number, seed: number = 1): void {
  const file = openSync(path, 'w');
  let [page, index, written, invoked, busy, draws] = ['', 0, 0, 0, 0, seed];
  const random = (): number => (draws = (draws * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
  const state = new Map<number, number>();
  const processes = Array.from({ length: clients }, (_, client) => client);
  const open: (Begun | undefined)[] = Array.from({ length: clients });
  const emit = (process: number, type: string, f: string, key: number, value: string): void => {
    page += `{"index":${index},"time":${index * 1_000},"process":${process},"type":"${type}","f":"${f}","key":${key},"value":${value}}\n`;
    index++;
    if (page.length > 2 ** 20) {
      writeSync(file, page);
      page = '';
    }
  };
  while (invoked < operations || busy > 0) {
    const client = Math.floor(random() * clients);
    const one = open[client];
    if (one === undefined) {
      if (invoked === operations) continue;
      const begun = begin(Math.floor(random() * keys));
      open[client] = begun;
      [invoked, busy] = [invoked + 1, busy + 1];
      emit(processes[client] ?? 0, 'invoke', begun.f, begun.key, JSON.stringify(begun.input));
    } else if (!one.isDone) happen(one);
    else {
      emit(processes[client] ?? 0, one.isInfo ? 'info' : 'ok', one.f, one.key, one.isInfo ? 'null' : one.result);
      if (one.isInfo) processes[client] = (processes[client] ?? 0) + clients;
      open[client] = undefined;
      busy--;
    }
  }
  writeSync(file, page);
  closeSync(file);

  function begin(key: number): Begun {
    const draw = random();
    const f = draw < 0.5 ? 'read' : draw < 0.8 ? 'write' : 'cas';
    const from = state.get(key) ?? null;
    const input = f === 'read' ? null : f === 'write' ? ++written : ([from, ++written] as const);
    return { f, key, input, result: 'null', isDone: false, isInfo: f !== 'read' && random() < 0.05 };
  }

  function happen(one: Begun): void {
    one.isDone = true;
    const current = state.get(one.key) ?? null;
    if (one.isInfo && random() < 0.5) return;
    if (one.f === 'read') one.result = String(current);
    else if (typeof one.input === 'number') state.set(one.key, one.input);
    else if (one.input !== null && one.input[0] === current) {
      state.set(one.key, one.input[1]);
      one.result = '{"swapped":true}';
    } else one.result = `{"swapped":false,"current":${current}}`;
  }
}

const patience = 600_000;

async function judge(path: string): Promise<void> {
  const cpu = process.cpuUsage();
  const options = { model: 'cas-register', workers: 0, bytesAtOnce: Infinity } as const;
  const analysis = await checkFile(path, { ...options, budget: { milliseconds: patience } });
  const { user, system } = process.cpuUsage(cpu);
  const { verdict, operations, milliseconds, readMilliseconds } = analysis;
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const seconds = (number: number): string => (number / 1e3).toFixed(2);
  process.stdout.write(
    `${verdict.valid}: ${operations} operations, ${seconds(milliseconds)} s, ${seconds(readMilliseconds)} s of them to read it; processor ${seconds((user + system) / 1e3)} s; ${peak} MiB at most\n`,
  );
}

const [, , target, second, keyCount] = process.argv;
if (target === '--check' && second !== undefined) await judge(second);
else if (target === undefined || target === '--check')
  throw new Error(
    'Say which file: large-file.js FILE [OPERATIONS] [KEYS] writes it, large-file.js --check FILE judges it',
  );
else writeLargeFile(target, Number(second ?? 1_000_000), Number(keyCount ?? 1_000));
