import { expect, test } from 'vitest';
import { seeded } from '../core/random.ts';
import type { NemesisVariant } from './nemesis.ts';
import { VariantBag } from './variant-bag.ts';

const variants = ['a', 'b', 'c', 'd'].map((name): NemesisVariant => ({
  name,
  summary: '',
  minimumNodes: 1,
  favoured: name === 'a',
  plan: () => null,
}));

const deal = (bag: VariantBag, possible: (name: string) => boolean = () => true): string | null =>
  bag.deal(({ name }) => (possible(name) ? name : null))?.planned ?? null;

test('a round is the favoured ones and then all of them', () => {
  for (let seed = 0; seed < 20; seed++) {
    const bag = new VariantBag(variants, seeded(seed));
    const round = Array.from({ length: 5 }, () => deal(bag));

    expect(round[0]).toBe('a');
    expect(round.slice(1).map(String).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  }
});

test('a variant that was refused is the next one to be dealt when it can be, however many rounds have passed', () => {
  for (let seed = 0; seed < 20; seed++) {
    const bag = new VariantBag(variants, seeded(seed));
    for (let turn = 0; turn < 4 + seed; turn++) expect(deal(bag, (name) => name !== 'c')).not.toBe('c');

    expect(deal(bag), `seed ${seed}`).toBe('c');
  }
});

test('when nothing can be planned, nothing is dealt, and nothing is lost', () => {
  const bag = new VariantBag(variants, seeded(1));
  for (let turn = 0; turn < 100; turn++) expect(deal(bag, () => false)).toBe(null);

  const next = Array.from({ length: 4 }, () => deal(bag));
  expect(next.map(String).toSorted()).toEqual(['a', 'b', 'c', 'd']);
});
