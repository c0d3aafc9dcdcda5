import { expect, test } from 'vitest';
import type { BugName } from './bugs.ts';
import { Chaos } from './testing/chaos.ts';
import type { ChaosOptions } from './testing/chaos.ts';
import { contradiction } from './testing/invariants.ts';

const seeds = Array.from({ length: 80 }, (_, index) => index + 1);

/** What is wrong with a run, or null. */
function wrong(chaos: Chaos, model: 'linearizable' | 'sequential'): string | null {
  try {
    chaos.run(2_000, 1_000);
  } catch (error) {
    return String(error);
  }
  return contradiction(chaos.invariants.committed, chaos.maxSessions, chaos.events, model);
}

test.each([
  ['index', 'linearizable'],
  ['lease', 'linearizable'],
  ['local', 'sequential'],
] as const)(
  'whatever is lost, doubled, cut, killed, handed over, taken in or out, reads=%s keeps Raft %s and its promises',
  { timeout: 60_000 },
  (reads, model) => {
    const sums = { terms: 0, committed: 0, snapshots: 0, ok: 0, fail: 0, info: 0, old: 0 };
    const answers = new Map<string, number>();
    for (const seed of seeds) {
      const chaos = new Chaos(seed, { values: { reads } });
      expect([seed, wrong(chaos, model)]).toEqual([seed, null]);
      const nodes = chaos.nodes();
      // And all come right in the end: one leader, everybody a member, and everybody goes on behind it.
      const leaders = nodes.filter(({ role }) => role.kind === 'leader');
      expect([seed, leaders.length, leaders[0]?.membership.members.length]).toEqual([seed, 1, nodes.length]);
      expect([seed, Math.min(...nodes.map(({ applied }) => applied)) > chaos.committedInTrouble]).toEqual([seed, true]);
      if (contradiction(chaos.invariants.committed, chaos.maxSessions, chaos.events) !== null) sums.old++;
      sums.terms += chaos.invariants.terms;
      sums.committed += chaos.invariants.committed.length;
      sums.snapshots += chaos.snapshots;
      for (const { outcome } of chaos.events) if (outcome !== null) sums[outcome.type]++;
      for (const [type, count] of chaos.answers) answers.set(type, (answers.get(type) ?? 0) + count);
    }
    // And something was at stake.
    expect(sums.terms).toBeGreaterThan(3 * seeds.length);
    expect(sums.ok).toBeGreaterThan(100 * seeds.length);
    expect(sums.fail).toBeGreaterThan(seeds.length);
    expect(sums.info).toBeGreaterThan(seeds.length);
    expect(sums.snapshots).toBeGreaterThan(10 * seeds.length);
    for (const type of ['transfer_ok', 'add_server_ok', 'remove_server_ok'])
      expect([type, answers.get(type) ?? 0]).toEqual([type, expect.toSatisfy((count) => count > seeds.length / 4)]);
    // Local reads are not linearizable, and that shows.
    expect(sums.old > 0).toBe(reads === 'local');
  },
);

/** Of the planted bugs, those that so small a world shows; with how many of 60 seeds, at least. */
test.each<[BugName, ChaosOptions['values'], number]>([
  ['stale-read', {}, 5],
  ['forget-vote', {}, 5],
  ['vote-for-shorter-log', {}, 4],
  ['apply-retry-twice', {}, 2],
  ['snapshot-loses-session', {}, 30],
  ['no-leader-noop', {}, 10],
  ['truncate-committed', {}, 30],
])('the same look finds the bug %s', { timeout: 60_000 }, (bug, values = {}, least) => {
  const found = seeds.slice(0, 60).filter((seed) => wrong(new Chaos(seed, { bug, values }), 'linearizable') !== null);
  expect(found.length).toBeGreaterThanOrEqual(least);
});

test('so it is with room for so few sessions that clients keep losing theirs', { timeout: 60_000 }, () => {
  let opened = 0;
  for (const seed of seeds.slice(0, 30)) {
    const chaos = new Chaos(seed, { values: { maxSessions: 2 } });
    expect([seed, wrong(chaos, 'linearizable')]).toEqual([seed, null]);
    opened += chaos.invariants.committed.filter(({ command }) => command.kind === 'open-session').length;
  }
  // Without losing any, the clients of a run open a few.
  expect(opened).toBeGreaterThan(30 * 30);
});
