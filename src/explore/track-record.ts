/** What the scoreboard of planted bugs says: the verdict, and the table that shows it. */
import { percent } from '../harness/batch.ts';
import { type Entry, type Showing, showings } from './scoreboard.ts';
import { table } from './table.ts';

export interface Standing {
  readonly system: string;
  readonly bug: string;
  readonly found: number;
  readonly campaigns: number;
  /** In how many campaigns it came to light so. */
  readonly kinds: { readonly [kind in Showing]: number };
  /** Over all campaigns; one that did not find it counts as endless. Null when the median is. */
  readonly medianRuns: number | null;
  readonly medianSeconds: number | null;
  /** How many campaigns of the correct twin were brought to their end. */
  readonly twins: number;
  readonly twinRuns: number;
  /** The seeds under which the correct twin was accused. */
  readonly accused: readonly number[];
  readonly conclusiveShare: number;
}

/** How much of it there is to be. */
export interface Strength {
  readonly campaigns: number;
  /** Of the twin, over all campaigns. */
  readonly twinRuns: number;
  /** Real seconds that a campaign may take. */
  readonly campaignSeconds: number;
}

export const ordinaryStrength: Strength = { campaigns: 5, twinRuns: 300, campaignSeconds: 120 };

/** Below this share of conclusive seeds, that a twin was not accused says too little. */
const leastConclusive = 0.8;

export function standingOf({ system, bug, campaigns, twins }: Entry): Standing {
  const found = campaigns.flatMap((campaign) => campaign.found ?? []);
  const twinRuns = twins.reduce((sum, { runs }) => sum + runs, 0);
  const conclusive = twins.reduce((sum, { runs, conclusiveShare }) => sum + runs * conclusiveShare, 0);
  const median = (what: 'runs' | 'seconds'): number | null =>
    medianOf(campaigns.map((campaign) => (campaign.found === null ? Infinity : campaign[what])));
  return {
    system,
    bug,
    found: found.length,
    campaigns: campaigns.length,
    kinds: {
      violation: found.filter(({ kind }) => kind === 'violation').length,
      finding: found.filter(({ kind }) => kind === 'finding').length,
      liveness: found.filter(({ kind }) => kind === 'liveness').length,
    },
    medianRuns: median('runs'),
    medianSeconds: median('seconds'),
    twins: twins.length,
    twinRuns,
    accused: twins.flatMap(({ accused }) => accused),
    conclusiveShare: twinRuns === 0 ? 0 : conclusive / twinRuns,
  };
}

/** What is wrong with a standing, in words for people; null when the bug was always found and its twin never accused. */
export function complaintOf(standing: Standing, wanted: Pick<Strength, 'campaigns' | 'twinRuns'>): string | null {
  const { system, bug, found, campaigns, twins, twinRuns, accused, conclusiveShare } = standing;
  const name = `${system} ${bug}`;
  if (accused.length > 0)
    return `${name}: its correct twin was accused ${times(accused.length)} in ${twinRuns} runs: seeds ${accused.join(', ')}.`;
  if (found < campaigns) return `${name}: not found in ${campaigns - found} of ${campaigns} campaigns.`;
  if (campaigns < wanted.campaigns) return `${name}: only ${campaigns} of ${wanted.campaigns} campaigns were run.`;
  if (twins < wanted.campaigns)
    return `${name}: its correct twin was run in only ${twins} of ${wanted.campaigns} campaigns.`;
  if (twinRuns < wanted.twinRuns)
    return `${name}: its correct twin was run only ${times(twinRuns)} of ${wanted.twinRuns}.`;
  if (conclusiveShare < leastConclusive)
    return `${name}: only ${percent(conclusiveShare)} of the runs of its twin were conclusive.`;
  return null;
}

/** 0: every bug found in every campaign, and no twin accused. 2: something was not run, or proved too little. */
export function exitCodeOf(
  standings: readonly Standing[],
  wanted: Pick<Strength, 'campaigns' | 'twinRuns'>,
): 0 | 1 | 2 {
  if (standings.some(({ found, campaigns, accused }) => found < campaigns || accused.length > 0)) return 1;
  return standings.some((standing) => complaintOf(standing, wanted) !== null) ? 2 : 0;
}

/**
 * Whether these may stand for a system: they are of all its planted bugs, by the faults that they name, and were tried no
 * less than is ordinary.
 */
export const isRepresentative = (
  standings: readonly Standing[],
  planted: number,
  { campaignSeconds, nemesis }: { readonly campaignSeconds: number; readonly nemesis: string | null },
): boolean =>
  nemesis === null &&
  campaignSeconds >= ordinaryStrength.campaignSeconds &&
  standings.length === planted &&
  standings.every(
    ({ campaigns, twins, twinRuns }) =>
      campaigns >= ordinaryStrength.campaigns && twins >= campaigns && twinRuns >= ordinaryStrength.twinRuns,
  );

/** Enough of the hash to tell two builds apart. */
export const shortCode = (code: string): string => code.slice(0, 12);

export function standingTable(
  standings: readonly Standing[],
  nameOf: (bug: string) => string = (bug) => bug,
): readonly string[] {
  const header = ['system', 'bug', 'found', 'as', 'median runs', 'median seconds', 'twin accused', 'twin conclusive'];
  const rows = standings.map((one) => [
    one.system,
    nameOf(one.bug),
    `${one.found} of ${one.campaigns}`,
    kindsText(one),
    one.medianRuns === null ? '-' : String(one.medianRuns),
    one.medianSeconds === null ? '-' : one.medianSeconds.toFixed(1),
    `${one.accused.length} in ${one.twinRuns} runs`,
    percent(one.conclusiveShare),
  ]);
  return table([header, ...rows]);
}

/** `violation`, or `4 violation, 1 finding`. */
function kindsText({ kinds, found }: Standing): string {
  const shown = showings.filter((kind) => kinds[kind] > 0);
  if (shown.length === 0) return '-';
  return shown.map((kind) => (kinds[kind] === found ? kind : `${kinds[kind]} ${kind}`)).join(', ');
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** Null when there is none, or it is endless. */
function medianOf(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined || high === Infinity) return null;
  return (low + high) / 2;
}
