import { expect, test } from 'vitest';
import type { Fault } from '../src/environments/faults.ts';
import { leader, viewOf } from '../src/nemesis/testing/view.ts';
import type { PlannedFault } from '../src/nemesis/nemesis.ts';
import { packets } from './packets.ts';

type Packets = Extract<Fault, { kind: 'packets' }>;

interface Planned extends PlannedFault {
  readonly fault: Packets;
}

const plans = (name: string, nodeCount = 3): Planned[] =>
  Array.from({ length: 300 }, (_, seed) => {
    const view = viewOf(nodeCount, { seed, inspections: { n2: leader(1) } });
    const planned = packets.variants.find((it) => it.name === name)?.plan(view) ?? null;
    if (planned?.fault.kind !== 'packets') throw new Error(`${name} planned no trouble of packets with seed ${seed}`);
    return { ...planned, fault: planned.fault };
  });

test.for(packets.variants.map(({ name }) => name))('%s names links between different nodes, each once', (name) => {
  for (const count of [2, 3, 5])
    for (const { fault, nodes } of plans(name, count)) {
      const links = fault.links.map(([from, to]) => `${from}>${to}`);
      expect(fault.weather.type).toBe(name);
      expect(links.length).toBeGreaterThan(0);
      expect(new Set(links).size).toBe(links.length);
      for (const [from, to] of fault.links) {
        expect(from).not.toBe(to);
        expect(nodes.includes(from) || nodes.includes(to)).toBe(true);
      }
    }
});

test('all links, one node, or one direction of it are hit, the primary most', () => {
  const planned = plans('hold');
  const shapes = new Set(planned.map(({ targets }) => targets));
  expect([...shapes].toSorted()).toEqual([
    'all links: held',
    ...['from and to', 'from', 'to'].flatMap((words) =>
      ['n1', 'n2 (primary)', 'n3'].map((node) => `${words} ${node}: held`),
    ),
  ]);
  expect(planned.filter(({ targets }) => targets.includes('primary')).length).toBeGreaterThan(110);
  const from = planned.find(({ targets }) => targets === 'from n1: held');
  expect(from?.fault.links).toEqual([
    ['n1', 'n2'],
    ['n1', 'n3'],
  ]);
  const to = planned.find(({ targets }) => targets === 'to n1: held');
  expect(to?.fault.links).toEqual([
    ['n2', 'n1'],
    ['n3', 'n1'],
  ]);
});

test('the targets say what the weather is like', () => {
  const texts = packets.variants.flatMap(({ name }) => plans(name).map(({ targets }) => targets));
  for (const text of [
    'all links: 20 to 30 ms more',
    'all links: 50% lost',
    'from n1: 10% twice',
    'to n3: 25% out of order',
    'all links: 20 kB a second',
  ])
    expect(texts).toContain(text);
});
