/**
 * The same seed must take the same steps, or a failure that was found once can never be looked at again. So a seed is
 * run twice, the second time in another thread, whose memory has seen other runs; the hashes of the two traces must
 * be equal. Where they are not, both are run again with every step kept, and the first step that differs is named: it
 * lies where chance or a clock of the machine came in, or shortly behind.
 */
import { HarnessError } from '../core/errors.ts';
import { isFailing, type RunSeed, type SeedResult } from '../harness/batch.ts';

/** What the trace of a simulation is made of: who takes which input at which virtual time, in nanoseconds. */
export interface Step {
  readonly at: number;
  readonly who: string;
  readonly kind: string;
  readonly input: string;
}

export type RecordSeed = (seed: number) => Promise<readonly Step[]>;

export interface Twin {
  readonly run: RunSeed;
  readonly record: RecordSeed;
}

/** Runs each seed in both places. A seed that took other steps the second time is a finding. */
export const runTwice =
  (first: Twin, second: Twin): RunSeed =>
  async (seed) => {
    const one = await first.run(seed);
    const other = await second.run(seed);
    if (one.trace === null || other.trace === null) throw new HarnessError(`Seed ${seed} left no trace to compare.`);
    const compared = { ...one, compared: true };
    if (one.trace.hash === other.trace.hash) return compared;
    return differing(compared, other, await explain(seed, first, second));
  };

function differing(one: SeedResult, other: SeedResult, difference: string): SeedResult {
  const headline = `It took other steps when it was run again: trace ${one.trace?.hash}, then ${other.trace?.hash}.`;
  if (one.kind === 'violated') return { ...one, reasons: [headline, difference, ...one.reasons] };
  const before = isFailing(one) ? [one.headline, ...one.reasons] : [];
  return { ...one, kind: 'finding', headline, reasons: [difference, ...before] };
}

async function explain(seed: number, first: Twin, second: Twin): Promise<string> {
  const [one, other] = [await first.record(seed), await second.record(seed)];
  const place = firstDifference(one, other);
  if (place === null) return 'Two more runs took the same steps, so what differed comes from outside, and not always.';
  return [
    `The first step that differs is number ${place + 1}:`,
    `  first run:  ${describe(one[place])}`,
    `  second run: ${describe(other[place])}`,
    ...(place === 0 ? [] : [`  both before: ${describe(one[place - 1])}`]),
  ].join('\n');
}

/** The index of the first step that is not the same in both; null when there is none. */
export function firstDifference(one: readonly Step[], other: readonly Step[]): number | null {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const [left, right] = [one[index], other[index]];
    if (
      left?.at !== right?.at ||
      left?.who !== right?.who ||
      left?.kind !== right?.kind ||
      left?.input !== right?.input
    )
      return index;
  }
  return null;
}

const longestInput = 300;

function describe(step: Step | undefined): string {
  if (step === undefined) return 'nothing more';
  const { at, who, kind, input } = step;
  const shown = input.length > longestInput ? `${input.slice(0, longestInput)}...` : input;
  return `${(at / 1e6).toFixed(6)} ms, ${who}, ${kind}${shown === '' ? '' : `: ${shown}`}`;
}
