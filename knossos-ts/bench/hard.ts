/**
 * `node dist/knossos-ts/bench/hard.js [cell...]`: histories that are hard for the search, each with ten seconds, in one
 * thread. What becomes of them is told in docs/general-engine.md.
 */
import { check, type HistoryEvent, type ModelName } from '../src/index.ts';
import { busyQueue, type QueueLoad } from '../src/testing/busy-queue.ts';
import { seeded } from '../src/testing/seeded.ts';
import { busyHistory, type Shape } from './histories.ts';

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

const queue = (name: string, load: QueueLoad): HardCell => ({
  name,
  model: 'fifo-queue',
  make: () => busyQueue(seeded(1), load),
});

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
  queue('queue, 100 clients, 100,000 operations, often empty, 30% info', {
    operations: 100_000,
    clients: 100,
    info: 0.3,
    enqueues: 0.45,
  }),
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
