import { describe, expect, test } from 'vitest';
import { seeded } from '../core/random.ts';
import { instant, milliseconds, seconds, type Duration, type Instant } from '../core/time.ts';
import type { NemesisView } from './nemesis.ts';
import { Schedule, type FaultChange, type ScheduleEffects } from './schedule.ts';
import { interval, nemesis, nodes, paused, proof, run, type Environment } from './testing/schedule-run.ts';

const one = nemesis('a', ['only']);

test('the first fault begins a third of an interval after the start, and is held for about an interval', () => {
  const { changes, doneAt } = run({ nemeses: [one], stopAt: seconds(25) });
  const at = (change: FaultChange): number => changes.find((entry) => entry.change === change)?.at ?? Number.NaN;

  expect(at('begin') / 1e9).toBeCloseTo(10 / 3, 2);
  expect(at('begun') - at('begin')).toBe(milliseconds(5));
  expect(at('end') - at('begun')).toBeGreaterThanOrEqual(0.6 * interval);
  expect(at('end') - at('begun')).toBeLessThanOrEqual(1.4 * interval);
  expect(at('ended') - at('end')).toBe(milliseconds(5));
  expect(doneAt).toBeGreaterThanOrEqual(seconds(25));
});

test('a fault is recorded with its plan, its times and its proofs', () => {
  const { faults } = run({ nemeses: [one], stopAt: seconds(5), seed: 3 });
  const beginAt = faults[0]?.beginAt ?? instant(0);

  expect(faults).toEqual([
    {
      id: 1,
      nemesis: 'a',
      variant: 'only',
      ...paused,
      beginAt,
      begunAt: beginAt + milliseconds(5),
      proof,
      endAt: seconds(5),
      endedAt: seconds(5) + milliseconds(5),
      healed: proof,
    },
  ]);
});

describe('on stop, every fault that was begun is ended before done', () => {
  const nemeses = [one, nemesis('b', ['x', 'y']), nemesis('c', ['z'])];
  const never = null;
  const cases: readonly (readonly [string, Environment])[] = [
    ['in good weather', {}],
    ['when everything is answered at once', { begin: 0 as Duration, end: 0 as Duration, inspect: 0 as Duration }],
    ['when begin is slow', { begin: seconds(9) }],
    ['when begin is never answered', { begin: never }],
    ['when end is never answered', { end: never }],
    ['when no node can be inspected', { inspect: never }],
    ['when nothing is ever answered', { begin: never, end: never, inspect: never }],
    ['when everything fails', { answer: { ok: false, error: 'no' } }],
  ];

  test.for(cases)('%s, whenever stop comes', ([, environment]) => {
    for (let seed = 0; seed < 60; seed++) {
      const stopAt = milliseconds(1 + seed * 1500);
      const { asked, doneAt, doneTimes, faults } = run({ nemeses, seed, stopAt, ...environment });
      expect(doneTimes, `seed ${seed}`).toBe(1);
      expect(doneAt, `seed ${seed}`).toBeLessThanOrEqual(stopAt + seconds(50));
      for (const fault of faults) {
        expect(
          asked.filter((what) => what === `end ${fault.id}`),
          `seed ${seed}`,
        ).toHaveLength(1);
        expect(asked.indexOf(`end ${fault.id}`)).toBeGreaterThan(asked.indexOf(`begin ${fault.id}`));
        expect(fault.endedAt, `seed ${seed}`).toBeLessThanOrEqual(doneAt ?? 0);
        expect(fault.healed, `seed ${seed}`).not.toBe(null);
      }
      expect(asked).toHaveLength(2 * faults.length);
      if (stopAt > seconds(30)) expect(faults.length).toBeGreaterThan(0); // oxlint-disable-line vitest/no-conditional-expect
    }
  });
});

