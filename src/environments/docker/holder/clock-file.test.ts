import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { milliseconds } from '../../../core/time.ts';
import { ClockFile } from './clock-file.ts';

let folder = '';
let now = 0;
let clock: ClockFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clock-'));
  now = 1_000;
  clock = new ClockFile(join(folder, 'clock'), () => now);
});
afterEach(() => {
  clock.close();
  rmSync(folder, { recursive: true });
});

const text = (): string => readFileSync(join(folder, 'clock'), 'utf8');
const bump = (by: number) => ({ type: 'bump', by: milliseconds(by) }) as const;

test('without a skew the clock is right, and the rate is always written', () => {
  expect(text()).toBe('+0.000000s x1.0\n');
});

test('bumps add up, and each is undone by its own end', () => {
  clock.set(1, bump(250));
  clock.set(2, bump(-3_600_000));
  expect(text()).toBe('-3599.750000s x1.0\n');
  clock.set(1, null);
  expect(text()).toBe('-3600.000000s x1.0\n');
  clock.set(2, null);
  clock.set(7, null);
  expect(text()).toBe('+0.000000s x1.0\n');
});

test('what a drift has gained stays when it ends', () => {
  clock.set(1, { type: 'drift', rate: -0.1 });
  now += 2_000;
  clock.set(1, null);
  now += 2_000;
  clock.set(2, bump(0));
  expect(text()).toBe('-0.200000s x1.0\n');
});

test('a strobe steps away at once, and to and fro with its period', () => {
  clock.set(1, { type: 'strobe', by: milliseconds(500), period: milliseconds(50) });
  expect(text()).toBe('+0.500000s x1.0\n');
  now += 50;
  clock.set(2, bump(10));
  expect(text()).toBe('+0.010000s x1.0\n');
  now += 50;
  clock.set(3, bump(1));
  expect(text()).toBe('+0.511000s x1.0\n');
  clock.set(1, null);
  expect(text()).toBe('+0.011000s x1.0\n');
});

test('a rewind goes back by each period, and its end sets the clock right', () => {
  clock.set(1, { type: 'rewind', by: milliseconds(500), period: milliseconds(200) });
  expect(text()).toBe('-0.500000s x1.0\n');
  now += 450;
  clock.set(2, bump(0));
  expect(text()).toBe('-1.500000s x1.0\n');
  clock.set(1, null);
  expect(text()).toBe('+0.000000s x1.0\n');
});

test('the file follows a drift and a strobe by itself', async () => {
  clock.set(1, { type: 'strobe', by: milliseconds(500), period: milliseconds(20) });
  const seen = new Set<string>();
  for (let look = 0; look < 400 && seen.size < 2; look++) {
    now += 7;
    await new Promise((resolve) => setTimeout(resolve, 3));
    seen.add(text());
  }
  expect(seen).toEqual(new Set(['+0.500000s x1.0\n', '+0.000000s x1.0\n']));
});
