import { expect, test } from 'vitest';
import { seeded } from './random.ts';

const draws = (stream: { below(bound: number): number }, count = 20): number[] =>
  Array.from({ length: count }, () => stream.below(1000));

test('the same seed and names give the same draws, other ones others', () => {
  expect(draws(seeded(1))).toEqual(draws(seeded(1)));
  expect(draws(seeded(1))).not.toEqual(draws(seeded(2)));
  expect(draws(seeded(1).fork('a'))).toEqual(draws(seeded(1).fork('a')));
  expect(draws(seeded(1).fork('a'))).not.toEqual(draws(seeded(1).fork('b')));
  expect(draws(seeded(1).fork('a').fork('b'))).not.toEqual(draws(seeded(1).fork('b').fork('a')));
});

test('a fork does not depend on what its parent has drawn, nor change what it draws', () => {
  const one = seeded(7);
  const other = seeded(7);
  draws(one);
  expect(draws(one.fork('x'))).toEqual(draws(other.fork('x')));
  draws(other);
  expect(draws(one)).toEqual(draws(other));
});

test('draws are spread evenly over their range, and a shuffle keeps the items', () => {
  const counts = Array.from({ length: 10 }, () => 0);
  const stream = seeded('spread');
  for (let draw = 0; draw < 10_000; draw++) {
    const drawn = stream.below(10);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(800);
  expect(stream.shuffle([1, 2, 3, 4, 5]).toSorted((x, y) => x - y)).toEqual([1, 2, 3, 4, 5]);
  expect(() => stream.pick([])).toThrow('empty list');
});
