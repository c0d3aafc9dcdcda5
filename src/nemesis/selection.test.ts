import { describe, expect, test } from 'vitest';
import { UsageError } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { FaultKind, Link } from '../environments/faults.ts';
import { noLimits } from './bounds.ts';
import { between, majoritiesRing } from './grudge.ts';
import type { Assumptions, Nemesis, NemesisVariant } from './nemesis.ts';
import { type Ground, namesOf, parseSelection, readSelection } from './selection.ts';

const nemesis = (
  name: string,
  variants: { readonly [name: string]: number },
  needs: readonly FaultKind[] = [],
  plan: NemesisVariant['plan'] = () => null,
): Nemesis => ({
  name,
  summary: '',
  needs,
  variants: Object.entries(variants).map(([variant, minimumNodes]) => ({
    name: variant,
    summary: '',
    minimumNodes,
    plan,
  })),
});

/** Kills as many nodes as its name says. */
const killing = (name: string, counts: readonly number[]): Nemesis => ({
  name,
  summary: '',
  needs: ['kill'],
  variants: counts.map((count) => ({
    name: `${count}`,
    summary: '',
    minimumNodes: count,
    plan: ({ nodes }) => ({ fault: { kind: 'kill', nodes: nodes.slice(0, count) }, targets: '', nodes: [] }),
  })),
});

const known = {
  none: nemesis('none', {}),
  partition: nemesis('partition', { one: 2, ring: 3, third: 4 }, ['partition']),
  kill: nemesis('kill', { one: 1, minority: 3 }, ['kill']),
};

interface Look {
  readonly nodeCount?: number;
  readonly faults?: readonly FaultKind[];
  readonly hasMembership?: boolean;
  readonly assumes?: Partial<Assumptions>;
  readonly nemeses?: { readonly [name: string]: Nemesis };
}

const ground = ({
  nodeCount = 5,
  faults = ['partition', 'kill', 'membership'],
  hasMembership = true,
  assumes = {},
}: Look = {}): Ground => ({
  nodeCount,
  environment: { name: 'sim', faults: new Set(faults) },
  system: { name: 'raft', hasMembership },
  assumes: { ...noLimits, ...assumes },
});

const read = (text: string, look: Look = {}): string[] =>
  parseSelection(text, look.nemeses ?? known, ground(look)).map(
    ({ nemesis: { name }, variants, goesBeyond }) =>
      `${name}: ${variants.map((variant) => variant.name).join(' ')}${goesBeyond === true ? ' beyond' : ''}`,
  );

const refusal = (text: string, look: Look = {}): string => {
  try {
    return `accepted: ${read(text, look).join(', ')}`;
  } catch (error) {
    return error instanceof UsageError ? error.message : `not a UsageError: ${String(error)}`;
  }
};

test('a name takes all variants that the nodes can carry', () => {
  expect(read('partition, kill')).toEqual(['partition: one ring third', 'kill: one minority']);
  expect(read('partition,kill', { nodeCount: 2 })).toEqual(['partition: one', 'kill: one']);
});

test('a variant is taken alone, and several of one nemesis add up', () => {
  expect(read('partition:ring')).toEqual(['partition: ring']);
  expect(read('partition:ring,kill,partition:one,kill:one')).toEqual(['partition: ring one', 'kill: one minority']);
});

test('none breaks nothing', () => {
  expect(read('none', { nodeCount: 1 })).toEqual(['none: ']);
});

describe('refuses', () => {
  test.for([
    ['partiton', 5, 'Unknown nemesis "partiton". Did you mean partition? Known: all, kill, none, partition.'],
    ['', 5, 'Unknown nemesis "". Known: all, kill, none, partition.'],
    ['kill,', 5, 'Unknown nemesis "". Known: all, kill, none, partition.'],
    ['toString', 5, 'Unknown nemesis "toString". Known: all, kill, none, partition.'],
    ['partition:rign', 5, 'Unknown variant of partition "rign". Did you mean ring? Known: one, ring, third.'],
    ['none:one', 5, 'The nemesis none has no variants.'],
    ['none,kill', 5, 'The nemesis none breaks nothing, so it cannot be combined with others.'],
    ['partition', 1, 'The nemesis partition needs at least 2 nodes; there are 1.'],
    ['partition:third', 3, 'The nemesis partition:third needs at least 4 nodes; there are 3.'],
  ] as const)('"%s" on %i nodes', ([text, nodeCount, message]) => {
    expect(refusal(text, { nodeCount })).toBe(message);
  });
});

