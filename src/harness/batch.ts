/**
 * Many seeds of one plan. The coverage gate is judged over the batch: every nemesis proven, everything else met by some
 * seed, and at least 80% of the seeds conclusive by themselves. A proven violation wins over an unknown.
 */
import type { RunOutcome, RunReport } from '../report/run-report.ts';
import type { FinishedRun } from './run.ts';

/** What a batch keeps of a run. Plain data: it crosses threads. */
export interface SeedResult {
  readonly seed: number;
  readonly kind: RunOutcome['kind'];
  readonly headline: string;
  readonly reasons: readonly string[];
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  readonly leaderChanges: number;
  /** Those that were asked to break something. */
  readonly nemeses: readonly string[];
  /** Faults that were proven, by nemesis. */
  readonly proven: { readonly [nemesis: string]: number };
  /** The same by variant: `partition:ring`. */
  readonly provenVariants: { readonly [variant: string]: number };
  readonly coverage: readonly { readonly name: string; readonly met: boolean }[];
  /** The claimed models that no checker can decide: such a seed was judged by everything but them. */
  readonly undecidable: readonly string[];
  /** How often which kind of input reached a node in which role. */
  readonly inputs: { readonly [pair: string]: number };
  /** Of what kinds its findings are: `crash`, `liveness`. */
  readonly findings: readonly string[];
  readonly trace: RunReport['trace'];
  /** Whether it was run a second time, elsewhere, and the hashes of the two traces were compared. */
  readonly compared: boolean;
}

export interface BatchReport {
  readonly schema: 1;
  readonly first: number;
  readonly last: number;
  /** How many seeds ended so. */
  readonly kinds: { readonly [kind in RunOutcome['kind']]: number };
  readonly conclusiveShare: number;
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  readonly leaderChanges: number;
  readonly proven: { readonly [nemesis: string]: number };
  /** Steps of machines, in simulation. */
  readonly events: number;
  readonly outcome: RunOutcome;
  /** The seed that broke a promise or went wrong by itself; the batch stops there. */
  readonly failing: SeedResult | null;
}

const leastConclusive = 0.8;

export const isFailing = ({ kind }: Pick<SeedResult, 'kind'>): boolean => kind === 'violated' || kind === 'finding';

/** `nemeses`: those that break something. */
export function seedResult(
  { report, inputs }: Pick<FinishedRun, 'report' | 'inputs'>,
  nemeses: readonly string[],
): SeedResult {
  const { plan, outcome, counts, leaderChanges, faults, models, coverage, findings, trace } = report;
  const proven: Record<string, number> = {};
  const provenVariants: Record<string, number> = {};
  for (const { nemesis, variant, proof } of faults) {
    if (!proof.held) continue;
    const name = `${nemesis}:${variant}`;
    proven[nemesis] = (proven[nemesis] ?? 0) + 1;
    provenVariants[name] = (provenVariants[name] ?? 0) + 1;
  }
  const { ok, fail, info } = counts;
  const open =
    outcome.kind === 'inconclusive' ? models.filter(({ judged, valid }) => judged && valid === 'unknown') : [];
  return {
    seed: plan.seed,
    kind: outcome.kind,
    headline: outcome.headline,
    reasons: outcome.reasons,
    counts: { ok, fail, info },
    leaderChanges: leaderChanges ?? 0,
    nemeses,
    proven,
    provenVariants,
    coverage: coverage.map(({ name, met }) => ({ name, met })),
    undecidable: open.map(({ model }) => model),
    inputs: inputs ?? {},
    findings: findings.map(({ kind }) => kind),
    trace,
    compared: false,
  };
}

export type RunSeed = (seed: number) => Promise<SeedResult>;

export interface Seeds {
  readonly first: number;
  readonly count: number;
  /** Goes on after a seed has failed. */
  readonly keepGoing?: boolean;
}

/**
 * Runs the seeds in order on so many lanes at once, until one fails or the signal aborts. The results are by seed, and
 * end with the lowest seed that failed, so they do not depend on which lane was faster.
 */
export async function runSeeds(
  seeds: Seeds,
  lanes: readonly RunSeed[],
  onResult: (result: SeedResult) => void,
  signal: AbortSignal,
): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = [];
  let next = seeds.first;
  let end = seeds.first + seeds.count;
  const work = async (run: RunSeed): Promise<void> => {
    while (next < end && !signal.aborted) {
      const result = await run(next++).catch((error: unknown) => {
        // An abort may end a run before there is anything to judge; the batch then says that it is not whole.
        if (signal.aborted) return null;
        throw error;
      });
      if (result === null) return;
      results.push(result);
      if (isFailing(result) && seeds.keepGoing !== true) end = Math.min(end, result.seed + 1);
      onResult(result);
    }
  };
  await Promise.all(lanes.map(work));
  return results.filter(({ seed }) => seed < end).toSorted((one, other) => one.seed - other.seed);
}

