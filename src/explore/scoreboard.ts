/**
 * The harness is judged by the planted bugs: each must be found, in fresh campaigns with seeds that no other campaign
 * has, and within a limit of real time; and its correct twin, which meets the same options, nemeses and seeds, must
 * never be accused. A search method is scored by the median of what it needed to find each bug (Klees et al.,
 * "Evaluating Fuzz Testing", CCS 2018, ask for several campaigns, since single ones differ by chance). What is done is
 * handed to `save` after each part, so that a scoreboard that was interrupted goes on where it was.
 */
import { type RunSeed, type SeedResult, isFailing, runSeeds } from '../harness/batch.ts';
import { exploration } from './exploration.ts';

/** A planted bug, with what to explore it with. */
export interface Contender {
  readonly system: string;
  readonly bug: string;
  /** Runs of the system with the bug. */
  readonly buggy: readonly RunSeed[];
  /** Runs of its correct twin: the same seed is the same run but for the bug. */
  readonly correct: readonly RunSeed[];
  /** The command that repeats one seed of either. */
  readonly repeat: Readonly<Record<'buggy' | 'correct', (seed: number) => string>>;
}

/**
 * How a bug came to light: the checker proved that a promise was broken, or the system went wrong by itself (mostly an
 * assertion of its own), or the healthy part made no progress.
 */
export const showings = ['violation', 'finding', 'liveness'] as const;
export type Showing = (typeof showings)[number];

export interface Campaign {
  readonly first: number;
  /** Simulated runs up to the first seed that failed, this one included; all that there was time for if none did. */
  readonly runs: number;
  /** Of the clock. */
  readonly seconds: number;
  /** The seed that found the bug, and how; null when none did. */
  readonly found: { readonly seed: number; readonly kind: Showing; readonly headline: string } | null;
}

export interface Twin {
  readonly first: number;
  readonly runs: number;
  /** The seeds under which the correct system was accused. */
  readonly accused: readonly number[];
  readonly conclusiveShare: number;
}

export interface Entry {
  readonly system: string;
  readonly bug: string;
  readonly campaigns: readonly Campaign[];
  /** One for each campaign. */
  readonly twins: readonly Twin[];
}

export interface ScoreboardPlan {
  readonly contenders: readonly Contender[];
  readonly campaigns: number;
  readonly seed: number;
  /** Real seconds that a campaign may take. */
  readonly campaignSeconds: number;
  /** How often the correct twin is run at least, over all campaigns, also where the bug is found at once. */
  readonly twinRuns: number;
  /** What was done before. */
  readonly entries: readonly Entry[];
  readonly save: (entries: readonly Entry[]) => void;
  readonly note: (text: string) => void;
  /** Seconds of a monotonic clock. */
  readonly clock: () => number;
  /** Aborts after so many seconds of real time. */
  readonly after: (seconds: number) => AbortSignal;
  readonly signal: AbortSignal;
}

/** Between the first seeds of two campaigns: more than any gets through. */
export const seedsApart = 1_000_000;

/** Resolves to all entries, those of the contenders brought to the end unless the signal aborted. */
export async function runScoreboard(plan: ScoreboardPlan): Promise<readonly Entry[]> {
  let entries = plan.entries;
  for (const contender of plan.contenders) {
    for (let number = 0; number < plan.campaigns && !plan.signal.aborted; number++) {
      const entry = entryOf(entries, contender);
      const next = await step(plan, contender, entry, number);
      if (next === entry) continue;
      entries = [...entries.filter((one) => one !== entry), next];
      plan.save(entries);
    }
  }
  return entries;
}

export const entryOf = (entries: readonly Entry[], { system, bug }: Pick<Contender, 'system' | 'bug'>): Entry =>
  entries.find((entry) => entry.system === system && entry.bug === bug) ?? { system, bug, campaigns: [], twins: [] };

/** One campaign and its twin, or what is missing of them. */
async function step(plan: ScoreboardPlan, contender: Contender, entry: Entry, number: number): Promise<Entry> {
  const first = plan.seed + number * seedsApart;
  const title = `${contender.system} ${contender.bug}, campaign ${number + 1} of ${plan.campaigns}`;
  const campaign = entry.campaigns[number] ?? (await explore(plan, contender.buggy, first));
  if (campaign === null) return entry;
  if (entry.campaigns[number] === undefined) plan.note(`${title}: ${campaignText(campaign, contender)}`);
  const campaigns = entry.campaigns[number] === undefined ? [...entry.campaigns, campaign] : entry.campaigns;
  if (entry.twins[number] !== undefined) return entry;
  const needed = campaign.found === null ? 0 : campaign.runs;
  const twin = await runTwin(
    plan,
    contender.correct,
    first,
    Math.max(needed, Math.ceil(plan.twinRuns / plan.campaigns)),
  );
  if (twin === null) return { ...entry, campaigns };
  plan.note(`${title}: ${twinText(twin, contender)}`);
  return { ...entry, campaigns, twins: [...entry.twins, twin] };
}

async function explore(plan: ScoreboardPlan, lanes: readonly RunSeed[], first: number): Promise<Campaign | null> {
  const begun = plan.clock();
  const cap = plan.after(plan.campaignSeconds);
  const signal = AbortSignal.any([plan.signal, cap]);
  const results = await runSeeds({ first, count: seedsApart }, lanes, () => {}, signal);
  const failing = results.find(isFailing);
  if (failing === undefined && plan.signal.aborted) return null;
  const seconds = Math.round((plan.clock() - begun) * 10) / 10;
  return { first, runs: results.length, seconds, found: failing === undefined ? null : foundBy(failing) };
}

function foundBy({ seed, kind, headline, findings }: SeedResult): Campaign['found'] {
  if (kind === 'violated') return { seed, kind: 'violation', headline };
  const isStuck = findings.length > 0 && findings.every((finding) => finding === 'liveness');
  return { seed, kind: isStuck ? 'liveness' : 'finding', headline };
}

async function runTwin(
  plan: ScoreboardPlan,
  lanes: readonly RunSeed[],
  first: number,
  count: number,
): Promise<Twin | null> {
  const results = await runSeeds({ first, count, keepGoing: true }, lanes, () => {}, plan.signal);
  if (results.length < count) return null;
  const { failures, conclusiveShare } = exploration(results, count);
  return { first, runs: count, accused: failures.map(({ seed }) => seed), conclusiveShare };
}

const mostCommands = 3;

/** The commands that repeat these seeds, each on a line of its own: a few of them, since each says all. */
export const commandLines = (seeds: readonly number[], repeat: (seed: number) => string): string =>
  seeds
    .slice(0, mostCommands)
    .map((seed) => `\n  ${repeat(seed)}`)
    .join('');

function campaignText({ runs, seconds, found }: Campaign, { repeat }: Contender): string {
  if (found === null) return `NOT FOUND in ${runs} runs, ${seconds} s`;
  const { seed, kind } = found;
  const effort = `${runs === 1 ? 'one run' : `${runs} runs`}, ${seconds} s`;
  return `found by seed ${seed} after ${effort} (${kind})${commandLines([seed], repeat.buggy)}`;
}

function twinText({ runs, accused }: Twin, { repeat }: Contender): string {
  if (accused.length === 0) return `the correct twin was not accused in ${runs} runs`;
  const seeds = `seeds ${accused.join(', ')}`;
  return `the correct twin was ACCUSED in ${accused.length} of ${runs} runs: ${seeds}${commandLines(accused, repeat.correct)}`;
}
