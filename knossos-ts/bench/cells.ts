/** The histories that are measured, and what is promised for each. */
import type { HistoryEvent } from '../src/index.ts';
import { busyEvents, busyHistory, withStaleRead } from './histories.ts';

export interface Cell {
  readonly name: string;
  readonly summary: string;
  /** An array, or events that nobody keeps: making those is then part of each run, and is measured by itself, too. */
  readonly make: () => Iterable<HistoryEvent>;
  readonly valid: boolean;
  /** Seconds, at most. Absent: the cell is there to compare with others. */
  readonly target?: number;
  /** Fewer runs. As an array it is too large for the default heap of Node. */
  readonly isLarge?: boolean;
}

/** 100 clients, 5% of unknown outcome, 20% cas, 30% writes, 50% reads. */
const common = { clients: 100, info: 0.05, cas: 0.2, writes: 0.3, seed: 1 };
const million = 1_000_000;

export const cells: readonly Cell[] = [
  {
    name: 'one-key',
    summary: '1 million operations on one key, valid',
    make: () => busyHistory({ ...common, operations: million }),
    valid: true,
    target: 1,
  },
  {
    name: 'one-key-stale',
    summary: 'the same with one stale read near its end',
    make: () => withStaleRead(busyHistory({ ...common, operations: million })),
    valid: false,
    target: 1,
  },
  {
    name: 'thousand-keys',
    summary: '1 million operations over 1,000 keys, valid',
    make: () => busyHistory({ ...common, operations: million, keys: 1_000 }),
    valid: true,
    target: 0.6,
  },
  {
    name: 'one-key-100k',
    summary: '100 thousand operations on one key, valid',
    make: () => busyHistory({ ...common, operations: million / 10 }),
    valid: true,
  },
  {
    name: 'one-key-stream',
    summary: '1 million operations on one key, event by event, valid',
    make: () => busyEvents({ ...common, operations: million }),
    valid: true,
  },
  {
    name: 'one-key-10m-stream',
    summary: '10 million operations on one key, event by event, valid',
    make: () => busyEvents({ ...common, operations: million * 10 }),
    valid: true,
    isLarge: true,
  },
  {
    name: 'one-key-10m',
    summary: '10 million operations on one key, valid',
    make: () => busyHistory({ ...common, operations: million * 10 }),
    valid: true,
    isLarge: true,
  },
  {
    name: 'few-values',
    summary: '7 thousand operations of 5 values on one key, 10 clients, 2% of unknown outcome, valid',
    make: () => busyHistory({ operations: 7_000, clients: 10, info: 0.02, cas: 0.2, writes: 0.3, values: 5, seed: 1 }),
    valid: true,
    target: 0.5,
  },
];
