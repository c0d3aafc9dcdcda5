import { expect, test } from 'vitest';
import { sameJson } from './json.ts';
import type { Json } from './json.ts';

test.each<[Json, Json, boolean]>([
  [null, null, true],
  [null, 0, false],
  [null, {}, false],
  [1, '1', false],
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [[1, 2], [1, 2], true],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [{ toString: 1 }, { other: 1 }, false],
])('%j and %j: %s', (one, other, same) => {
  expect(sameJson(one, other)).toBe(same);
  expect(sameJson(other, one)).toBe(same);
});
