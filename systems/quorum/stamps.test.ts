import { expect, test } from 'vitest';
import { compare, isNewer, stampOf } from './stamps.ts';

const stamp = (counter: number, id: string) => ({ counter, id });
const held = (counter: number, id: string) => ({ key: 'a', stamp: stamp(counter, id) });

test('the counter decides, then the id; only the same stamp is neither newer nor older', () => {
  const order = [stamp(-5, 'z'), stamp(1, 'n1.1.10'), stamp(1, 'n1.1.2'), stamp(1, 'n2.1.1'), stamp(2, 'a')];
  for (const [at, one] of order.entries())
    for (const [place, other] of order.entries()) expect(Math.sign(compare(one, other))).toBe(Math.sign(at - place));
});

test('anything is newer than nothing, and nothing newer than itself', () => {
  expect(isNewer(held(1, 'a'), null)).toBe(true);
  expect(isNewer(held(1, 'b'), held(1, 'a'))).toBe(true);
  expect(isNewer(held(1, 'a'), held(1, 'a'))).toBe(false);
  expect(isNewer(null, held(1, 'a'))).toBe(false);
  expect(isNewer(null, null)).toBe(false);
});

test('only a whole counter and a text make a stamp', () => {
  expect(stampOf({ counter: -3, id: 'a', more: 1 })).toEqual(stamp(-3, 'a'));
  for (const wrong of [
    undefined,
    null,
    5,
    [],
    {},
    { counter: 1 },
    { counter: '1', id: 'a' },
    { counter: 2 ** 53, id: 'a' },
  ])
    expect(stampOf(wrong)).toBe(null);
});
