import { expect, test } from 'vitest';
import { checkSync } from 'knossos-ts';
import { messageOf } from '../../src/core/errors.ts';
import type { BugName } from './bugs.ts';
import { Chaos } from './testing/chaos.ts';
import type { ChaosOptions } from './testing/chaos.ts';

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

/** What is wrong with a run, or null. */
function wrong(chaos: Chaos): string | null {
  try {
    chaos.run(2_500);
  } catch (error) {
    return messageOf(error);
  }
  const unrest = chaos.unrest();
  if (unrest !== null) return `Unrest: ${unrest}`;
  const { verdict } = checkSync(chaos.history, { model: 'cas-register' });
  return verdict.valid === true ? null : `${verdict.valid === false ? 'Not' : 'Perhaps not'} linearizable`;
}

test.each<[string, ChaosOptions]>([
  ['as it is', {}],
  ['with logs that begin anew all the time', { values: { compactEvery: 2, chunk: 1, maxBatch: 1 } }],
  ['as plain chain replication', { values: { reads: 'tail' } }],
])('whatever is lost, doubled, late, cut or killed, it keeps its promise %s', { timeout: 120_000 }, (_how, options) => {
  const counts = { ok: 0, fail: 0, info: 0, invoke: 0 };
  let epochs = 0;
  for (const seed of seeds) {
    const chaos = new Chaos(seed, options);
    expect([seed, wrong(chaos)]).toEqual([seed, null]);
    for (const { type } of chaos.history) counts[type]++;
    epochs += chaos.stage.node('n1').epoch;
  }
  // And something was at stake.
  expect(counts.ok).toBeGreaterThan(40 * seeds.length);
  expect(counts.fail + counts.info).toBeGreaterThan(10 * seeds.length);
  expect(epochs).toBeGreaterThan(4 * seeds.length);
});

/** How it comes to light, and with how many of the seeds, at least. Two others need more nodes and readers than there are. */
test.each<[BugName, RegExp, number]>([
  ['ack-at-head', /^Not linearizable/u, 6],
  ['skip-resend-after-repair', /^Unrest/u, 4],
  ['removed-node-serves', /^Invariant broken: One epoch serves/u, 4],
  ['forget-dirty-on-restart', /^Invariant broken: One order/u, 5],
  ['apply-out-of-order', /^(Invariant broken: Beginning|Not linearizable)/u, 5],
  ['cas-on-dirty', /^Not linearizable/u, 2],
])('the same look finds the bug %s', { timeout: 120_000 }, (bug, how, least) => {
  const found = seeds.map((seed) => wrong(new Chaos(seed, { bug })) ?? '');
  expect(found.filter((text) => how.test(text)).length).toBeGreaterThanOrEqual(least);
});
