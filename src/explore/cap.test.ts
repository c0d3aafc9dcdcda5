import { expect, test } from 'vitest';
import { seconds } from '../core/time.ts';
import type { Shares } from '../harness/availability.ts';
import { capText } from './cap.ts';
import { recoveryText, sharesText } from './consistency-page.ts';
import type { Measurement } from './measure.ts';

const shares = (read: number, write: number): Shares => ({
  read: { tried: 200, served: read },
  write: { tried: 200, served: write },
});

interface Figures {
  readonly claim: 'linearizable' | 'eventual' | null;
  readonly held: readonly string[];
  /** Of 200 reads and 200 writes on sides without a majority. */
  readonly minority: readonly [read: number, write: number];
  readonly oneDown?: readonly [read: number, write: number];
}

function measured(system: string, { claim, held, minority, oneDown = [200, 200] }: Figures): Measurement {
  const claims = claim === null ? [] : [{ model: claim, operations: [], assumes: {}, live: () => [] }];
  const cut = { majority: shares(200, 200), minority: shares(...minority), recoveries: [seconds(0.2)] };
  return {
    system,
    set: { values: {}, title: 'defaults', claims },
    models: { runs: 4, held, broken: [], undecided: [] },
    situations: {
      minorityAway: cut,
      noMajority: cut,
      oneDown: { majority: shares(...oneDown), minority: {}, recoveries: [seconds(0.25), seconds(0.71)] },
    },
    agreedAfter: held.includes('eventual') ? seconds(0.31) : null,
    accusations: [],
    gaps: [],
  };
}

const strict = measured('strict', { claim: 'linearizable', held: ['linearizable'], minority: [0, 0] });
const reader = measured('reader', {
  claim: 'linearizable',
  held: ['linearizable'],
  minority: [190, 0],
  oneDown: [200, 0],
});
const lax = measured('lax', { claim: 'eventual', held: ['pram', 'eventual'], minority: [200, 198] });
const lucky = measured('lucky', { claim: 'eventual', held: ['linearizable', 'eventual'], minority: [150, 150] });
const all = [strict, reader, lax, lucky];
const textOf = (some: readonly Measurement[]): string => capText(some).join('\n');

test('what promises a strong model and keeps it is consistent, what answers nearly everything is available', () => {
  const list = capText(all).filter((line) => line.startsWith('- ') || line.startsWith('  - '));
  expect(list).toEqual([
    '- **Consistent, and not available**:',
    '  - strict `defaults`: 0% served',
    '  - reader `defaults`: 47% served',
    '- **Available, and not consistent**:',
    '  - lax `defaults`: held pram, eventual',
    '- **Neither**:',
    '  - lucky `defaults`: 75% served',
    '- **Both**: none, as the theorem has it.',
  ]);
});

test('a store that nobody asked while it was split is not available for that', () => {
  const split = measured('split', { claim: 'eventual', held: ['eventual'], minority: [200, 200] });
  const cut = { ...split.situations.noMajority, minority: {} };
  const unasked = { ...split, situations: { ...split.situations, noMajority: cut, minorityAway: cut } };
  expect(textOf([unasked])).toContain('- **Neither**:\n  - split `defaults`: nothing tried');
});

test('a measurement against the theorem is not passed over', () => {
  const wonder = measured('wonder', { claim: 'linearizable', held: ['linearizable'], minority: [200, 200] });
  expect(textOf([wonder])).toContain(
    '- **Both, which cannot be, so that the measurement is wrong**:\n  - wonder `defaults`: 100% served',
  );
  const liar = measured('liar', { claim: 'linearizable', held: ['pram'], minority: [200, 200] });
  expect(textOf([liar])).toContain('- **Available, and not consistent**:\n  - liar');
});

test('who stops with one node down, who still reads, and who comes to agree is told by name', () => {
  const text = textOf(all);
  expect(text).toContain('failed under reader `defaults`; all was served again within 0.7 s of its return.');
  expect(text).toContain('and the promise is about order and not about time: reader `defaults`.'.slice(4));
  expect(text).toContain('agreed in every run under lax `defaults`, 0.3 s after healing at the latest.');
  expect(textOf([strict])).toContain('agreed in every run under none');
});

test('functions that differ are told apart, and 100% is every single one', () => {
  expect(sharesText(shares(200, 200))).toBe('100%');
  expect(sharesText(shares(200, 199))).toBe('read 100%, write 99%');
  expect(sharesText({})).toBe('-');
});

test('recovery is the median and the worst', () => {
  expect(recoveryText({ recoveries: [0.9, 0.1, 0.3].map(seconds) })).toBe('0.3, 0.9');
  expect(recoveryText({ recoveries: [seconds(0.1), null] })).toBe('0.1, not before the next');
  expect(recoveryText({ recoveries: [] })).toBe('-');
});
