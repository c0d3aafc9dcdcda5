import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks. */
const lookEvery = 10;

/** Looks again and again until the answer is not null; returns null when the time (milliseconds) is over. */
export async function observe<T>(within: number, look: () => T | null | Promise<T | null>): Promise<T | null> {
  const deadline = performance.now() + within;
  for (;;) {
    const seen = await look();
    if (seen !== null || performance.now() >= deadline) return seen;
    await sleep(lookEvery);
  }
}

/** The answer of a promise, or null when it takes longer than `within` milliseconds. */
export async function inTime<T>(within: number, promise: Promise<T>): Promise<T | null> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, sleep(within, null, { signal: timer.signal }).catch(() => null)]);
  } finally {
    timer.abort();
  }
}
