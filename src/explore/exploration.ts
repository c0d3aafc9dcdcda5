/** What many seeds have shown together: the verdict of the batch, every failure, and what was covered. */
import { type BatchReport, type SeedResult, batchReport, isConclusive, isFailing } from '../harness/batch.ts';

export interface Exploration extends BatchReport {
  /** By seed. Without --keep-going there is one at most. */
  readonly failures: readonly SeedResult[];
  /** Faults that were proven, by variant: `partition:ring`. Zero: the seeds asked for the nemesis, and none was proven. */
  readonly provenVariants: { readonly [variant: string]: number };
  /** How often which kind of input reached a node in which role. */
  readonly inputs: { readonly [pair: string]: number };
  /**
   * Pairs that no seed met, of the inputs and the roles that some seed did meet. Some can never be; an input that came
   * to no node at all is in neither list.
   */
  readonly neverMet: readonly string[];
  /** How many seeds were run twice, and their traces compared. */
  readonly compared: number;
  /** Why seeds were inconclusive by themselves, the most frequent reason first. */
  readonly doubts: readonly { readonly reason: string; readonly seeds: number; readonly first: number }[];
}

/**
 * The coverage gate asks for each nemesis that some seed was given: a small batch may have drawn but a few. `wanted` is
 * how many seeds were asked for.
 */
export function exploration(results: readonly SeedResult[], wanted: number): Exploration {
  const nemeses = [...new Set(results.flatMap((result) => result.nemeses))].toSorted();
  const inputs = sums(results.map((result) => result.inputs));
  return {
    ...batchReport(results, wanted, nemeses),
    failures: results.filter(isFailing),
    provenVariants: sums(results.map((result) => result.provenVariants)),
    inputs,
    neverMet: neverMet(Object.keys(inputs)),
    compared: results.filter(({ compared }) => compared).length,
    doubts: doubtsOf(results),
  };
}

/** What stands between an input and a role, as in `append > follower`. */
const arrow = ' > ';

function neverMet(pairs: readonly string[]): readonly string[] {
  const split = pairs.map((pair) => ({ pair, at: pair.lastIndexOf(arrow) }));
  const inputs = new Set(split.map(({ pair, at }) => pair.slice(0, at)));
  const roles = [...new Set(split.map(({ pair, at }) => pair.slice(at + arrow.length)))].toSorted();
  const met = new Set(pairs);
  return [...inputs]
    .toSorted()
    .flatMap((input) => roles.map((role) => input + arrow + role).filter((pair) => !met.has(pair)));
}

/** Reasons that differ in their numbers are one; it is told as the first seed has it. */
function doubtsOf(results: readonly SeedResult[]): Exploration['doubts'] {
  const doubts = new Map<string, { reason: string; seeds: number; first: number }>();
  for (const result of results) {
    const { seed, reasons } = result;
    const [reason] = reasons;
    if (isConclusive(result) || reason === undefined) continue;
    const shape = reason.replaceAll(/\d+/g, '#');
    const known = doubts.get(shape);
    if (known === undefined) doubts.set(shape, { reason, seeds: 1, first: seed });
    else known.seeds++;
  }
  return [...doubts.values()].toSorted((one, other) => other.seeds - one.seeds);
}

type Counts = { readonly [name: string]: number };

/** By name, so that the same seeds give the same text. */
function sums(all: readonly Counts[]): Counts {
  const total = new Map<string, number>();
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) total.set(name, (total.get(name) ?? 0) + count);
  return Object.fromEntries([...total].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
