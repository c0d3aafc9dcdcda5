import { expect, test } from 'vitest';
import { nodeNames } from '../../src/core/ids.ts';
import type { NodeId } from '../../src/core/ids.ts';
import { activated, initialConfiguration, isOut, leastLength, succession } from './configuration.ts';
import type { Configuration, Wishes } from './configuration.ts';

const [n1, n2, n3, n4, n5] = nodeNames(5) as [NodeId, NodeId, NodeId, NodeId, NodeId];

const begun = initialConfiguration(nodeNames(5));

const next = (now: Configuration, wishes: Partial<Wishes>): Configuration | null =>
  succession(now, { lost: [], joining: [], returning: [], excluded: now.excluded, ...wishes }, leastLength(5));

/** The same, where it must be possible. */
function after(now: Configuration, wishes: Partial<Wishes>): Configuration {
  const then = next(now, wishes);
  if (then === null) throw new Error('nothing changes');
  return then;
}

test('a chain has a node in common with every majority', () => {
  for (const count of [1, 2, 3, 4, 5, 6, 7]) {
    const majority = Math.floor(count / 2) + 1;
    expect(leastLength(count) + majority).toBe(count + 1);
  }
});

test('who is lost leaves, who has caught up joins at the end, and nobody serves yet', () => {
  const shorter = after(begun, { lost: [n2] });
  const longer = after(activated(shorter), { joining: [n2] });

  expect(shorter).toMatchObject({ epoch: 2, chain: [n1, n3, n4, n5], active: false, former: begun.chain });
  expect(longer).toMatchObject({ epoch: 3, chain: [n1, n3, n4, n5, n2], active: false, former: [n1, n3, n4, n5] });
  expect(activated(longer)).toMatchObject({ epoch: 3, active: true, former: [n1, n3, n4, n5, n2] });
  expect(next(begun, {})).toBeNull();
});

test('no chain is too short, and none is without one that holds all that is committed', () => {
  const least = activated(after(begun, { lost: [n1, n2] }));
  expect(least.chain).toEqual([n3, n4, n5]);

  expect(next(least, { lost: [n5] })).toBeNull();
  expect(next(least, { lost: [n3, n4, n5], joining: [n1, n2] })).toBeNull();
  expect(next(least, { lost: [n3], joining: [n1] })?.chain).toEqual([n4, n5, n1]);
});

test('while a chain is not active, those before it hold all that is committed, and may come back before the others', () => {
  const least = activated(after(begun, { lost: [n1, n2] }));
  const joined = after(least, { lost: [n4, n5], joining: [n1, n2] });
  expect(joined.chain).toEqual([n3, n1, n2]);

  // n3 goes, too: n1 and n2 have not got everything yet.
  expect(next(joined, { lost: [n3] })).toBeNull();
  expect(after(joined, { lost: [n3], returning: [n5] })).toMatchObject({ chain: [n5, n1, n2], former: [n3, n4, n5] });
});

test('what a node does not know to be committed it forgets only when it is out for good', () => {
  const shorter = after(begun, { lost: [n2] });

  expect(isOut(begun, n2)).toBe(false);
  expect(isOut(shorter, n2)).toBe(false);
  expect(isOut(activated(shorter), n2)).toBe(true);
  expect(isOut(after(activated(shorter), { lost: [n3] }), n2)).toBe(true);
});

test('an operator takes out members and others', () => {
  const without = after(begun, { excluded: [n1] });

  expect(without).toMatchObject({ epoch: 2, chain: [n2, n3, n4, n5], excluded: [n1] });
  expect(next(activated(without), { joining: [n1] })).toBeNull();
  expect(after(activated(without), { joining: [n1], excluded: [] }).chain).toEqual([n2, n3, n4, n5, n1]);
  const two = activated(after(begun, { lost: [n1] }));
  // The chain stays as it is, and so does the epoch.
  expect(after(two, { excluded: [n1] })).toMatchObject({ epoch: 2, revision: 4, excluded: [n1], active: true });
});
