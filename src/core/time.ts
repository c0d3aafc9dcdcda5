import type { Brand } from './ids.ts';

/** Nanoseconds since the run's epoch. A wall clock may be negative. Exact below 2^53, that is for 104 days. */
export type Instant = Brand<number, 'Instant'>;

/** Nanoseconds. */
export type Duration = Brand<number, 'Duration'>;

/** Both clocks of a node, read once per step. Timers run on the monotonic one; the wall clock may be stepped by a fault. */
export interface Now {
  readonly wall: Instant;
  readonly monotonic: Instant;
}

export const instant = (nanoseconds: number): Instant => nanoseconds as Instant;

export const nanoseconds = (count: number): Duration => count as Duration;

export const microseconds = (count: number): Duration => Math.round(count * 1e3) as Duration;

export const milliseconds = (count: number): Duration => Math.round(count * 1e6) as Duration;

export const seconds = (count: number): Duration => Math.round(count * 1e9) as Duration;

export const plus = (at: Instant, by: Duration): Instant => (at + by) as Instant;

export const since = (earlier: Instant, later: Instant): Duration => (later - earlier) as Duration;

export const inMilliseconds = (time: Instant | Duration): number => time / 1e6;

export const inSeconds = (time: Instant | Duration): number => time / 1e9;

/** Takes back something that was arranged for later; calling it late or twice does nothing. */
export type Cancel = () => void;
