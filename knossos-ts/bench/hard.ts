/**
 * `node dist/knossos-ts/bench/hard.js [cell...]`: histories that are hard for the search, each with ten seconds, in one
 * thread. What becomes of them is told in docs/general-engine.md.
 */
import { check, type HistoryEvent, type ModelName, type Value } from '../src/index.ts';
import { busyHistory, mulberry32, type Shape } from './histories.ts';

interface HardCell {
  readonly name: string;
  readonly model: ModelName;
  readonly make: () => HistoryEvent[];
}

const seconds = 10;

const register = (name: string, shape: Pick<Shape, 'operations' | 'clients' | 'info'>): HardCell => ({
  name,
  model: 'cas-register',
  make: () => busyHistory({ ...shape, values: 5, cas: 0.2, writes: 0.3, seed: 1 }),
});

interface Load {
  readonly operations: number;
  readonly clients: number;
  readonly info: number;
  /** The share of enqueues; with less than half the queue is often found empty. */
  readonly enqueues: number;
}

/** Clients under constant load on a real queue; each value is enqueued once. As `busyHistory` goes about it. */
function queueHistory({ operations, clients, info, enqueues }: Load): HistoryEvent[] {
  const random = mulberry32(1);
  const queue: number[] = [];
  const events: HistoryEvent[] = [];
  const open: ({ f: string; value: Value; isInfo: boolean; isDone: boolean } | undefined)[] = [];
  const processes = Array.from({ length: clients }, (_, client) => client);
  let [invoked, written, busy] = [0, 0, 0];
  const emit = (client: number, type: HistoryEvent['type'], f: string, value: Value): void => {
    const process = processes[client] as number;
    events.push({ index: events.length, time: events.length * 25_000, process, type, f, key: null, value });
  };
  while (invoked < operations || busy > 0) {
    const client = Math.floor(random() * clients);
    const one = open[client];
    if (one === undefined) {
      if (invoked === operations) continue;
      const f = random() < enqueues ? 'enqueue' : 'dequeue';
      const next = { f, value: f === 'enqueue' ? ++written : null, isInfo: random() < info, isDone: false };
      open[client] = next;
      [invoked, busy] = [invoked + 1, busy + 1];
      emit(client, 'invoke', f, next.value);
    } else if (!one.isDone) {
      one.isDone = true;
      if (one.isInfo && random() < 0.5) continue;
      if (one.f === 'enqueue') queue.push(Number(one.value));
      else one.value = queue.shift() ?? null;
    } else {
      emit(client, one.isInfo ? 'info' : 'ok', one.f, one.isInfo || one.f === 'enqueue' ? null : one.value);
      if (one.isInfo) processes[client] = (processes[client] as number) + clients;
      open[client] = undefined;
      busy--;
    }
  }
  return events;
}

const queue = (name: string, load: Load): HardCell => ({ name, model: 'fifo-queue', make: () => queueHistory(load) });

const cells: readonly HardCell[] = [
  ...[10, 30, 100].flatMap((clients) => [
    register(`5 values, ${clients} clients, 10,000 operations`, { operations: 10_000, clients, info: 0 }),
    register(`5 values, ${clients} clients, 10,000 operations, 5% info`, { operations: 10_000, clients, info: 0.05 }),
  ]),
  register('5 values, 10 clients, 10,000 operations, 30% info', { operations: 10_000, clients: 10, info: 0.3 }),
  ...[5, 10, 30].flatMap((clients) => [
    queue(`queue, ${clients} clients, 1,000 operations, never empty`, {
      operations: 1_000,
      clients,
      info: 0,
      enqueues: 0.6,
    }),
    queue(`queue, ${clients} clients, 1,000 operations, often empty`, {
      operations: 1_000,
      clients,
      info: 0,
      enqueues: 0.45,
    }),
    queue(`queue, ${clients} clients, 1,000 operations, 5% info`, {
      operations: 1_000,
      clients,
      info: 0.05,
      enqueues: 0.6,
    }),
  ]),
];

for (const { name, model, make } of cells.filter((cell) => cell.name.includes(process.argv[2] ?? ''))) {
  const events = make();
  const cpu = process.cpuUsage();
  const { verdict } = await check(events, { model, workers: 0, budget: { milliseconds: seconds * 1e3 } });
  const { user, system } = process.cpuUsage(cpu);
  const detail = verdict.valid === 'unknown' ? `, ${verdict.detail}` : '';
  process.stdout.write(
    `${name}: ${verdict.valid}, ${((user + system) / 1e6).toFixed(2)} s of the processor${detail}\n`,
  );
}
