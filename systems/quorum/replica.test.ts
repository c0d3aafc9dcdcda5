import { beforeEach, expect, test } from 'vitest';
import { nodeId } from '../../src/core/ids.ts';
import type { QuorumRecord, Version } from './dialect.ts';
import { Replica } from './replica.ts';
import { settingsOf } from './settings.ts';

const settings = settingsOf({ bug: null, values: { compactEvery: 4 } }, 3);
const n2 = nodeId('n2');
const n3 = nodeId('n3');

const version = (key: string, counter: number, id = 'x'): Version => ({ key, stamp: { counter, id }, value: counter });

let disk: QuorumRecord[];
let compactions: number;
let replica: Replica;

const effects = {
  persist: (record: QuorumRecord) => void disk.push(record),
  compact: (records: readonly QuorumRecord[]) => {
    disk = [...records];
    compactions++;
  },
};

beforeEach(() => {
  disk = [];
  compactions = 0;
  replica = new Replica(settings, []);
});

test('a newer version replaces an older one, whatever the order in which they come; only what changes is written', () => {
  for (const [counter, id] of [
    [2, 'x'],
    [1, 'z'],
    [2, 'x'],
    [2, 'w'],
    [2, 'y'],
  ] as const)
    replica.take(version('a', counter, id), effects);

  expect(replica.versionOf('a')?.stamp).toEqual({ counter: 2, id: 'y' });
  expect(disk).toHaveLength(2);
});

test('a repair is taken as anything else is: not if it is older', () => {
  replica.take(version('a', 2), effects);
  replica.takeRepair(version('a', 1), effects);
  replica.takeRepair(version('b', 1), effects);

  expect(['a', 'b'].map((key) => replica.versionOf(key)?.value)).toEqual([2, 1]);
});

test('of several hints for the same node and key the newest counts, and settling an older one leaves it', () => {
  for (const counter of [1, 3, 2]) replica.hint(n2, version('a', counter), effects);
  replica.take(version('a', 3), effects);
  replica.settleHint(n2, version('a', 2), effects);
  expect([replica.hintCount, replica.owedTo(n2, 9), replica.owedTo(n3, 9)]).toEqual([1, [version('a', 3)], []]);

  replica.settleHint(n2, version('a', 3), effects);
  replica.settleHint(n2, version('a', 3), effects);
  expect([replica.hintCount, disk.length]).toEqual([0, 4]);
});

test('the log begins anew when it has grown by so many records, and a restart reads the same from it', () => {
  const state = (of: Replica) => [
    ...['a', 'b'].map((key) => of.versionOf(key)),
    ...[n2, n3].map((node) => of.owedTo(node, 9)),
    of.hintCount,
  ];
  const same = (): void => {
    expect(state(new Replica(settings, disk))).toEqual(state(replica));
    expect(disk.length).toBeLessThan(4 + 4);
  };
  replica.take(version('b', 1), effects);
  replica.hint(n3, version('b', 1), effects);
  for (let counter = 1; counter <= 40; counter++) {
    replica.take(version('a', counter), effects);
    same();
    replica.hint(n2, version('a', counter), effects);
    same();
    if (counter % 3 === 0) replica.settleHint(n2, version('a', counter), effects);
    same();
  }
  expect(compactions).toBeGreaterThan(10);
  expect(compactions).toBeLessThan(30);
});
