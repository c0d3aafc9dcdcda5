/** A circle in words: what made each step, its name in the literature, and one sentence for the whole. */
import type { Operation } from '../history/operation.ts';
import type { Anomaly, CycleName, TransactionEdge, TransactionEdgeRule } from './anomalies.ts';
import { rules, type DependencyGraph } from './graph.ts';
import type { Circle } from './shortest-cycle.ts';
import type { Sources, Version } from './sources.ts';
import type { Transaction } from './transaction.ts';
import { between, called, nameOf, nameOfKey, sentence } from './words.ts';

export interface Told {
  readonly anomaly: Anomaly;
  readonly sentence: string;
  readonly cycle: readonly TransactionEdge[];
  readonly operations: readonly Operation[];
}

interface Link {
  readonly first: Transaction;
  readonly second: Transaction;
  readonly rule: TransactionEdgeRule;
  readonly version: Version | null;
}

export function tellCircle(circle: Circle, graph: DependencyGraph, sources: Sources): Told {
  const { transactions } = sources;
  const links = circle.map(({ edge, from, to }): Link => {
    const rule = edge < 0 ? 'realtime' : rules[graph.rule[edge]!]!;
    const version = edge < 0 ? null : graph.version[edge]!;
    return { first: transactions[from]!, second: transactions[to]!, rule, version };
  });
  return {
    anomaly: anomalyOf(links.map(({ rule }) => rule)),
    sentence: sentence(shortStory(links) ?? longStory(links)),
    cycle: links.map((link) => ({
      from: link.first.operation.id,
      to: link.second.operation.id,
      rule: link.rule,
      why: why(link),
    })),
    operations: withWitnesses(circle, sources).map((number) => transactions[number]!.operation),
  };
}

/** Of its rules: those of dependencies give the name, those in time what is added to it. */
export function anomalyOf(all: readonly TransactionEdgeRule[]): Anomaly {
  const missed = all.filter((rule) => rule === 'rw').length;
  const name: CycleName = missed > 1 ? 'G2-item' : missed === 1 ? 'G-single' : all.includes('wr') ? 'G1c' : 'G0';
  if (all.includes('realtime')) return `${name}-realtime`;
  return all.includes('process') ? `${name}-process` : name;
}

function why({ first, second, rule, version }: Link): string {
  const what = version === null ? '' : called(version);
  switch (rule) {
    case 'ww':
      return `the second replaced ${what}, which the first had written`;
    case 'wr':
      return `the second saw ${what}, which the first had written`;
    case 'rw':
      return `the first saw ${what}, which the second replaced`;
    case 'process':
      return `process ${first.operation.process} did them in this order`;
    case 'realtime':
    default:
      return `the first had ended ${between(first.operation, second.operation)} before the second began`;
  }
}

/** How many steps one can follow. */
const mostTold = 5;

function longStory(links: readonly Link[]): string {
  const told = links.slice(0, mostTold).map(step).join('; ');
  const rest = links.length - mostTold;
  return `no order fits: ${told}${rest > 0 ? `; and so on, by ${rest} more, back to ${nameOf(links[0]!.first)}` : ''}`;
}

const step = (link: Link): string => `${nameOf(link.first)} comes before ${nameOf(link.second)}, because ${why(link)}`;

/** Circles of two that have a story of their own. */
function shortStory(links: readonly Link[]): string | null {
  if (links.length === 3) return goneBack(links);
  if (links.length !== 2) return null;
  const missed = links.find(({ rule }) => rule === 'rw');
  const other = links.find((link) => link !== missed);
  if (missed?.version == null || other === undefined) return null;
  const { first: reader, second: writer, version } = missed;
  if (other.rule === 'realtime') {
    const when = between(writer.operation, reader.operation);
    return `${nameOf(reader)} saw ${called(version)}, although ${nameOf(writer)} had replaced it and ended ${when} before`;
  }
  if (other.rule === 'process')
    return `${nameOf(reader)} saw ${called(version)}, although the same process had replaced it before, in ${nameOf(writer)}`;
  if (other.rule === 'rw' || other.version === null || other.version.key === version.key) return null;
  const seen = other.rule === 'wr' ? 'saw' : 'replaced';
  return (
    `${nameOf(reader)} ${seen} what ${nameOf(writer)} had written to ${nameOfKey(other.version.key)}, ` +
    `and not what the same transaction wrote to ${nameOfKey(version.key)}`
  );
}

/** Somebody saw a version, and later somebody saw an older one. */
function goneBack(links: readonly Link[]): string | null {
  const [missed, newer, then] = (['rw', 'wr', 'ww'] as const).map((rule) => links.find((link) => link.rule === rule));
  const learned = newer ?? then;
  const order = links.find(({ rule }) => rule === 'process' || rule === 'realtime');
  if (missed?.version == null || learned?.version == null || order === undefined) return null;
  if (learned.second !== order.first || order.second !== missed.first) return null;
  const before =
    order.rule === 'process'
      ? `the same process had seen ${called(learned.version)} before, in ${nameOf(order.first)}`
      : `${nameOf(order.first)} had seen ${called(learned.version)} and ended ${between(order.first.operation, order.second.operation)} before`;
  const at = learned.version.key === missed.version.key ? '' : `, which ${nameOf(missed.second)} also replaced`;
  return `${nameOf(missed.first)} saw ${called(missed.version)}${at}, although ${before}`;
}

/** Those in the circle; of what nobody acknowledged somebody who saw it, until the last one was acknowledged. */
function withWitnesses(circle: Circle, { transactions, seen }: Sources): readonly number[] {
  const told = new Set(circle.map(({ from }) => from));
  for (const number of told) {
    if (!transactions[number]!.open) continue;
    const witnesses = witnessesOf(number, seen);
    const witness = witnesses.find((one) => !transactions[one]!.open) ?? witnesses[0];
    if (witness !== undefined && !witnesses.some((one) => told.has(one) && !transactions[one]!.open)) told.add(witness);
  }
  return [...told].toSorted((one, other) => one - other);
}

const witnessesOf = (number: number, seen: Sources['seen']): readonly number[] =>
  [...seen.keys()].filter((one) => seen[one]!.some(({ version }) => version.maker === number));
