import { describe, expect, test } from 'vitest';
import type { Duration } from '../../core/time.ts';
import { microseconds, milliseconds, nanoseconds } from '../../core/time.ts';
import { realClock } from './clock.ts';

const clock = realClock(Date.now());

const lateness = async (delay: Duration): Promise<number> => {
  const due = clock.monotonic() + delay;
  await new Promise<void>((resolve) => clock.after(delay, resolve));
  return clock.monotonic() - due;
};

describe('the real clock', () => {
  test('never fires early, not even by a fraction of a millisecond', async () => {
    const delays = Array.from({ length: 200 }, (_, index) => microseconds(index * 97));
    const late = await Promise.all(delays.map(lateness));
    expect(late.filter((by) => by < 0)).toEqual([]);
  });

  test('fires in a later turn, even when there is nothing to wait for', async () => {
    const order: string[] = [];
    const fired = new Promise<void>((resolve) => {
      clock.after(nanoseconds(0), () => resolve(void order.push('fired')));
    });
    order.push('arranged');
    await fired;
    expect(order).toEqual(['arranged', 'fired']);
  });

  test('does not fire what was cancelled', async () => {
    let fired = false;
    const cancel = clock.after(milliseconds(5), () => (fired = true));
    cancel();
    await lateness(milliseconds(20));
    expect(fired).toBe(false);
  });

  test('counts both clocks from the epoch of the run', () => {
    const late = realClock(Date.now() - 5_000).now();
    for (const reading of [late.wall, late.monotonic]) {
      expect(reading).toBeGreaterThanOrEqual(milliseconds(4_990));
      expect(reading).toBeLessThan(milliseconds(7_000));
    }
    expect(realClock(Date.now() + 60_000).now().wall).toBeLessThan(0);
  });
});
