import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallSets, wideSets, type SlotSets } from './slot-set.ts';

const steps = (width: number): fc.Arbitrary<[boolean, number][]> =>
  fc.array(fc.tuple(fc.boolean(), fc.nat(width - 1)), { maxLength: 40 });

function built<Set>(sets: SlotSets<Set>, changes: readonly (readonly [boolean, number])[]): [Set, ReadonlySet<number>] {
  let set = sets.empty;
  const members = new Set<number>();
  for (const [adds, slot] of changes) {
    set = adds ? sets.with(set, slot) : sets.without(set, slot);
    if (adds) members.add(slot);
    else members.delete(slot);
  }
  return [set, members];
}

function areSets<Set>(sets: SlotSets<Set>, width: number): void {
  const property = fc.property(steps(width), steps(width), (some, more) => {
    const [one, members] = built(sets, some);
    const [other, others] = built(sets, more);
    // The same members by a detour.
    const emptied = Array.from({ length: width }, (_, slot) => [false, slot] as const);
    const [again] = built(sets, [...more, ...emptied, ...some]);
    const [whole] = built(sets, [...some, ...more.filter(([adds]) => adds)]);

    expect(Array.from({ length: width }, (_, slot) => sets.has(one, slot))).toEqual(
      Array.from({ length: width }, (_, slot) => members.has(slot)),
    );
    expect(sets.same(one, other)).toBe(members.size === others.size && [...members].every((slot) => others.has(slot)));
    expect(sets.covers(one, other)).toBe([...others].every((slot) => members.has(slot)));
    expect(sets.covers(whole, one)).toBe(true);
    expect(sets.same(one, again)).toBe(true);
    expect(sets.hash(7, one)).toBe(sets.hash(7, again));
  });
  fc.assert(property, { numRuns: 500 });
}

test('sets in one number are sets', () => {
  expect(() => areSets(smallSets, 31)).not.toThrow();
});

test('wide sets are sets, over several words', () => {
  expect(() => areSets(wideSets(70), 70)).not.toThrow();
});

test('the hashes of wide sets tell nearly all of them apart', () => {
  const sets = wideSets(200);
  const hashes = new Set<number>();
  for (let one = 0; one < 200; one++) {
    for (let other = 0; other < one; other++) hashes.add(sets.hash(3, sets.with(sets.with(sets.empty, one), other)));
  }
  expect(hashes.size).toBeGreaterThan(19_800);
});
