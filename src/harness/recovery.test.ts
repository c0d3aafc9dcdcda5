import { expect, test } from 'vitest';
import { seconds } from '../core/time.ts';
import { recoveryOf } from './recovery.ts';
import { fakeTest } from './testing/fake-test.ts';

const simulated = { trace: () => ({ events: 0, hash: '' }) };
const real = { trace: () => null };

test('a system is held to what it says of its recovery on virtual time, in ordinary weather, and nowhere else', () => {
  const silent = fakeTest({});
  const claims = (): ReturnType<typeof silent.system.claims> =>
    silent.system.claims({ bug: null, values: {} }, []).map((claim) => ({ ...claim, recoversWithin: seconds(9) }));
  const promising = { ...silent, system: { ...silent.system, claims } };
  const stormy = { ...promising, plan: { ...promising.plan, weather: { loss: 0.5 } } };

  expect(recoveryOf(promising, simulated)).toBe(seconds(9));
  expect(recoveryOf(promising, real)).toBeNull();
  expect(recoveryOf(stormy, simulated)).toBeNull();
  expect(recoveryOf(silent, simulated)).toBeNull();
});
