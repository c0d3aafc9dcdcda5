import type { Exploration } from '../explore/exploration.ts';
import { type SeedResult, percent } from '../harness/batch.ts';

export interface ExplorationText {
  readonly exploration: Exploration;
  /** Seconds of the clock. */
  readonly elapsed: number;
  /** Whether seeds were to be run twice. */
  readonly checksDeterminism: boolean;
  readonly commandOf: (seed: number) => string;
}

const mostFailures = 20;
const rarest = 5;
const mostNeverMet = 12;
const mostDoubts = 3;

/** The sums of an exploration, for people. */
export function explorationText({ exploration, elapsed, checksDeterminism, commandOf }: ExplorationText): string {
  const { kinds, counts, outcome, failures, provenVariants, inputs, conclusiveShare, events, doubts } = exploration;
  const { neverMet, compared } = exploration;
  const seeds = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  const ended = Object.entries(kinds).filter(([, count]) => count > 0);
  const variants = Object.entries(provenVariants).map(([name, count]) => `${name} ${number(count)}`);
  const pairs = Object.entries(inputs).toSorted(([, one], [, other]) => one - other);
  const rare = pairs.slice(0, rarest).map(([pair, count]) => `${pair} ${number(count)}`);
  return [
    '',
    outcome.headline,
    ...outcome.reasons.slice(0, 5).map((reason) => indented(reason)),
    '',
    `  seeds       ${number(seeds)} (${exploration.first} to ${exploration.last}): ${ended.map(([kind, count]) => `${number(count)} ${kind}`).join(', ')}`,
    `  conclusive  ${percent(conclusiveShare)} of the seeds by themselves${doubts.length === 0 ? '' : '; the others:'}`,
    ...doubts
      .slice(0, mostDoubts)
      .map(({ reason, seeds: some, first }) => `              ${some} times: ${reason} (seed ${first})`),
    ...(checksDeterminism ? [`  run twice   ${number(compared)} of the seeds, to compare their steps`] : []),
    `  operations  ${number(counts.ok)} ok, ${number(counts.fail)} fail, ${number(counts.info)} info`,
    `  faults      ${variants.length === 0 ? 'none proven' : `proven: ${wrapped(variants)}`}`,
    `  inputs      ${pairs.length} pairs of an input and the role of its node; the rarest: ${wrapped(rare)}`,
    ...neverMetText(neverMet),
    `  leaders     ${number(exploration.leaderChanges)} changes`,
    `  speed       ${(seeds / elapsed).toFixed(1)} seeds/s, ${number(Math.round(events / elapsed))} events/s, ${elapsed.toFixed(1)} s in all`,
    ...failureText(failures, commandOf),
  ].join('\n');
}

/** Of the inputs and roles that were met: an input that came to no node is not known here. */
function neverMetText(pairs: readonly string[]): readonly string[] {
  if (pairs.length === 0) return [];
  const more = pairs.length - mostNeverMet;
  const shown = [...pairs.slice(0, mostNeverMet), ...(more > 0 ? [`and ${more} more; --json names all`] : [])];
  return [`  never met   ${pairs.length} other pairs of these inputs and roles: ${wrapped(shown)}`];
}

function failureText(failures: readonly SeedResult[], commandOf: (seed: number) => string): readonly string[] {
  if (failures.length === 0) return [];
  const shown = failures
    .slice(0, mostFailures)
    .flatMap(({ seed, headline, reasons }) => [
      '',
      `Seed ${seed}: ${headline}`,
      ...reasons.slice(0, 1).map((reason) => indented(reason)),
      `  ${commandOf(seed)}`,
    ]);
  const more = failures.length - mostFailures;
  return [
    '',
    'Repeat exactly what failed with:',
    ...shown,
    ...(more > 0 ? ['', `and ${more} more; --json names all.`] : []),
  ];
}

const perLine = 6;

/** Long lists go on in the column of the first line. */
const wrapped = (words: readonly string[]): string =>
  words.reduce(
    (text, word, index) => text + (index === 0 ? '' : index % perLine === 0 ? `,\n${' '.repeat(14)}` : ', ') + word,
    '',
  );

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

const number = (count: number): string => count.toLocaleString('en');