describe('all', () => {
  const members = nemesis('membership', { one: 3 }, ['membership']);
  const clock = nemesis('clock', { bump: 1 }, ['clock']);
  const nemeses = { clock, ...known, membership: members };

  test('takes what the environment can do, the system is able to and the nodes can carry, and nothing idle', () => {
    expect(read('all', { nemeses })).toEqual(['partition: one ring third', 'kill: one minority', 'membership: one']);
    expect(read(' all ', { nemeses, faults: ['kill', 'clock'] })).toEqual(['clock: bump', 'kill: one minority']);
    expect(read('all', { nemeses, hasMembership: false })).toEqual(['partition: one ring third', 'kill: one minority']);
    expect(read('all', { nemeses, nodeCount: 1 })).toEqual(['kill: one']);
  });

  test('leaves out what cannot but go beyond what the claims assume', () => {
    const killers = { few: killing('few', [1, 2, 3]), many: killing('many', [3, 4]) };
    expect(read('all', { nemeses: killers })).toEqual(['few: 1 2 3', 'many: 3 4']);
    expect(read('all', { nemeses: killers, assumes: { maxDown: 2 } })).toEqual(['few: 1 2']);
  });

  test('is the same as the list of its names', () => {
    const all = parseSelection('all', nemeses, ground());
    expect(parseSelection(namesOf(all).join(','), nemeses, ground())).toEqual(all);
    expect(readSelection(namesOf(all).join(','), nemeses, 5)).toEqual(all);
  });

  test.for([
    ['all,kill', {}],
    ['kill,all', {}],
    ['all:one', {}],
  ] as const)('stands alone: "%s" is refused with advice', ([text, look]) => {
    expect(refusal(text, look)).toBe(
      '--nemesis all takes every nemesis already, and stands alone. Leave the rest out, or name just those that you want, as in partition:ring,kill.',
    );
  });

  test('says so when there is nothing', () => {
    expect(refusal('all', { faults: [] })).toBe(
      'There is no nemesis that sim can do and raft assumes with 5 nodes. Name one, or leave --nemesis out.',
    );
  });
});

test('a nemesis stays within what the claims assume, unless it was only asked for what goes beyond', () => {
  const nemeses = { few: killing('few', [1, 2, 3]) };
  const assumes = { maxDown: 1 };
  expect(read('few', { nemeses, assumes })).toEqual(['few: 1']);
  expect(read('few:3,few:1', { nemeses, assumes })).toEqual(['few: 1']);
  expect(read('few:3', { nemeses, assumes })).toEqual(['few: 3 beyond']);
});

test('what the environment or the system cannot do is refused', () => {
  expect(refusal('kill', { faults: ['partition'] })).toBe(
    'The environment sim cannot do what the nemesis kill needs: kill. It can do: partition.',
  );
  const nemeses = { membership: nemesis('membership', { one: 3 }, ['membership']) };
  expect(refusal('membership', { nemeses, hasMembership: false })).toBe(
    'The system raft cannot change its membership, which the nemesis membership needs. Leave membership out.',
  );
});

describe('what the environment lacks of a kind', () => {
  const packets: Nemesis = {
    name: 'packets',
    summary: '',
    needs: ['packets'],
    variants: (['loss', 'rate'] as const).map((name) => ({
      name,
      summary: '',
      minimumNodes: 1,
      needs: `packets:${name}` as const,
      plan: () => null,
    })),
  };
  const lacking = (...names: readonly ('loss' | 'rate')[]): Ground => {
    const { environment, ...rest } = ground({ faults: ['packets'] });
    const lacks = new Map(names.map((name) => [`packets:${name}` as const, `No ${name} here.`]));
    return { ...rest, environment: { ...environment, lacks } };
  };
  const variantsOf = (text: string, ...names: readonly ('loss' | 'rate')[]): readonly string[] =>
    parseSelection(text, { packets }, lacking(...names)).flatMap(({ variants }) => variants.map(({ name }) => name));

  test('is left out where nobody named it', () => {
    expect(variantsOf('packets', 'loss')).toEqual(['rate']);
    expect(variantsOf('all', 'rate')).toEqual(['loss']);
    expect(variantsOf('packets')).toEqual(['loss', 'rate']);
  });

  test('is refused with the reason where it was named, or nothing else is left', () => {
    expect(() => variantsOf('packets:rate,packets:loss', 'loss')).toThrow(new UsageError('No loss here.'));
    expect(() => variantsOf('packets', 'loss', 'rate')).toThrow(new UsageError('No loss here. No rate here.'));
    expect(() => variantsOf('all', 'loss', 'rate')).toThrow(/There is no nemesis that sim can do/);
  });
});

describe('where links cannot be cut one way', () => {
  const shape = (name: string, cut: (nodes: readonly NodeId[]) => readonly Link[]): NemesisVariant => ({
    name,
    summary: '',
    minimumNodes: 2,
    plan: ({ nodes }) => ({ fault: { kind: 'partition', cut: cut(nodes) }, targets: '', nodes }),
  });
  const variants = [
    shape('ring', majoritiesRing),
    shape('half', (nodes) => between([nodes.slice(0, 1), nodes.slice(1)])),
  ];
  const nemeses = { partition: { name: 'partition', summary: '', needs: ['partition'], variants } satisfies Nemesis };
  const chosen = (text: string, nodeCount: number): readonly string[] => {
    const { environment, ...rest } = { ...ground({ faults: ['partition'] }), nodeCount };
    const lacks = new Map([['partition:one-way' as const, 'Not here.']]);
    return parseSelection(text, nemeses, { ...rest, environment: { ...environment, lacks } }).flatMap((each) =>
      each.variants.map(({ name }) => name),
    );
  };

  test('shapes that do are left out with the numbers of nodes with which they do', () => {
    expect(chosen('partition', 5)).toEqual(['ring', 'half']);
    expect(chosen('partition', 3)).toEqual(['half']);
    expect(() => chosen('partition:ring', 3)).toThrow(new UsageError('Not here.'));
  });
});