test('a begin that is still unanswered at stop is ended after its answer, not before', () => {
  const { asked, changes, doneAt } = run({ nemeses: [one], stopAt: seconds(4), begin: seconds(3) });
  const begunAt = changes.find(({ change }) => change === 'begun')?.at ?? instant(0);

  expect(asked).toEqual(['begin 1', 'end 1']);
  expect(begunAt).toBeGreaterThan(seconds(4));
  expect(changes.at(-1)?.fault.endAt).toBe(begunAt);
  expect(doneAt).toBe(begunAt + milliseconds(5));
});

test('an answer that never comes is recorded as an error after the deadline', () => {
  const { faults, schedule } = run({ nemeses: [one], stopAt: seconds(4), begin: null, end: null });
  const silence = { ok: false, error: 'no answer within 25000 ms' };

  expect(faults.map((fault) => [fault.proof, fault.healed])).toEqual([[silence, silence]]);
  expect(schedule.active).toBe(1);
});

test('a begin that answers an error is not proved, and is ended nevertheless', () => {
  const { faults } = run({ nemeses: [one], stopAt: seconds(4), answer: { ok: false, error: 'no such node' } });

  expect(faults.map(({ proof: answer }) => answer)).toEqual([{ ok: false, error: 'no such node' }]);
  expect(faults[0]?.endAt).toBe(seconds(4));
});

test('a nemesis never has more than one active fault, and nemeses overlap in different ways', () => {
  const { changes } = run({ nemeses: [one, nemesis('b', ['x']), nemesis('c', ['y'])], stopAt: seconds(2000) });
  const active = new Map<string, number>();
  const together = new Set<string>();
  for (const { change, fault } of changes) {
    if (change === 'begin') active.set(fault.nemesis, (active.get(fault.nemesis) ?? 0) + 1);
    if (change === 'ended') active.set(fault.nemesis, (active.get(fault.nemesis) ?? 0) - 1);
    expect(Math.max(...active.values())).toBeLessThanOrEqual(1);
    together.add(
      [...active]
        .filter(([, count]) => count > 0)
        .map(([name]) => name)
        .toSorted()
        .join(''),
    );
  }

  expect([...together].toSorted()).toEqual(['', 'a', 'ab', 'abc', 'ac', 'b', 'bc', 'c']);
});

test('several nemeses begin one after the other, all within the first interval and a third', () => {
  const { changes } = run({ nemeses: [one, nemesis('b', ['x'])], stopAt: seconds(20) });
  const firsts = ['a', 'b'].map((name) => changes.find(({ fault }) => fault.nemesis === name)?.at ?? Number.NaN);

  expect(firsts.map((at) => Math.round(at / 1e8) / 10)).toEqual([3.3, 8.3]);
});

describe('variants', () => {
  const names = ['one', 'primary', 'halves', 'ring', 'bridge', 'one-way', 'third'];

  test('all come up within as many faults as there are variants and favoured ones, these first', () => {
    for (let seed = 0; seed < 30; seed++) {
      const many = nemesis('p', names, { favoured: ['one', 'primary'] });
      const { faults } = run({ nemeses: [many], stopAt: seconds(400), seed });
      const variants = faults.map(({ variant }) => variant);
      expect(new Set(variants.slice(0, 2)), `seed ${seed}`).toEqual(new Set(['one', 'primary']));
      expect(new Set(variants.slice(0, 9)), `seed ${seed}`).toEqual(new Set(names));
    }
  });

  test('that cannot be planned give way to others and keep their turn', () => {
    let possible = false;
    const many = nemesis('p', names, {
      plan: (variant) => (variant !== 'ring' || possible ? paused : null),
    });
    const times: string[] = [];
    const plan = many.variants.map((variant) => ({
      ...variant,
      plan(view: NemesisView) {
        possible = times.length >= 20;
        const planned = variant.plan(view);
        if (planned !== null) times.push(variant.name);
        return planned;
      },
    }));
    run({ nemeses: [{ ...many, variants: plan }], stopAt: seconds(600) });

    expect(times.slice(0, 20)).not.toContain('ring');
    expect(new Set(times.slice(0, 6)).size).toBe(6);
    expect(times[20]).toBe('ring');
  });

  test('that can none of them be planned are tried again soon', () => {
    const tries: number[] = [];
    let turn = 0;
    const barren = nemesis('p', ['x'], {
      plan: () => {
        tries.push(turn++);
        return null;
      },
    });
    const { faults } = run({ nemeses: [barren], stopAt: seconds(24) });

    expect(faults).toEqual([]);
    // Every two seconds from the third; each time the bag is filled and tried again.
    expect(tries.length).toBeGreaterThanOrEqual(10);
  });
});

