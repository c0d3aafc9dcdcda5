import { expect, test } from 'vitest';
import { milliseconds, seconds } from '../core/time.ts';
import { recoversWithin, recoveryOf } from './recovery.ts';
import { fakeTest } from './testing/fake-test.ts';

const simulated = { trace: () => ({ events: 0, hash: '' }) };
const real = { trace: () => null };

test('a system is held to what it says of its recovery on virtual time, in weather that is to be borne, and nowhere else', () => {
  const silent = fakeTest({});
  const claims = (): ReturnType<typeof silent.system.claims> =>
    silent.system.claims({ bug: null, values: {} }, []).map((claim) => ({ ...claim, recoversWithin: seconds(9) }));
  const promising = { ...silent, system: { ...silent.system, claims } };
  const stormy = { ...promising, plan: { ...promising.plan, weather: { loss: 0.5 } } };
  const breezy = { ...promising, plan: { ...promising.plan, weather: { loss: 0.05, slowest: milliseconds(300) } } };

  expect(recoversWithin(promising, simulated)).toBe(seconds(9));
  expect(recoversWithin(breezy, simulated)).toBe(seconds(9));
  expect(recoversWithin(promising, real)).toBeNull();
  expect(recoversWithin(stormy, simulated)).toBeNull();
  expect(recoversWithin(silent, simulated)).toBeNull();
  expect(recoveryOf(promising)).toEqual({ kind: 'promised', within: seconds(9) });
  expect([stormy, silent].map(recoveryOf)).toEqual([
    { kind: 'unpromised', why: 'in weather as bad as was chosen nobody promises how soon it serves' },
    { kind: 'unpromised', why: 'under these options ledger does not say how soon it serves' },
  ]);
});
