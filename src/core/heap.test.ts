import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from './heap.ts';

test('items leave by time, and those of one time in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (times) => {
      const heap = new Heap<{ at: number; order: number }>();
      for (const [order, at] of times.entries()) heap.push(at, { at, order });
      const left = times.map(() => heap.pop());
      const sorted = times.map((at, order) => ({ at, order })).toSorted((x, y) => x.at - y.at || x.order - y.order);
      expect(left).toEqual(sorted);
      expect(heap.pop()).toBeUndefined();
      expect(heap.nextAt).toBe(Infinity);
    }),
  );
});
