import { describe, expect, it } from 'vitest';
import { type Keeping, keepRuns } from './keep-runs.ts';

const trace = (hash: string) => ({ events: 9, hash });
const folder = { path: 'store/x', name: 'x', write: () => {} };

async function kept(runAgain: Keeping['runAgain']) {
  const [notes, printed]: [string[], string[]] = [[], []];
  await keepRuns({
    failures: [
      { seed: 4, trace: trace('a') },
      { seed: 7, trace: trace('a') },
    ],
    runAgain,
    note: (text) => void notes.push(text),
    print: (text) => void printed.push(text),
  });
  return { notes, printed };
}

describe('keeping what failed', () => {
  it('names the folder of each', async () => {
    expect(await kept(async () => ({ folder, report: { trace: trace('a') } }))).toEqual({
      notes: [],
      printed: ['  kept        seed 4: store/x', '  kept        seed 7: store/x'],
    });
  });

  it('says so when the run that is kept is not the one that failed', async () => {
    const { notes } = await kept(async (seed) => ({ folder, report: { trace: trace(seed === 7 ? 'b' : 'a') } }));
    expect(notes).toEqual(['Seed 7 took other steps when it was run again: try --check-determinism.']);
  });

  it('goes on with the next, and says why, when one cannot be kept', async () => {
    const { notes, printed } = await kept(async (seed) => {
      if (seed === 4) throw new Error('the disk is full');
      return { folder, report: { trace: trace('a') } };
    });
    expect(notes).toEqual(['The run of seed 4 could not be kept: the disk is full']);
    expect(printed).toEqual(['  kept        seed 7: store/x']);
  });
});
