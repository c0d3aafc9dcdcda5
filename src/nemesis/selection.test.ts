import { describe, expect, test } from 'vitest';
import { UsageError } from '../core/errors.ts';
import type { Nemesis } from './nemesis.ts';
import { parseSelection } from './selection.ts';

const nemesis = (name: string, variants: { readonly [name: string]: number }): Nemesis => ({
  name,
  summary: '',
  needs: [],
  variants: Object.entries(variants).map(([variant, minimumNodes]) => ({
    name: variant,
    summary: '',
    minimumNodes,
    plan: () => null,
  })),
});

const known = {
  none: nemesis('none', {}),
  partition: nemesis('partition', { one: 2, ring: 3, third: 4 }),
  kill: nemesis('kill', { one: 1, minority: 3 }),
};

const read = (text: string, nodeCount = 5): string[] =>
  parseSelection(text, known, nodeCount).map(
    ({ nemesis: { name }, variants }) => `${name}: ${variants.map((variant) => variant.name).join(' ')}`,
  );

test('a name takes all variants that the nodes can carry', () => {
  expect(read('partition, kill')).toEqual(['partition: one ring third', 'kill: one minority']);
  expect(read('partition,kill', 2)).toEqual(['partition: one', 'kill: one']);
});

test('a variant is taken alone, and several of one nemesis add up', () => {
  expect(read('partition:ring')).toEqual(['partition: ring']);
  expect(read('partition:ring,kill,partition:one,kill:one')).toEqual(['partition: ring one', 'kill: one minority']);
});

test('none breaks nothing', () => {
  expect(read('none', 1)).toEqual(['none: ']);
});

describe('refuses', () => {
  const refusal = (text: string, nodeCount = 5): string => {
    try {
      parseSelection(text, known, nodeCount);
    } catch (error) {
      return error instanceof UsageError ? error.message : `not a UsageError: ${String(error)}`;
    }
    return 'accepted';
  };

  test.for([
    ['partiton', 5, 'Unknown nemesis "partiton". Did you mean partition? Known: kill, none, partition.'],
    ['', 5, 'Unknown nemesis "". Known: kill, none, partition.'],
    ['kill,', 5, 'Unknown nemesis "". Known: kill, none, partition.'],
    ['toString', 5, 'Unknown nemesis "toString". Known: kill, none, partition.'],
    ['partition:rign', 5, 'Unknown variant of partition "rign". Did you mean ring? Known: one, ring, third.'],
    ['none:one', 5, 'The nemesis none has no variants.'],
    ['none,kill', 5, 'The nemesis none breaks nothing, so it cannot be combined with others.'],
    ['partition', 1, 'The nemesis partition needs at least 2 nodes; there are 1.'],
    ['partition:third', 3, 'The nemesis partition:third needs at least 4 nodes; there are 3.'],
  ] as const)('"%s" on %i nodes', ([text, nodeCount, message]) => {
    expect(refusal(text, nodeCount)).toBe(message);
  });
});
