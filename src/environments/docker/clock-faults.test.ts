import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../core/ids.ts';
import { milliseconds } from '../../core/time.ts';
import type { ClockSkew, Fault, FaultId } from '../faults.ts';
import { ClockFaults } from './clock-faults.ts';
import { ClockFile } from './holder/clock-file.ts';

const n1 = 'n1' as NodeId;
const epoch = 1_000_000;
/** In milliseconds: the tests of what must not be proved wait so long. */
const patience = 1_200;

/** What becomes of a request on its way to the file; null: it is forgotten. */
type Mistake = (fault: FaultId, skew: ClockSkew | null) => readonly [FaultId, ClockSkew | null] | null;

/** A node whose clock is read from a real file, which is kept by a holder that may make a mistake. */
class Stage implements Disposable {
  readonly faults: ClockFaults;
  readonly file: ClockFile;
  readonly #folder = mkdtempSync(join(tmpdir(), 'clock-'));

  constructor(mistake: Mistake = (fault, skew) => [fault, skew]) {
    const path = join(this.#folder, 'clock');
    this.file = new ClockFile(path);
    const ahead = (): number => 1_000 * Number(/^(.*)s x1/.exec(readFileSync(path, 'utf8'))?.[1]);
    const holder = {
      skew: async (fault: FaultId, skew: ClockSkew | null): Promise<void> => {
        const done = mistake(fault, skew);
        if (done !== null) this.file.set(...done);
      },
      clock: async (): Promise<number> => epoch + performance.now(),
      ahead: async (): Promise<number> => ahead(),
    };
    this.faults = new ClockFaults({
      holders: new Map([[n1, holder]]),
      nodes: new Map([[n1, { well: true }]]),
      control: { wallClock: async () => milliseconds(performance.now() + ahead()) as never },
      epoch,
      patience,
    });
  }

  [Symbol.dispose](): void {
    this.file.close();
    rmSync(this.#folder, { recursive: true });
  }
}

const skewed = (skew: ClockSkew): Fault => ({ kind: 'clock', nodes: [n1], skew });
const bump = skewed({ type: 'bump', by: milliseconds(700) });
const strobe = skewed({ type: 'strobe', by: milliseconds(300), period: milliseconds(20) });
const rewind = skewed({ type: 'rewind', by: milliseconds(500), period: milliseconds(100) });
const drift = skewed({ type: 'drift', rate: -0.4 });
const all = [bump, strobe, rewind, drift].map(
  (fault) => [fault.kind === 'clock' ? fault.skew.type : '', fault] as const,
);

describe.concurrent('with a holder that does as it is told', () => {
  test.each(all)('a %s is proved, lasts, and is proved to be undone', async (_, fault) => {
    using stage = new Stage();
    const { faults } = stage;
    expect(await faults.begin(1, fault)).toMatchObject({ ok: true });
    await sleep(300);
    expect(await faults.lasted(1, fault)).toMatchObject({ ok: true });
    expect(await faults.end(1, fault)).toMatchObject({ ok: true });
  });

  test('faults on one node are told apart, and each is proved to be undone while others last', async () => {
    using stage = new Stage();
    const { faults } = stage;
    for (const [index, [, fault]] of all.entries())
      expect(await faults.begin(index, fault)).toMatchObject({ ok: true });
    for (const [index, [, fault]] of all.entries()) {
      expect(await faults.lasted(index, fault)).toMatchObject({ ok: true });
      expect(await faults.end(index, fault)).toMatchObject({ ok: true });
    }
  });

  test.each<ClockSkew>([
    { type: 'bump', by: milliseconds(-24) },
    { type: 'rewind', by: milliseconds(20), period: milliseconds(10) },
    { type: 'drift', rate: 0 },
  ])('%j is refused, because nobody would see it', async (skew) => {
    using stage = new Stage();
    expect(await stage.faults.begin(1, skewed(skew))).toMatchObject({ ok: false });
  });

  test('a drift too slow to be seen is not proved', async () => {
    using stage = new Stage();
    expect(await stage.faults.begin(1, skewed({ type: 'drift', rate: 0.002 }))).toMatchObject({
      ok: false,
      error: expect.stringMatching(/which it would be anyway$/) as string,
    });
  });
});

const forgetful: Mistake = (fault, skew) => (skew === null ? [fault, null] : null);
const stubborn: Mistake = (fault, skew) => (skew === null ? null : [fault, skew]);

function feeble(fault: FaultId, skew: ClockSkew | null): readonly [FaultId, ClockSkew | null] {
  if (skew === null) return [fault, skew];
  if (skew.type === 'drift') return [fault, { ...skew, rate: skew.rate / 100 }];
  return [fault, { ...skew, by: milliseconds(skew.by / 1e8) }];
}

describe.concurrent('a holder that makes a mistake is found out', () => {
  test.each(all)('when it sets no %s', async (_, fault) => {
    using stage = new Stage(forgetful);
    expect(await stage.faults.begin(1, fault)).toMatchObject({ ok: false });
  });

  test.each(all)('when it makes a hundredth of a %s', async (_, fault) => {
    using stage = new Stage(feeble);
    expect(await stage.faults.begin(1, fault)).toMatchObject({ ok: false });
  });

  test.each(all)('when it does not end a %s', async (_, fault) => {
    using stage = new Stage(stubborn);
    const { faults } = stage;
    expect(await faults.begin(1, fault)).toMatchObject({ ok: true });
    expect(await faults.end(1, fault)).toMatchObject({ ok: false });
  });

  test.each(all.filter(([type]) => type !== 'bump'))('when its %s stops half-way', async (_, fault) => {
    using stage = new Stage();
    const { faults } = stage;
    expect(await faults.begin(1, fault)).toMatchObject({ ok: true });
    stage.file.close();
    await sleep(300);
    expect(await faults.lasted(1, fault)).toMatchObject({ ok: false });
  });

  test('when a bump is lost half-way', async () => {
    using stage = new Stage();
    const { faults } = stage;
    expect(await faults.begin(1, bump)).toMatchObject({ ok: true });
    stage.file.set(1, null);
    expect(await faults.lasted(1, bump)).toEqual({
      ok: false,
      error: "n1's wall clock is right, and should be 700 ms ahead",
    });
  });
});
