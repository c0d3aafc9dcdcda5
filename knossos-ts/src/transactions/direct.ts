/** What is wrong by itself, without any circle: one or two transactions say it all. */
import type { Operation } from '../history/operation.ts';
import { sameValue } from '../history/value.ts';
import type { DirectAnomaly } from './anomalies.ts';
import { type Sources, type Unexplained, type Version } from './sources.ts';
import type { Transaction, Write } from './transaction.ts';
import { called, nameOf, sentence, sight } from './words.ts';

export interface Direct {
  readonly anomaly: DirectAnomaly;
  readonly sentence: string;
  readonly operations: readonly Operation[];
}

/** The first that there is, or null. */
export function directAnomaly(sources: Sources): Direct | null {
  const { transactions, happened } = sources;
  const flawed = transactions.find(({ flaw }, number) => happened[number] === 1 && flaw !== undefined);
  if (flawed !== undefined)
    return {
      anomaly: 'internal',
      sentence: sentence(`${nameOf(flawed)} contradicts itself: ${flawed.flaw}`),
      operations: [flawed.operation],
    };
  const [first] = sources.unexplained;
  return first === undefined ? doubleOf(sources) : explained(first, sources);
}

/** Two that surely happened and replaced the same version. */
function doubleOf({ transactions, seen, happened }: Sources): Direct | null {
  for (const [number, sights] of seen.entries()) {
    if (happened[number] === 0) continue;
    for (const { version } of sights) {
      const [one, other] = version.replacedBy.map((place) => transactions[place]!);
      if (one === undefined || other === undefined) continue;
      return lostUpdate(version, one, other, transactions);
    }
  }
  return null;
}

function lostUpdate(version: Version, one: Transaction, other: Transaction, all: readonly Transaction[]): Direct {
  const made = version.maker < 0 ? [] : [all[version.maker]!.operation];
  const open = [one, other].find((candidate) => candidate.open);
  const told = open === undefined ? 'were both told that they' : 'both';
  const seen = open === undefined ? '' : ` (nobody answered ${nameOf(open)}, but its writes were seen)`;
  return {
    anomaly: open === undefined ? 'lost-update' : 'duplicate-version',
    sentence: sentence(
      `${nameOf(one)} and ${nameOf(other)} ${told} replaced ${called(version)}${seen}: one of the two writes is lost`,
    ),
    operations: [...made, one.operation, other.operation],
  };
}

/** What was observed, and no write accounts for it. */
function explained({ transaction, observation }: Unexplained, { transactions, index }: Sources): Direct {
  const observer = transactions[transaction]!;
  const saw = `${nameOf(observer)} saw ${sight(observation)}`;
  const tell = (anomaly: DirectAnomaly, why: string, others: readonly Transaction[] = []): Direct => ({
    anomaly,
    sentence: sentence(`${saw}${why}`),
    operations: [...others, observer].map(({ operation }) => operation),
  });
  const { key, value } = observation;
  if (value === undefined) return tell('garbage', ', which nobody can have made');
  const wrote = ({ key: of, value: what }: Write): boolean => of === key && sameValue(what, value);
  const [maker] = index.writesOf({ key, value }).filter(({ maker: number }) => number !== transaction);
  if (maker !== undefined) {
    const by = transactions[maker.maker]!;
    return tell('incompatible-version', `, which ${nameOf(by)} wrote as version ${maker.number}`, [by]);
  }
  const own = observer.writes.some(wrote);
  if (own) return tell('internal', ', which only it wrote itself, although it sees what was there before it');
  const before = transactions.find(({ intermediate }) => intermediate.some(wrote));
  if (before !== undefined) return tell('G1b', `, which ${nameOf(before)} wrote over itself`, [before]);
  const aborted = transactions.find(({ unwritten }) => unwritten.some(wrote));
  if (aborted !== undefined)
    return tell('G1a', `, which ${nameOf(aborted)} would have written, but surely did not: it ${fate(aborted)}`, [
      aborted,
    ]);
  return tell('garbage', ', which nobody ever wrote');
}

const fate = ({ operation }: Transaction): string => (operation.type === 'fail' ? 'failed' : 'was refused');
