/** What the faults of clocks must do, in every environment that offers them. */
import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/ids.ts';
import { nodeNames } from '../../src/core/ids.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Environment } from '../../src/environments/environment.ts';
import type { ClockSkew, Fault } from '../../src/environments/faults.ts';
import { ok, type Stage, type Theatre, theatre } from './stage.ts';

/** What a drift reaches. Where it is the wall clock alone, timers go on as they should. */
export type DriftOf = 'both clocks' | 'the wall clock';

const [n1, n2] = nodeNames(2) as [NodeId, NodeId];

/** How far a node's wall clock is ahead of the control clock, and how far its monotonic one, in milliseconds. */
async function clockOf(stage: Stage, node: NodeId): Promise<{ readonly wall: number; readonly monotonic: number }> {
  let best = { wall: 0, monotonic: 0, took: Number.POSITIVE_INFINITY };
  // The quickest of some answers knows best when the clocks were read.
  for (let look = 0; look < 4; look++) {
    const asked = stage.cluster.world.now();
    const { wall, monotonic } = (await stage.ask(node, { type: 'clock' })) as { wall: number; monotonic: number };
    const took = stage.cluster.world.now() - asked;
    const at = asked + took / 2;
    if (took < best.took) best = { wall: (wall - at) / 1e6, monotonic: (monotonic - at) / 1e6, took };
  }
  return best;
}

const skew = (how: ClockSkew): Fault => ({ kind: 'clock', nodes: [n2], skew: how });

