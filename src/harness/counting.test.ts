import { expect, it } from 'vitest';
import { nodeNames } from '../core/ids.ts';
import type { NodeId } from '../core/ids.ts';
import { Counting } from './counting.ts';

const [n1, n2] = nodeNames(2) as [NodeId, NodeId];

it('sums up what nodes count, each thing once however often it is shown', () => {
  const counting = new Counting();
  expect(counting.sums).toBeNull();

  counting.hear(n1, { role: 'scribe', counters: { lines: 3 } });
  counting.hear(n1, { role: 'scribe', counters: { lines: 5, blots: 1 } });
  counting.hear(n2, { role: 'scribe', counters: { lines: 10 } });
  counting.hear(n2, { role: 'scribe' });

  expect(counting.sums).toEqual({ lines: 15, blots: 1 });
});

it('goes on over lives, which begin anew', () => {
  const counting = new Counting();

  counting.hear(n1, { role: 'scribe', counters: { lines: 5, blots: 2 } });
  counting.hear(n1, { role: 'scribe', counters: { lines: 2, blots: 2 } });
  counting.hear(n1, { role: 'scribe', counters: { lines: 4, blots: 2 } });

  expect(counting.sums).toEqual({ lines: 9, blots: 4 });
});