/** `wanted` is how many seeds were asked for; an interrupted batch has fewer. `nemeses`: those that break something. */
export function batchReport(results: readonly SeedResult[], wanted: number, nemeses: readonly string[]): BatchReport {
  const kinds = { valid: 0, violated: 0, unknown: 0, inconclusive: 0, finding: 0 };
  const counts = { ok: 0, fail: 0, info: 0 };
  const proven: Record<string, number> = Object.fromEntries(nemeses.map((nemesis) => [nemesis, 0]));
  let leaderChanges = 0;
  let events = 0;
  for (const result of results) {
    kinds[result.kind]++;
    for (const type of ['ok', 'fail', 'info'] as const) counts[type] += result.counts[type];
    for (const [nemesis, count] of Object.entries(result.proven)) proven[nemesis] = (proven[nemesis] ?? 0) + count;
    leaderChanges += result.leaderChanges;
    events += result.trace?.events ?? 0;
  }
  const conclusiveShare = results.length === 0 ? 0 : results.filter(isConclusive).length / results.length;
  const failing = results.find(isFailing) ?? null;
  return {
    schema: 1,
    first: results[0]?.seed ?? 0,
    last: results.at(-1)?.seed ?? 0,
    kinds,
    conclusiveShare,
    counts,
    leaderChanges,
    proven,
    events,
    outcome: outcomeOf(results, { failing, wanted, proven, conclusiveShare }),
    failing,
  };
}

interface Sums {
  readonly failing: SeedResult | null;
  readonly wanted: number;
  readonly proven: BatchReport['proven'];
  readonly conclusiveShare: number;
}

function outcomeOf(results: readonly SeedResult[], { failing, wanted, proven, conclusiveShare }: Sums): RunOutcome {
  if (failing !== null) {
    const { kind, headline, reasons, seed } = failing;
    return { kind, exitCode: 1, headline: `Seed ${seed}: ${headline}`, reasons };
  }
  const unknown = results.filter(({ kind }) => kind === 'unknown');
  if (unknown.length > 0) {
    const headline = `${unknown.length} of ${results.length} seeds could not be decided.`;
    return {
      kind: 'unknown',
      exitCode: 2,
      headline,
      reasons: unknown.slice(0, 3).map(({ seed, reasons }) => `Seed ${seed}: ${reasons[0]}`),
    };
  }
  const gaps = gapsOf(results, { wanted, proven, conclusiveShare });
  const undecidable = [...new Set(results.flatMap((result) => result.undecidable))];
  if (undecidable.length > 0) {
    const models = undecidable.join(', ');
    const text = `No checker can decide ${models} on this workload: only crashes, liveness and determinism were judged.`;
    const headline = `Nothing went wrong in ${results.length} seeds, but whether ${models} holds was not decided.`;
    return { kind: 'inconclusive', exitCode: 2, headline, reasons: [text, ...gaps] };
  }
  if (gaps.length > 0)
    return { kind: 'inconclusive', exitCode: 2, headline: 'The batch proved too little.', reasons: gaps };
  return { kind: 'valid', exitCode: 0, headline: `All ${results.length} seeds kept the promise.`, reasons: [] };
}

/** Whether the seed has said all that it could: where a model cannot be decided, that is everything else. */
export const isConclusive = ({ kind, undecidable, coverage }: SeedResult): boolean =>
  kind === 'inconclusive' ? undecidable.length > 0 && coverage.every(({ met }) => met) : kind !== 'unknown';

function gapsOf(results: readonly SeedResult[], { wanted, proven, conclusiveShare }: Omit<Sums, 'failing'>): string[] {
  const gaps: string[] = [];
  if (results.length < wanted) gaps.push(`Only ${results.length} of ${wanted} seeds were run.`);
  for (const [nemesis, count] of Object.entries(proven))
    if (count === 0) gaps.push(`No fault of ${nemesis} was proven in any seed.`);
  const names = new Set(results.flatMap(({ coverage }) => coverage.map(({ name }) => name)));
  for (const name of names) {
    const met = results.some(({ coverage }) => coverage.some((item) => item.name === name && item.met));
    if (!met && !name.startsWith('faults ')) gaps.push(`In no seed: ${name}.`);
  }
  if (conclusiveShare < leastConclusive) {
    gaps.push(
      `Only ${percent(conclusiveShare)} of the seeds were conclusive by themselves; ${percent(leastConclusive)} are needed.`,
    );
    const first = results.find((result) => !isConclusive(result));
    if (first !== undefined) gaps.push(`Seed ${first.seed}: ${first.reasons[0]}`);
  }
  return gaps;
}

/** A seed that was run again must take the same steps: anything else is a finding, of the system or of the harness. */
export function checkedAgain(report: BatchReport, one: SeedResult, again: SeedResult): BatchReport {
  if (one.trace?.hash === again.trace?.hash || report.outcome.kind === 'violated') return report;
  const headline = `Seed ${one.seed} gave two different runs: trace ${one.trace?.hash}, then ${again.trace?.hash}.`;
  const reasons = ['Something in the system, or in the harness, does not come from the seed.', report.outcome.headline];
  return { ...report, outcome: { kind: 'finding', exitCode: 1, headline, reasons } };
}

export const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
