import type { SeedResult } from '../../harness/batch.ts';

/** A seed that kept every promise, but for what is said. */
export const seedResultOf = (seed: number, more: Partial<SeedResult> = {}): SeedResult => ({
  seed,
  kind: 'valid',
  headline: 'Kept.',
  reasons: [],
  counts: { ok: 10, fail: 0, info: 0 },
  leaderChanges: 1,
  nemeses: ['kill'],
  proven: { kill: 2 },
  provenVariants: { 'kill:one': 2 },
  coverage: [{ name: 'read ok', met: true }],
  undecidable: [],
  inputs: { 'append > follower': 5 },
  findings: [],
  trace: { events: 100, hash: `hash of ${seed}` },
  compared: false,
  ...more,
});
