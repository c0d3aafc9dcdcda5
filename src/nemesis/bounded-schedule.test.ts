import { expect, test } from 'vitest';
import { nodeNames } from '../core/ids.ts';
import { seeded } from '../core/random.ts';
import { type Instant, instant, seconds } from '../core/time.ts';
import type { Answer, Fault, FaultId } from '../environments/faults.ts';
import { inTouch, noLimits } from './bounds.ts';
import type { Assumptions, Nemesis } from './nemesis.ts';
import { Schedule, type ScheduleEffects } from './schedule.ts';
import type { NemesisSelection } from './selection.ts';
import { choose, untouchedBy } from './targets.ts';

const nodes = nodeNames(5);

/** Kills one node or a majority. */
const killer = (name: string): Nemesis => ({
  name,
  summary: '',
  needs: ['kill'],
  variants: (['one', 'majority'] as const).map((size) => ({
    name: size,
    summary: '',
    minimumNodes: 1,
    plan: (view) => {
      const chosen = choose(size, view, untouchedBy(['kill'], view));
      return chosen && { fault: { kind: 'kill', nodes: chosen }, targets: '', nodes: chosen };
    },
  })),
});

/** The most nodes that were down at once in a hundred intervals, and how many faults began. */
function play(selections: readonly NemesisSelection[], assumes?: Assumptions): { worst: number; begun: number } {
  const schedule = new Schedule({
    selections,
    nodes,
    interval: seconds(1),
    random: seeded(7),
    ...(assumes === undefined ? {} : { assumes }),
  });
  const proof: Answer<string> = { ok: true, value: 'seen' };
  const active = new Map<FaultId, Fault>();
  let now: Instant = instant(0);
  const alarm = { at: instant(0) };
  let [worst, begun] = [0, 0];
  const effects: ScheduleEffects = {
    begin(id, fault) {
      active.set(id, fault);
      begun++;
      worst = Math.max(worst, nodes.length - inTouch([...active.values()], nodes).length);
      schedule.step(now, { kind: 'begun', id, answer: proof }, effects);
    },
    end(id) {
      active.delete(id);
      schedule.step(now, { kind: 'ended', id, answer: proof }, effects);
    },
    inspect: (round, node) =>
      schedule.step(now, { kind: 'inspected', round, node, answer: { ok: false, error: 'silent' } }, effects),
    wakeAt: (at) => (alarm.at = at),
    record: () => {},
    done: () => {},
  };
  schedule.step(now, { kind: 'tick' }, effects);
  while (alarm.at < seconds(100)) {
    now = alarm.at;
    schedule.step(now, { kind: 'tick' }, effects);
  }
  return { worst, begun };
}

const three = ['a', 'b', 'c'].map(killer).map((nemesis) => ({ nemesis, variants: nemesis.variants }));

test('faults of several nemeses together stay within what the claims assume', () => {
  for (const maxDown of [1, 2, 3]) {
    const { worst, begun } = play(three, { ...noLimits, maxDown });
    expect(worst).toBe(maxDown);
    expect(begun).toBeGreaterThan(50);
  }
});

test('without an assumption they go as far as they can', () => {
  expect(play(three).worst).toBe(5);
});

test('a nemesis that was only asked for what goes beyond is let go beyond', () => {
  const [first] = three;
  const majority = first === undefined ? [] : [{ ...first, variants: first.variants.slice(1) }];
  expect(play(majority, { ...noLimits, maxDown: 1 }).begun).toBe(0);
  const beyond = majority.map((selection) => ({ ...selection, goesBeyond: true as const }));
  expect(play(beyond, { ...noLimits, maxDown: 1 })).toMatchObject({ worst: 3 });
});
