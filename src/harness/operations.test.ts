import { expect, test } from 'vitest';
import { nodeNames } from '../core/ids.ts';
import { type Cancel, type Instant, seconds } from '../core/time.ts';
import type { World } from '../environments/environment.ts';
import { operationsOf } from './operations.ts';
import { fakeTest } from './testing/fake-test.ts';

/** A world that nobody answers in, and whose clock stands until it is told to go on. */
function standing() {
  const state = { now: 0 };
  const timers: { readonly at: number; readonly fire: () => void }[] = [];
  const world: World = {
    now: () => state.now as Instant,
    after: (delay, fire): Cancel => {
      timers.push({ at: state.now + delay, fire });
      return () => {};
    },
    connect: () => ({ request: () => {}, close: () => {} }),
  };
  return {
    world,
    fireDue: () => {
      const all = timers.splice(0);
      timers.push(...all.filter(({ at }) => at > state.now));
      for (const { fire } of all.filter(({ at }) => at <= state.now)) fire();
    },
    goOnTo: (at: number) => (state.now = at),
  };
}

test('a client is not late for what harness was held up itself, but when it stays late sweep after sweep', () => {
  const { world, fireDue, goOnTo } = standing();
  const ended: string[] = [];
  const findings: string[] = [];
  const operations = operationsOf(fakeTest({ concurrency: '1' }), nodeNames(3), {
    world,
    append: () => {},
    finding: (text) => void findings.push(text),
    ended: ({ outcome }) => void ended.push(outcome.type),
  });
  operations.begin(() => {});
  for (let begun = 0; begun < 20 && operations.keys.length === 0; begun++) {
    goOnTo(begun * 1e9);
    fireDue();
  }

  // Everybody was frozen for a minute. The sweep comes before the timers of the client that were due meanwhile.
  goOnTo(seconds(90));
  operations.sweep();
  expect([findings, ended]).toEqual([[], []]);

  for (let sweep = 1; sweep <= 10; sweep++) operations.sweep();
  expect(findings).toEqual([
    expect.stringMatching(/^The client of process 0 did not end its \w+ within its 5000 ms\.$/),
  ]);
  expect(ended).toEqual(['info']);
});
