import { describe, expect, test } from 'vitest';
import { nodeNames, type NodeId } from '../core/ids.ts';
import type { Link } from '../environments/faults.ts';
import { between, bridge, halves, majoritiesRing, oneWay, others } from './grudge.ts';

const three = nodeNames(3);
const five = nodeNames(5);

/** `n1>n2`, in the order of the names. */
const written = (links: readonly Link[]): string[] => links.map(([from, to]) => `${from}>${to}`).toSorted();

/** Every node with those that it hears, itself included. */
const hearing = (nodes: readonly NodeId[], cut: readonly Link[]): string[] =>
  nodes.map((node) =>
    nodes.filter((from) => !cut.some(([sender, receiver]) => sender === from && receiver === node)).join(' '),
  );

test('a node that is cut off loses both directions to everybody, and the others none', () => {
  expect(written(between([[three[1] as NodeId], others(three, [three[1] as NodeId])]))).toEqual([
    'n1>n2',
    'n2>n1',
    'n2>n3',
    'n3>n2',
  ]);
  expect(hearing(five, between([five.slice(0, 1), five.slice(1)]))).toEqual([
    'n1',
    'n2 n3 n4 n5',
    'n2 n3 n4 n5',
    'n2 n3 n4 n5',
    'n2 n3 n4 n5',
  ]);
});

test('halves of an odd number leave a bare majority together', () => {
  expect(halves(three)).toEqual([['n1'], ['n2', 'n3']]);
  expect(halves(five)).toEqual([
    ['n1', 'n2'],
    ['n3', 'n4', 'n5'],
  ]);
  expect(written(between(halves(five)))).toEqual(
    ['n1>n3', 'n1>n4', 'n1>n5', 'n2>n3', 'n2>n4', 'n2>n5', 'n3>n1', 'n3>n2', 'n4>n1', 'n4>n2', 'n5>n1', 'n5>n2'], // both ways
  );
});

test('three components are cut from each other', () => {
  expect(hearing(three, between([['n1'], ['n2'], ['n3']] as NodeId[][]))).toEqual(['n1', 'n2', 'n3']);
});

test('one way cuts what goes from the first side to the second and nothing else', () => {
  expect(written(oneWay(three.slice(0, 1), three.slice(1)))).toEqual(['n1>n2', 'n1>n3']);
  expect(written(oneWay(five.slice(2), five.slice(0, 2)))).toEqual([
    'n3>n1',
    'n3>n2',
    'n4>n1',
    'n4>n2',
    'n5>n1',
    'n5>n2',
  ]);
});

test('a bridge hears everybody, and the halves hear each other through it only', () => {
  expect(written(bridge(three))).toEqual(['n1>n3', 'n3>n1']);
  expect(hearing(five, bridge(five))).toEqual(['n1 n2 n3', 'n1 n2 n3', 'n1 n2 n3 n4 n5', 'n3 n4 n5', 'n3 n4 n5']);
});

describe('a majorities ring', () => {
  test('of three nodes lets each hear the one before it', () => {
    expect(written(majoritiesRing(three))).toEqual(['n1>n3', 'n2>n1', 'n3>n2']);
    expect(hearing(three, majoritiesRing(three))).toEqual(['n1 n3', 'n1 n2', 'n2 n3']);
  });

  test('of five nodes lets each hear its two neighbours', () => {
    expect(hearing(five, majoritiesRing(five))).toEqual(['n1 n2 n5', 'n1 n2 n3', 'n2 n3 n4', 'n3 n4 n5', 'n1 n4 n5']);
  });

  test.for([3, 4, 5, 6, 7, 8, 9])('of %i nodes: each hears a bare majority, and no two hear the same one', (count) => {
    const nodes = nodeNames(count);
    const heard = hearing(nodes, majoritiesRing(nodes));

    for (const names of heard) expect(names.split(' ')).toHaveLength(Math.floor(count / 2) + 1);
    expect(new Set(heard).size).toBe(count);
    for (const [place, names] of heard.entries()) expect(names.split(' ')).toContain(nodes[place]);
  });
});
