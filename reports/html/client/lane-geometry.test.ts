import { pairOperations } from 'knossos-ts';
import { describe, expect, test } from 'vitest';
import { staleReadCounterexample, violated } from '../../testing/runs.ts';
import { sceneOf } from '../scene.ts';
import { LaneGeometry, type Spacing } from './lane-geometry.ts';

const { run, history } = violated();
const others = pairOperations(history.filter(({ key }) => key === '17'));
const { scene } = sceneOf(staleReadCounterexample(), others, run.faults);
const widths = [1118, 640, 380];
const spacings: readonly Spacing[] = ['real', 'even'];

describe.each(spacings.flatMap((spacing) => widths.map((width) => [spacing, width] as const)))(
  'with %s spacing and %d pixels',
  (spacing, width) => {
    const geometry = new LaneGeometry(scene, width, spacing, true);

    test('everything is inside the picture', () => {
      for (const { left, right, top } of geometry.bars) {
        expect(left).toBeGreaterThanOrEqual(geometry.gutter);
        expect(right).toBeLessThanOrEqual(width);
        expect(right - left).toBeGreaterThanOrEqual(4);
        expect(top + geometry.barHeight).toBeLessThan(geometry.bottom);
      }
      for (const { left, right } of geometry.bands) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(width);
      }
    });

    test('bars of one lane do not overlap', () => {
      const overlapping = geometry.bars.filter((one) =>
        geometry.bars.some(
          (other) =>
            other !== one && other.bar.lane === one.bar.lane && other.left <= one.right && one.left <= other.right,
        ),
      );
      expect(overlapping).toEqual([]);
    });

    test('what was earlier is further left', () => {
      const sorted = geometry.bars.toSorted((one, other) => one.bar.from - other.bar.from);
      const lefts = sorted.map(({ left }) => left);
      expect(lefts).toEqual(lefts.toSorted((one, other) => one - other));
    });

    test('every arrow has a way without a gap in its numbers', () => {
      for (const [track, arrow] of scene.arrows.entries()) {
        expect(geometry.arrow(arrow, track)?.path).toMatch(/^M[\d. ]+[VH]/);
        expect(geometry.arrow(arrow, track)?.path).not.toMatch(/NaN|Infinity|undefined/);
      }
    });
  },
);

test('bars too short to see are widened, and say so', () => {
  const geometry = new LaneGeometry(scene, 1118, 'real', false);
  expect(geometry.bars.slice(0, 3).map(({ left, right, widened }) => [Math.round(right - left), widened])).toEqual([
    [14, true],
    [expect.any(Number), false],
    [14, true],
  ]);
});

test('Even moves the bars', () => {
  const [real, even] = spacings.map((spacing) => new LaneGeometry(scene, 1118, spacing, true));
  expect(even!.bars.map(({ left }) => left)).not.toEqual(real!.bars.map(({ left }) => left));
});

test('the instants on the axis are round, told apart, and end with what is drawn', () => {
  const { at, decimals } = new LaneGeometry(scene, 1118, 'real', true).ticks();
  const words = at.map((seconds) => seconds.toFixed(decimals));
  expect(words).toEqual(['18.0', '18.2', '18.4', '18.6', '18.8']);
});

test('labels of faults that are active together have rows of their own', () => {
  const [partition] = run.faults;
  const both = [partition!, { ...partition!, id: 9, begunAt: 18.07e9 }];
  const placed = new LaneGeometry(sceneOf(staleReadCounterexample(), [], both).scene, 1118, 'real', true);
  expect(new Set(placed.bands.map(({ labelAt }) => labelAt[1])).size).toBe(2);
});
