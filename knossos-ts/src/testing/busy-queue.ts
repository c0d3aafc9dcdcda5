/**
 * Long legal histories of one real first-in-first-out queue: clients under constant load, each value enqueued once. At each
 * tick one random client goes a step further: it invokes, its operation takes effect, or it returns.
 */
import type { HistoryEvent, Value } from '../history/operation.ts';
import { below, type Random } from './seeded.ts';

export interface QueueLoad {
  readonly operations: number;
  readonly clients: number;
  /** The share of operations of unknown outcome; half of these take effect. */
  readonly info: number;
  /** The share of enqueues; with less than half the queue is often found empty. */
  readonly enqueues: number;
}

interface Begun {
  readonly f: 'enqueue' | 'dequeue';
  readonly isInfo: boolean;
  value: Value;
  isDone: boolean;
}

export function busyQueue(random: Random, { operations, clients, info, enqueues }: QueueLoad): HistoryEvent[] {
  const queue: Value[] = [];
  const events: HistoryEvent[] = [];
  const open: (Begun | undefined)[] = [];
  const processes = Array.from({ length: clients }, (_, client) => client);
  let [invoked, written, busy] = [0, 0, 0];
  const emit = (client: number, type: HistoryEvent['type'], f: string, value: Value): void => {
    const process = processes[client] as number;
    events.push({ index: events.length, time: events.length * 25_000, process, type, f, key: null, value });
  };
  while (invoked < operations || busy > 0) {
    const client = below(random, clients);
    const one = open[client];
    if (one === undefined) {
      if (invoked === operations) continue;
      const f = random() < enqueues ? 'enqueue' : 'dequeue';
      const next = { f, value: f === 'enqueue' ? ++written : null, isInfo: random() < info, isDone: false } as const;
      open[client] = { ...next };
      [invoked, busy] = [invoked + 1, busy + 1];
      emit(client, 'invoke', f, next.value);
    } else if (!one.isDone) {
      one.isDone = true;
      if (one.isInfo && random() < 0.5) continue;
      if (one.f === 'enqueue') queue.push(one.value);
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
