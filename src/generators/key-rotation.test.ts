import { expect, test } from 'vitest';
import { seeded } from '../core/random.ts';
import { KeyRotation } from './key-rotation.ts';

test('a key that had its operations makes room for a fresh one', () => {
  let rotation = KeyRotation.of(2, 3, 'fresh');
  const random = seeded(1);
  const used = new Map<string, number>();
  for (let turn = 0; turn < 600; turn++) {
    const { key, state } = rotation.draw(random, 0);
    expect(state).toBe(used.has(key) ? 'known' : 'fresh');
    used.set(key, (used.get(key) ?? 0) + 1);
    rotation = rotation.use(key, 'known');
  }

  // Two keys are in use at the end; each before them had exactly three operations.
  const counts = [...used.values()];
  expect(Math.max(...counts)).toBe(3);
  expect(counts.filter((count) => count < 3).length).toBeLessThanOrEqual(2);
});

test('keys are numbered in the order in which they come up', () => {
  let rotation = KeyRotation.of(1, 2, 0);
  const seen: string[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const { key } = rotation.draw(seeded(turn), 0);
    seen.push(key);
    rotation = rotation.use(key, 0);
  }

  expect(seen).toEqual(['k1', 'k1', 'k2', 'k2', 'k3', 'k3']);
});

test('a hot key gets its share, and an equal part of the rest', () => {
  const rotation = KeyRotation.of(5, 1000, 0);
  const random = seeded(1);
  const drawn = Array.from({ length: 10_000 }, () => rotation.draw(random, 0.5).key);

  expect(drawn.filter((key) => key === 'k1').length / 10_000).toBeCloseTo(0.6, 1);
});

test('what is learnt of a key that has retired is dropped', () => {
  const rotation = KeyRotation.of(1, 2, 0).use('k1', 1).use('k1', 2);

  expect(rotation.learn('k1', () => 99)).toBe(rotation);
  expect(rotation.learn('k2', () => 99).draw(seeded(1), 0)).toMatchObject({ key: 'k2', state: 99 });
});
