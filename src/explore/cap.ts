/**
 * The CAP theorem beside the measurement: what the course notes say of it, and which option sets bear it out. The lists
 * are made of the figures, so that the page cannot claim what was not measured.
 */
import { inSeconds } from '../core/time.ts';
import type { Shares } from '../harness/availability.ts';
import type { Measurement } from './measure.ts';

/** Those that the notes call strong. */
const strong: ReadonlySet<string> = new Set(['strict-serializable', 'linearizable', 'sequential']);

/** A system that turns away one in a hundred is not what the theorem calls available. */
const leastAvailable = 0.99;
const leastWorking = 0.5;

export function capText(all: readonly Measurement[]): readonly string[] {
  const consistent = all.filter(isConsistent);
  const available = all.filter(isAvailable);
  const both = consistent.filter((one) => available.includes(one));
  const neither = all.filter((one) => !consistent.includes(one) && !available.includes(one));
  const onlyAvailable = available.filter((one) => !consistent.includes(one));
  return [
    '## Consistency or availability',
    '',
    'The course notes (_Distributed Systems and Networking_, section 13, 2019, chapter 6; _Distributed Computing_, 2023, 1.8)',
    'argue as Gilbert and Lynch did, with two nodes. Cut the link between them, write through one, and read through the other.',
    'It cannot know of the write: so it says that it cannot answer, and is not available, or it answers with what it has, and',
    'is not consistent. Links do break, whatever a store would like, so the choice is only what to give up while they are',
    'broken. As consistent counts here what promises a strong model and kept it in every run; as available what answered at',
    'least 99 of 100 operations of every function on sides without a majority.',
    '',
    ...item(
      'Consistent, and not available',
      consistent.filter((one) => !both.includes(one)),
      minorityShares,
    ),
    ...item(
      'Available, and not consistent',
      onlyAvailable,
      ({ models }) => `held ${models.held.join(', ') || 'nothing'}`,
    ),
    ...item('Neither', neither, minorityShares),
    ...(both.length === 0
      ? ['- **Both**: none, as the theorem has it.']
      : item('Both, which cannot be, so that the measurement is wrong', both, minorityShares)),
    '',
    ...quietSides(all),
    '',
    ...allReplicas(all),
    '',
    ...weakConsistency(onlyAvailable),
  ];
}

function quietSides(all: readonly Measurement[]): readonly string[] {
  const readers = all.filter((one) => isConsistent(one) && !isAvailable(one) && servesSome(minorityOf(one)));
  return [
    'Neither word is all or nothing. These are consistent, and still answered some operations on sides without a majority,',
    `where an answer could be known to be right, or the promise is about order and not about time: ${named(readers)}.`,
  ];
}

function allReplicas(all: readonly Measurement[]): readonly string[] {
  const stopped = all.filter((one) => anyBelow(one.situations.oneDown.majority, leastWorking));
  const recoveries = stopped.flatMap(({ situations }) => situations.oneDown.recoveries.map((one) => one ?? Infinity));
  const worst = Math.max(0, ...recoveries);
  const again =
    worst === Infinity ? 'not always before the next fault' : `within ${(worst / 1e9).toFixed(1)} s of its return`;
  return [
    'Two-phase commit, the notes say, is consistent, and available while nothing fails; but with a part of the nodes out of',
    'reach it blocks, then aborts, and does no useful work. The same is true of whatever needs every replica. With a single',
    `node down, more than half of some kind of operation failed under ${named(stopped)}; all was served again ${again}.`,
    'The others went on without that node.',
  ];
}

function weakConsistency(available: readonly Measurement[]): readonly string[] {
  const agreed = available.filter(({ agreedAfter }) => agreedAfter !== null);
  const worst = Math.max(0, ...agreed.map(({ agreedAfter }) => (agreedAfter === null ? 0 : inSeconds(agreedAfter))));
  return [
    'And if weak consistency is enough, the notes ask, can a store have all three? While the network is split, one side',
    'lacks what the other wrote; but if every partition ends, replicas can come to agree once it has. Measured: of those that',
    `were available and not consistent, replicas agreed in every run under ${named(agreed)}, ${worst.toFixed(1)} s after healing at the latest.`,
  ];
}

const isConsistent = ({ set, models }: Measurement): boolean =>
  set.claims.some(({ model }) => strong.has(model) && [...strong].some((one) => models.held.includes(one)));

/** On sides without a majority, in both kinds of partition. */
const minorityOf = ({ situations: { minorityAway, noMajority } }: Measurement): readonly Shares[] => [
  minorityAway.minority,
  noMajority.minority,
];

/** What nobody tried was not answered either. */
const isAvailable = (one: Measurement): boolean =>
  minorityOf(one).every((shares) => isTried(shares) && !anyBelow(shares, leastAvailable));

const isTried = (shares: Shares): boolean => Object.values(shares).some(({ tried }) => tried > 0);

const anyBelow = (shares: Shares, least: number): boolean =>
  Object.values(shares).some(({ served, tried }) => served < least * tried);

const servesSome = (all: readonly Shares[]): boolean =>
  all.some((shares) => Object.values(shares).some(({ served }) => served > 0));

function minorityShares(one: Measurement): string {
  const [tried, served] = (['tried', 'served'] as const).map((what) =>
    minorityOf(one).reduce(
      (sum, shares) => sum + Object.values(shares).reduce((all, share) => all + share[what], 0),
      0,
    ),
  );
  return tried === 0 ? 'nothing tried' : `${Math.floor((100 * (served ?? 0)) / (tried ?? 1))}% served`;
}

const nameOf = ({ system, set }: Measurement): string => `${system} \`${set.title}\``;

const named = (some: readonly Measurement[]): string => (some.length === 0 ? 'none' : some.map(nameOf).join(', '));

const item = (title: string, some: readonly Measurement[], figure: (one: Measurement) => string): readonly string[] =>
  some.length === 0
    ? [`- **${title}**: none.`]
    : [`- **${title}**:`, ...some.map((one) => `  - ${nameOf(one)}: ${figure(one)}`)];
