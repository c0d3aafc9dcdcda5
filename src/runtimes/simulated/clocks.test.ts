import { expect, test } from 'vitest';
import { seeded } from '../../core/random.ts';
import { instant, milliseconds, nanoseconds } from '../../core/time.ts';
import { SimulatedClocks } from './clocks.ts';
import { Timeline } from './timeline.ts';

const offset = milliseconds(7);

function stage(): { timeline: Timeline; clocks: SimulatedClocks; wait: (ms: number) => void; finish: () => void } {
  const timeline = new Timeline();
  const clocks = new SimulatedClocks(timeline, offset);
  const finish = (): void => {
    while (timeline.advance());
  };
  const wait = (ms: number): void => {
    const until = timeline.now() + milliseconds(ms);
    timeline.after(milliseconds(ms), () => {});
    while (timeline.now() < until) timeline.advance();
  };
  return { timeline, clocks, wait, finish };
}

test('clocks run true by themselves: the wall clock at its offset, the monotonic one from where its life began', () => {
  const { clocks, wait } = stage();
  wait(10);
  clocks.restart(instant(500));
  wait(20);
  expect(clocks.now()).toEqual({ wall: milliseconds(37), monotonic: milliseconds(20) + 500 });
  expect(clocks.ahead()).toBe(offset);
});

test('a step moves the wall clock alone, to and fro', () => {
  const { clocks } = stage();
  clocks.step(milliseconds(-3_600_000));
  expect(clocks.now()).toEqual({ wall: offset - milliseconds(3_600_000), monotonic: 0 });
  clocks.step(milliseconds(3_600_000));
  expect(clocks.now()).toEqual({ wall: offset, monotonic: 0 });
});

test('drift changes the rate of both from now on, and its end leaves what was gained: no clock jumps', () => {
  const { clocks, wait } = stage();
  wait(100);
  const before = clocks.now();
  clocks.runAt(1.05);
  expect(clocks.now()).toEqual(before);
  wait(100);
  expect(clocks.now().monotonic - before.monotonic).toBe(milliseconds(105));
  expect(clocks.now().wall - before.wall).toBe(milliseconds(105));
  const during = clocks.now();
  clocks.runAt(1);
  expect(clocks.now()).toEqual(during);
  wait(100);
  expect(clocks.now().monotonic - during.monotonic).toBe(milliseconds(100));
  expect(clocks.ahead()).toBe(offset + milliseconds(5));
});

test('timers set before and during a drift follow the drifting clock', () => {
  const { timeline, clocks, wait, finish } = stage();
  const fired: string[] = [];
  const set = (name: string, ms: number): void => {
    clocks.after(milliseconds(ms), () => fired.push(`${name} ${Math.round(timeline.now() / 1e5) / 10}`));
  };
  set('before', 100);
  wait(50);
  clocks.runAt(2);
  set('during', 100);
  wait(30);
  clocks.runAt(0.5);
  set('slow', 100);
  finish();
  // before: 50 left at double rate; during: 60 of 100 in 30 ms, the other 40 at half rate take 80 ms.
  expect(fired).toEqual(['before 75', 'during 160', 'slow 280']);
});

test('a timer is never early on the clock that it was set on, whatever the rate', () => {
  const seed = 11;
  const random = seeded(seed);
  for (let turn = 0; turn < 300; turn++) {
    const { clocks, wait, finish } = stage();
    const delay = nanoseconds(1 + random.below(1_000_000));
    const begun = clocks.now().monotonic;
    let firedAt = 0;
    clocks.after(delay, () => (firedAt = clocks.now().monotonic));
    clocks.runAt(0.5 + random.unit());
    wait(random.unit() * 0.3);
    clocks.runAt(0.5 + random.unit());
    finish();
    expect(firedAt - begun, `seed ${seed}, turn ${turn}`).toBeGreaterThanOrEqual(delay);
    // One nanosecond of true time may be two of a fast clock.
    expect(firedAt - begun, `seed ${seed}, turn ${turn}`).toBeLessThanOrEqual(Math.max(delay, milliseconds(0.6)) + 3);
  }
});

test('a cancelled timer does not come back when the rate changes', () => {
  const { clocks, finish } = stage();
  const cancel = clocks.after(milliseconds(10), () => expect.unreachable());
  cancel();
  clocks.runAt(3);
  finish();
});

test('a clock that stands still or runs backwards is refused', () => {
  expect(() => stage().clocks.runAt(0)).toThrow('does not advance');
});