export function clockContract(name: string, environment: () => Environment, driftOf: DriftOf): void {
  // As `toBeCloseTo` wants it: 5 ms in virtual time, 16 ms where a busy machine may be late.
  const blur = environment().name === 'sim' ? -1 : -1.5;
  const stageOf = theatre(environment);
  const { deploy, play } = stageOf;

  describe(`the clocks of the ${name} environment`, () => {
    test('a bump steps the wall clock of its node alone, whatever its size and sign, and its end steps it back', async () => {
      await play(await deploy(), async (stage) => {
        for (const by of [100, -250, 5_000, -3_600_000]) {
          const [before, other] = [await clockOf(stage, n2), await clockOf(stage, n1)];
          const { id, answer } = await stage.begin(skew({ type: 'bump', by: milliseconds(by) }));
          expect(answer).toEqual(ok(/^n2's wall clock is .* (ahead|behind) \(before: .*\)$/));
          const during = await clockOf(stage, n2);
          expect(during.wall - before.wall).toBeCloseTo(by, blur);
          expect(during.monotonic - before.monotonic).toBeCloseTo(0, blur);
          expect((await clockOf(stage, n1)).wall - other.wall).toBeCloseTo(0, blur);
          expect(await stage.end(id)).toEqual(ok(/^n2's wall clock is /));
          expect((await clockOf(stage, n2)).wall - before.wall).toBeCloseTo(0, blur);
        }
      });
    });

    test('a strobe steps the wall clock to and fro, and leaves it where it was', async () => {
      await play(await deploy(), async (stage) => {
        const before = await clockOf(stage, n2);
        const strobe = skew({ type: 'strobe', by: milliseconds(500), period: milliseconds(50) });
        const { id, answer } = await stage.begin(strobe);
        expect(answer).toEqual(ok(/^n2's wall clock steps to and fro between .* and .*$/));
        const seen: number[] = [];
        for (let look = 0; look < 20; look++) {
          seen.push(Math.round(((await clockOf(stage, n2)).wall - before.wall) / 100));
          await stage.sleep(23);
        }
        expect(new Set(seen)).toEqual(new Set([0, 5]));
        expect(seen.filter((at, index) => at !== seen[index - 1]).length).toBeGreaterThan(5);
        expect(await stage.end(id)).toEqual(ok(/^n2's wall clock keeps still again/));
        // Its proof comes while the clock is away: what ends then has to step it back.
        const second = await stage.begin(strobe);
        expect(await stage.end(second.id)).toEqual(ok(/^n2's wall clock keeps still again/));
        for (let look = 0; look < 5; look++) {
          expect((await clockOf(stage, n2)).wall - before.wall).toBeCloseTo(0, blur);
          await stage.sleep(37);
        }
      });
    });

    test('a rewind sets the wall clock back again and again, and its end sets it right', async () => {
      await play(await deploy(), async (stage) => {
        const before = await clockOf(stage, n2);
        const rewind = skew({ type: 'rewind', by: milliseconds(500), period: milliseconds(100) });
        const { id, answer } = await stage.begin(rewind);
        expect(answer).toEqual(ok(/^n2's wall clock (steps back again and again as from .* to|lost \d+ ms in) .*$/));
        const asked = stage.cluster.world.now();
        const first = await clockOf(stage, n2);
        await stage.sleep(1_000);
        const passed = (stage.cluster.world.now() - asked) / 1e6;
        const second = await clockOf(stage, n2);
        expect(first.wall).toBeLessThan(before.wall);
        // A busy machine sleeps longer.
        expect(Math.abs(second.wall - first.wall + 5 * passed)).toBeLessThan(1_200);
        expect(second.monotonic - before.monotonic).toBeCloseTo(0, blur);
        expect(await stage.end(id)).toEqual(ok(/^n2's wall clock keeps still again/));
        expect((await clockOf(stage, n2)).wall - before.wall).toBeCloseTo(0, blur);
      });
    });

    if (driftOf === 'both clocks') bothClocksDrift(stageOf);
    else wallClockDrifts(stageOf);

    test.each<ClockSkew>([
      { type: 'drift', rate: -1 },
      { type: 'bump', by: milliseconds(0) },
      { type: 'strobe', by: milliseconds(10), period: milliseconds(0) },
    ])('%j is refused, and changes nothing', async (how) => {
      await play(await deploy(), async (stage) => {
        const { id, answer } = await stage.begin(skew(how));
        expect(answer.ok).toBe(false);
        expect(await stage.end(id)).toMatchObject({ ok: true });
      });
    });
  });
}

function bothClocksDrift({ deploy, play }: Theatre): void {
  test('drift changes the rate of both clocks without a jump, and its end leaves what was gained', async () => {
    await play(await deploy(), async (stage) => {
      const before = await clockOf(stage, n2);
      const { id, answer } = await stage.begin(skew({ type: 'drift', rate: 0.5 }));
      expect(answer).toEqual(ok(/^n2's clocks gained 125 ms in 250 ms$/));
      const begun = await clockOf(stage, n2);
      expect(begun.wall - before.wall).toBeCloseTo(125, -1);
      await stage.sleep(100);
      const during = await clockOf(stage, n2);
      expect(during.wall - begun.wall).toBeCloseTo(50, -1);
      expect(during.monotonic - begun.monotonic).toBeCloseTo(50, -1);
      expect(await stage.end(id)).toEqual(ok(/^n2's clocks neither gained nor lost in 250 ms$/));
      const after = await clockOf(stage, n2);
      expect(after.monotonic - during.monotonic).toBeCloseTo(0, -1);
    });
  });

  test('timers set before a drift and during it follow the drifting clock', async () => {
    await play(await deploy(), async (stage) => {
      const asked = stage.cluster.world.now();
      const alarm = (after: number): Promise<number> =>
        stage.ask(n2, { type: 'alarm', after }, 10_000).then(() => (stage.cluster.world.now() - asked) / 1e6);
      const first = alarm(1_000);
      const { id } = await stage.begin(skew({ type: 'drift', rate: -0.5 }));
      expect(await first).toBeCloseTo(2_000, -2);
      const second = alarm(100);
      expect((await second) - (await first)).toBeCloseTo(200, -1);
      await stage.end(id);
    });
  });

  test('skews overlap, outlive the process, and each is undone by its own end', async () => {
    await play(await deploy(), async (stage) => {
      const before = await clockOf(stage, n2);
      const bump = await stage.begin(skew({ type: 'bump', by: milliseconds(1_000) }));
      const drift = await stage.begin(skew({ type: 'drift', rate: -0.25 }));
      const second = await stage.begin(skew({ type: 'drift', rate: 1 }));
      expect(second.answer).toEqual(ok(/gained 125 ms in 250 ms/));
      const { id: kill } = await stage.begin({ kind: 'kill', nodes: [n2] });
      await stage.end(kill);
      expect((await clockOf(stage, n2)).wall - before.wall).toBeGreaterThan(900);
      expect(await stage.end(drift.id)).toEqual(ok(/gained 250 ms in 250 ms/));
      expect(await stage.end(second.id)).toEqual(ok(/neither gained nor lost/));
      const ahead = await clockOf(stage, n2);
      expect(await stage.end(bump.id)).toMatchObject({ ok: true });
      expect((await clockOf(stage, n2)).wall - ahead.wall).toBeCloseTo(-1_000, -1);
    });
  });
}

function wallClockDrifts({ deploy, play }: Theatre): void {
  test('drift changes the rate of the wall clock alone, without a jump, and its end leaves what was gained', async () => {
    await play(await deploy(), async (stage) => {
      const before = await clockOf(stage, n2);
      const { id, answer } = await stage.begin(skew({ type: 'drift', rate: 0.1 }));
      expect(answer).toEqual(ok(/^n2's wall clock gained \d+ ms in \d+ ms$/));
      await stage.sleep(500);
      const during = await clockOf(stage, n2);
      expect(during.wall - before.wall).toBeGreaterThan(50);
      expect(during.monotonic - before.monotonic).toBeCloseTo(0, -1.5);
      expect(await stage.end(id)).toEqual(ok(/^n2's wall clock neither gained nor lost in \d+ ms$/));
      const after = await clockOf(stage, n2);
      expect(after.wall).toBeGreaterThanOrEqual(during.wall - 2);
      await stage.sleep(300);
      expect((await clockOf(stage, n2)).wall - after.wall).toBeCloseTo(0, -1.5);
    });
  });

  test('skews overlap, outlive the process, and each is undone by its own end', async () => {
    await play(await deploy(), async (stage) => {
      const before = await clockOf(stage, n2);
      const bump = await stage.begin(skew({ type: 'bump', by: milliseconds(5_000) }));
      const drift = await stage.begin(skew({ type: 'drift', rate: -0.25 }));
      expect(drift.answer).toEqual(ok(/lost \d+ ms in \d+ ms/));
      const second = await stage.begin(skew({ type: 'drift', rate: 0.75 }));
      expect(second.answer).toEqual(ok(/gained \d+ ms in \d+ ms/));
      const { id: kill } = await stage.begin({ kind: 'kill', nodes: [n2] });
      await stage.end(kill);
      expect((await clockOf(stage, n2)).wall - before.wall).toBeGreaterThan(4_900);
      expect(await stage.end(drift.id)).toEqual(ok(/gained \d+ ms/));
      expect(await stage.end(second.id)).toEqual(ok(/neither gained nor lost/));
      const ahead = await clockOf(stage, n2);
      expect(await stage.end(bump.id)).toMatchObject({ ok: true });
      expect((await clockOf(stage, n2)).wall - ahead.wall).toBeCloseTo(-5_000, -1.5);
    });
  });

  test('a skew of a node that is down or paused shows in its next life, or when it resumes', async () => {
    await play(await deploy(), async (stage) => {
      const before = await clockOf(stage, n2);
      for (const kind of ['kill', 'pause'] as const) {
        const { id } = await stage.begin({ kind, nodes: [n2] });
        const bump = await stage.begin(skew({ type: 'bump', by: milliseconds(-60_000) }));
        expect(bump.answer).toEqual(ok(/^n2's wall clock is 60\.0 s behind/));
        await stage.end(id);
        expect((await clockOf(stage, n2)).wall - before.wall).toBeCloseTo(-60_000, -1.5);
        expect(await stage.end(bump.id)).toMatchObject({ ok: true });
      }
    });
  });
}
