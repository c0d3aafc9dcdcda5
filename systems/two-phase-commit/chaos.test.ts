import { expect, test } from 'vitest';
import { checkSync } from 'knossos-ts';
import { messageOf } from '../../src/core/errors.ts';
import type { BugName } from './bugs.ts';
import { Chaos } from './testing/chaos.ts';
import type { ChaosOptions } from './testing/chaos.ts';

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

/** What is wrong with a run, or null. */
function wrong(chaos: Chaos): string | null {
  try {
    chaos.run(1_500);
  } catch (error) {
    return messageOf(error);
  }
  const unrest = chaos.unrest();
  if (unrest !== null) return `Unrest: ${unrest}`;
  const { verdict } = checkSync(chaos.history, { model: 'cas-register', ties: 'ordered' });
  return verdict.valid === true ? null : `${verdict.valid === false ? 'Not' : 'Perhaps not'} linearizable`;
}

test.each<[string, ChaosOptions]>([
  ['as it is', {}],
  ['with journals that begin anew all the time', { values: { compactEvery: 1, batch: 1 } }],
  ['with few open transactions', { values: { mostOpen: 3 } }],
  ['over two keys at a time', { together: true }],
])('whatever is lost, doubled, late, cut or killed, it keeps its promise %s', { timeout: 60_000 }, (_how, options) => {
  const counts = { ok: 0, fail: 0, info: 0, invoke: 0 };
  for (const seed of seeds) {
    const chaos = new Chaos(seed, options);
    expect([seed, wrong(chaos)]).toEqual([seed, null]);
    for (const { type } of chaos.history) counts[type]++;
  }
  // And something was at stake.
  expect(counts.ok).toBeGreaterThan(20 * seeds.length);
  expect(counts.fail + counts.info).toBeGreaterThan(seeds.length);
});

const hasty: ChaosOptions = { values: { patience: 300 } };

/** How it comes to light, and with how many of the seeds, at least. */
test.each<[BugName, ChaosOptions, RegExp, number]>([
  ['vote-not-logged', {}, /^Invariant broken: Locked/u, 15],
  ['decision-not-logged', {}, /^Invariant broken: One decision/u, 15],
  ['unilateral-abort', hasty, /^Invariant broken: One decision/u, 5],
  ['presume-commit-on-timeout', {}, /^Invariant broken: Locked/u, 10],
  ['read-ignores-lock', {}, /^Not linearizable/u, 8],
  ['release-lock-on-prepare', {}, /^Invariant broken: Locked/u, 20],
  ['ack-before-decision', {}, /^Not linearizable/u, 20],
  ['accept-old-prepare', {}, /^Unrest: .*"ready":[1-9]/u, 5],
])('the same look finds the bug %s', { timeout: 60_000 }, (bug, options, how, least) => {
  const found = seeds.map((seed) => wrong(new Chaos(seed, { ...options, bug })) ?? '');
  expect(found.filter((text) => how.test(text)).length).toBeGreaterThanOrEqual(least);
});

test('and finds nothing in the correct twins with the options of these bugs', { timeout: 60_000 }, () => {
  for (const seed of seeds) expect([seed, wrong(new Chaos(seed, hasty))]).toEqual([seed, null]);
});
