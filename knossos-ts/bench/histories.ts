/**
 * Makes histories for benchmarks: clients under constant load on real registers, so that the history is legal by
 * construction. At each tick one random client goes a step further: it invokes, its operation takes effect, or it
 * returns. About two thirds of the clients are therefore busy at any time. The random numbers are mulberry32's, so that
 * a seed gives the same history everywhere.
 */
import type { HistoryEvent, Value } from '../src/index.ts';

export interface Shape {
  readonly operations: number;
  readonly clients: number;
  /** How many registers share the load; each operation takes one at random. Default 1. */
  readonly keys?: number;
  /** The share of operations whose outcome nobody learns. Half of those take effect, some of them late. */
  readonly info?: number;
  /** The shares of writes and cas; what is left are reads. */
  readonly writes?: number;
  readonly cas?: number;
  /** How many different values are written; absent: each write writes one of its own. */
  readonly values?: number;
  readonly seed?: number;
}

interface Begun {
  readonly f: 'read' | 'write' | 'cas';
  readonly key: number;
  readonly to: number;
  readonly from: Value;
  readonly isInfo: boolean;
  result: Value;
}

/** Nanoseconds between two events: some 20 thousand operations a second. Most times are beyond 32 bits, as real ones are. */
const tick = 25_000;

export const busyHistory = (shape: Shape): HistoryEvent[] => [...busyEvents(shape)];

/** The same one event after the other, kept by nobody. */
export function* busyEvents(shape: Shape): Generator<HistoryEvent> {
  const { operations, clients, keys = 1, info = 0, writes = 0.3, cas = 0.2, values, seed = 1 } = shape;
  const random = mulberry32(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let index = 0;
  const state: Value[] = Array.from({ length: keys }, () => null);
  const processes = Array.from({ length: clients }, (_, client) => client);
  const begun: (Begun | undefined)[] = Array.from({ length: clients });
  const isDone = new Uint8Array(clients);
  const late: Begun[] = [];
  let written = 0;
  let invoked = 0;
  let busy = 0;

  const event = (process: number, type: HistoryEvent['type'], f: string, key: number, value: Value): HistoryEvent => {
    const at = index++;
    return { index: at, time: at * tick, process, type, f, key: keys === 1 ? null : key, value };
  };
  const begin = (): Begun => {
    const draw = random();
    const f = draw < writes ? 'write' : draw < writes + cas ? 'cas' : 'read';
    const key = below(keys);
    const to = f === 'read' ? 0 : values === undefined ? ++written : below(values);
    // One in ten expects what is not there.
    const from: Value = f !== 'cas' ? null : random() < 0.1 ? -1 : (state[key] ?? null);
    return { f, key, to, from, isInfo: random() < info, result: null };
  };
  const happen = (one: Begun): void => {
    const current = state[one.key] ?? null;
    if (one.f === 'read') one.result = current;
    else if (one.f === 'write') state[one.key] = one.to;
    else if (current === one.from) {
      state[one.key] = one.to;
      one.result = { swapped: true };
    } else one.result = { swapped: false, current };
  };

  while (invoked < operations || busy > 0) {
    const client = below(clients);
    const one = begun[client];
    if (late.length > 0 && random() < 0.02) happen(late.splice(below(late.length), 1)[0] as Begun);
    if (one === undefined) {
      if (invoked === operations) continue;
      const next = begin();
      begun[client] = next;
      isDone[client] = 0;
      invoked++;
      busy++;
      const input = next.f === 'read' ? null : next.f === 'write' ? next.to : [next.from, next.to];
      yield event(processes[client] as number, 'invoke', next.f, next.key, input);
    } else if (isDone[client] === 0) {
      isDone[client] = 1;
      if (!one.isInfo) happen(one);
      else if (random() < 0.5) late.push(one);
    } else {
      const process = processes[client] as number;
      yield event(process, one.isInfo ? 'info' : 'ok', one.f, one.key, one.isInfo ? null : one.result);
      if (one.isInfo) processes[client] = process + clients;
      begun[client] = undefined;
      busy--;
    }
  }
}

/** The same history with one stale read at its end: the last read sees what the first read of its key saw. */
export function withStaleRead(events: readonly HistoryEvent[]): HistoryEvent[] {
  const last = events.findLastIndex(({ type, f, value }) => type === 'ok' && f === 'read' && value !== null);
  const { key } = events[last] as HistoryEvent;
  const old = events.find(
    (event) => event.type === 'ok' && event.f === 'read' && same(event.key, key) && event.value !== null,
  );
  return events.map((event, index) => (index === last ? { ...event, value: (old as HistoryEvent).value } : event));
}

const same = (one: Value, other: Value): boolean => one === other;

export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