test('a plan sees what nodes answered, and the active faults of the others', () => {
  const seen: string[] = [];
  const looking = nemesis('b', ['x'], {
    plan(_, view) {
      seen.push(`${view.inspections.size} answered, active: ${view.active.map((fault) => fault.nemesis).join()}`);
      return paused;
    },
  });
  run({ nemeses: [one, looking], stopAt: seconds(9) });
  run({ nemeses: [one, looking], stopAt: seconds(9), inspect: null });

  expect(seen).toEqual(['3 answered, active: a', '0 answered, active: a']);
});

test('an answer to an earlier look at the cluster is not taken for one to the present look', () => {
  const seen: number[] = [];
  const barren = nemesis('b', ['x'], {
    plan(_, view) {
      seen.push(view.inspections.size);
      return null;
    },
  });
  // Given looks every 2.5 seconds, and answers that come while the next one is under way.
  run({ nemeses: [barren], stopAt: seconds(30), inspect: milliseconds(2700) });

  expect(seen.length).toBeGreaterThan(5);
  expect(new Set(seen)).toEqual(new Set([0]));
});

test('a tick that comes too early is asked for again', () => {
  const schedule = new Schedule({
    selections: [{ nemesis: one, variants: one.variants }],
    nodes,
    interval,
    random: seeded(1),
  });
  const wakes: Instant[] = [];
  const inspected: number[] = [];
  const effects: ScheduleEffects = {
    begin: () => {},
    end: () => {},
    record: () => {},
    done: () => {},
    wakeAt: (at) => wakes.push(at),
    inspect: (round) => inspected.push(round),
  };
  schedule.step(instant(0), { kind: 'tick' }, effects);
  const [due] = wakes as [Instant];
  schedule.step(instant(due - 1), { kind: 'tick' }, effects);
  expect(wakes).toEqual([due, due]);
  schedule.step(due, { kind: 'tick' }, effects);

  expect(inspected).toEqual([1, 1, 1]);
});

test('a fault whose end was not proved stays active in the eyes of the others', () => {
  const seen: string[] = [];
  const looking = nemesis('b', ['x'], {
    plan(_, view) {
      seen.push(view.active.map((fault) => fault.id).join());
      return paused;
    },
  });
  run({ nemeses: [looking], stopAt: seconds(60), answer: { ok: false, error: 'stuck' } });

  expect(seen.slice(0, 3)).toEqual(['', '1', '1,2']);
});

test('without a nemesis that breaks something, stop is done at once', () => {
  const { doneAt, asked } = run({ nemeses: [nemesis('none', [])], stopAt: seconds(7) });

  expect({ doneAt, asked }).toEqual({ doneAt: seconds(7), asked: [] });
});

test('the same seed gives the same faults at the same times', () => {
  const nemeses = [one, nemesis('b', ['x', 'y', 'z'])];

  expect(run({ nemeses, stopAt: seconds(200), seed: 5 }).changes).toEqual(
    run({ nemeses, stopAt: seconds(200), seed: 5 }).changes,
  );
  expect(run({ nemeses, stopAt: seconds(200), seed: 5 }).changes).not.toEqual(
    run({ nemeses, stopAt: seconds(200), seed: 6 }).changes,
  );
});
