import { expect, test } from 'vitest';
import { checkSync } from 'knossos-ts';
import { messageOf } from '../../src/core/errors.ts';
import type { BugName } from './bugs.ts';
import { Chaos } from './testing/chaos.ts';
import type { ChaosOptions } from './testing/chaos.ts';

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

interface Claims {
  readonly linearizable: boolean;
  readonly converges: boolean;
}

const all: Claims = { linearizable: true, converges: true };
const linearizable: Claims = { linearizable: true, converges: false };
const eventual: Claims = { linearizable: false, converges: true };

/** What is wrong with a run, or null. What the options do not claim is not asked for. */
function wrong(chaos: Chaos, claims: Claims): string | null {
  try {
    chaos.run(1_500);
  } catch (error) {
    return messageOf(error);
  }
  if (claims.converges && chaos.divergence() !== null) return `Apart: ${chaos.divergence()}`;
  if (!claims.linearizable) return null;
  const { verdict } = checkSync(chaos.history, { model: 'register', ties: 'ordered' });
  return verdict.valid === true ? null : `${verdict.valid === false ? 'Not' : 'Perhaps not'} linearizable`;
}

type Values = ChaosOptions['values'];

const alone = { antiEntropy: 'off', handoff: 'off', readRepair: 'off' };

test.each<[string, Values, Claims, boolean]>([
  ['as it is', {}, all, true],
  ['with logs that begin anew all the time', { compactEvery: 2, batch: 1 }, all, true],
  ['without anything that brings replicas up to date', alone, linearizable, true],
  ['with hand-off alone and no crashes', { ...alone, handoff: 'on' }, all, false],
  ['with R = W = 1', { read: 1, write: 1 }, eventual, true],
  ['where the last write wins', { versions: 'wall-clock' }, eventual, true],
])(
  'whatever is lost, doubled, late, cut or killed, it keeps its promise %s',
  { timeout: 60_000 },
  (_how, values, claims, crashes) => {
    const counts = { ok: 0, fail: 0, info: 0, invoke: 0 };
    for (const seed of seeds) {
      const chaos = new Chaos(seed, { values: values ?? {}, crashes });
      expect([seed, wrong(chaos, claims)]).toEqual([seed, null]);
      for (const { type } of chaos.history) counts[type]++;
    }
    // And something was at stake.
    expect(counts.ok).toBeGreaterThan(20 * seeds.length);
    expect(counts.fail + counts.info).toBeGreaterThan(seeds.length);
  },
);

test('R = W = 1 is not linearizable, and that shows', { timeout: 60_000 }, () => {
  const refuted = seeds.filter((seed) => {
    const chaos = new Chaos(seed, { values: { read: 1, write: 1 } });
    return wrong(chaos, { linearizable: true, converges: true }) !== null;
  });
  expect(refuted.length).toBeGreaterThan(seeds.length / 2);
});

const unrepaired = { antiEntropy: 'off', readRepair: 'off' };

/** Of the planted bugs, those that so small a world shows; with how many of the seeds, at least. */
test.each<[BugName, ChaosOptions, Claims, number]>([
  ['ack-before-quorum', {}, all, 4],
  ['stale-quorum', {}, all, 10],
  ['wall-clock-versions', {}, all, 10],
  ['forget-on-restart', {}, all, 30],
  ['lost-hint', { values: { ...unrepaired, patience: 300, upkeep: 100 }, crashes: false }, all, 2],
  ['repair-with-older', {}, all, 10],
  ['reused-stamp', {}, all, 5],
])('the same look finds the bug %s', { timeout: 60_000 }, (bug, options, claims, least) => {
  const found = seeds.filter((seed) => wrong(new Chaos(seed, { ...options, bug }), claims) !== null);
  expect(found.length).toBeGreaterThanOrEqual(least);
});

test('and finds nothing in the correct twins with the options of these bugs', { timeout: 60_000 }, () => {
  const handsOff = { values: { ...unrepaired, patience: 300, upkeep: 100 }, crashes: false };
  for (const seed of seeds) {
    expect([seed, wrong(new Chaos(seed, { values: unrepaired }), linearizable)]).toEqual([seed, null]);
    expect([seed, wrong(new Chaos(seed, handsOff), all)]).toEqual([seed, null]);
  }
});
