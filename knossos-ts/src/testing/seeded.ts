/** Random numbers that a seed repeats. */

/** From 0 to 1, without 1. */
export type Random = () => number;

/** The finalizer of a Weyl sequence (mulberry32): good enough to mix operations, and the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const below = (random: Random, end: number): number => Math.floor(random() * end);

export const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;
