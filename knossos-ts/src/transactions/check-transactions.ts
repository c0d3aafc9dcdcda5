/**
 * Are these transactions strictly serializable, and if not, what do they still keep? Every write names the version that
 * it replaces, so that one search for circles decides it (Adya 1999; Elle, VLDB 2020): what came before what by versions
 * alone must have no circle for serializability; with the order of each process for that of sessions; and with real
 * time for the strict kind. Where there is none, any order that follows the edges is a legal one, so that the answer is
 * exact and not a guess.
 */
import type { HistoryEvent, Operation, Value } from '../history/operation.ts';
import { pairOperations } from '../history/pair-operations.ts';
import type { TransactionCounterexample } from './anomalies.ts';
import { componentsOf, successorsOf } from './components.ts';
import { directAnomaly } from './direct.ts';
import { dependenciesOf, passage, type DependencyGraph } from './graph.ts';
import { transactionModels, type TransactionModel } from './models.ts';
import { shortestCircle } from './shortest-cycle.ts';
import { sourcesOf, type Sources } from './sources.ts';
import { tellCircle } from './tell.ts';
import { transactionOf } from './transaction.ts';
import { verifyAlone, verifyCircle } from './verify.ts';

export interface TransactionOptions {
  /** What every key holds before its first write. Default null. */
  readonly initial?: Value;
  /** Default 60,000. */
  readonly milliseconds?: number;
}

export type TransactionVerdict =
  | { readonly valid: true }
  | { readonly valid: false; readonly counterexample: TransactionCounterexample }
  /** `ambiguous`: something was observed that several writes may have made, and nothing else is wrong. */
  | { readonly valid: 'unknown'; readonly reason: 'time' | 'ambiguous'; readonly detail: string };

export interface TransactionAnalysis {
  readonly verdicts: ReadonlyMap<TransactionModel, TransactionVerdict>;
  /** How many transactions surely happened. */
  readonly transactions: number;
  readonly milliseconds: number;
}

/** @throws HistoryError when the history is malformed, or has functions other than `read` and `txn`. */
export function checkTransactions(
  history: Iterable<HistoryEvent>,
  options: TransactionOptions = {},
): TransactionAnalysis {
  const begun = performance.now();
  const operations = pairOperations(history);
  const deadline = begun + (options.milliseconds ?? 60_000);
  const { verdicts, transactions } = judgeTransactions(operations, {
    initial: options.initial ?? null,
    isLate: () => performance.now() > deadline,
  });
  return { verdicts, transactions, milliseconds: performance.now() - begun };
}

export interface Judging {
  readonly initial: Value;
  /** Asked between the passes, each of which takes a time that is linear in the history. */
  readonly isLate: () => boolean;
}

type Verdicts = ReadonlyMap<TransactionModel, TransactionVerdict>;

/** The same of operations. */
export function judgeTransactions(
  operations: readonly Operation[],
  { initial, isLate }: Judging,
): { readonly verdicts: Verdicts; readonly transactions: number } {
  const sources = sourcesOf(operations.map(transactionOf), initial);
  const transactions = sources.happened.reduce((sum, one) => sum + one, 0);
  const direct = directAnomaly(sources);
  const answer = (verdicts: Verdicts) => ({ verdicts, transactions });
  if (direct !== null) {
    const verified = verifyAlone(direct.anomaly, direct.operations, operations, initial);
    return answer(all((model) => ({ valid: false, counterexample: { model, ...direct, cycle: [], verified } })));
  }
  if (isLate()) return answer(all(() => late));
  return answer(judgeCircles(dependenciesOf(sources), sources, operations, { initial, isLate }));
}

const late: TransactionVerdict = { valid: 'unknown', reason: 'time', detail: 'the time for checking was over' };

const all = (verdict: (model: TransactionModel) => TransactionVerdict): Verdicts =>
  new Map(transactionModels.map((model) => [model, verdict(model)]));

/** The numbers of the rules up to that of the last: of dependencies, of processes, of time. */
const orders: { readonly [model in TransactionModel]: readonly number[] } = {
  serializable: [],
  'session-serializable': [3],
  'strict-serializable': [3, 4, passage],
};

/** Writes alone, then also reads of them, then also reads that missed them: the grossest mistake is told first. */
const dependencies: readonly (readonly number[])[] = [[0], [0, 1], [0, 1, 2]];

function judgeCircles(
  graph: DependencyGraph,
  sources: Sources,
  operations: readonly Operation[],
  judging: Judging,
): Verdicts {
  const [doubt] = sources.doubts;
  const sound: TransactionVerdict =
    doubt === undefined ? { valid: true } : { valid: 'unknown', reason: 'ambiguous', detail: doubt };
  if (isAcyclic(graph)) return all(() => sound);
  const verdicts = new Map<TransactionModel, TransactionVerdict>();
  let broken: TransactionCounterexample | null = null;
  for (const model of transactionModels.toReversed()) {
    if (judging.isLate()) return all((one) => verdicts.get(one) ?? late);
    // What breaks a model breaks the stronger ones, of which each may have a shorter story to tell.
    if (broken === null || broken.cycle.length > 2) {
      const own = circleAgainst(model, graph, sources, operations, judging.initial);
      if (own !== null && (broken === null || own.cycle.length < broken.cycle.length)) broken = own;
    }
    verdicts.set(model, broken === null ? sound : { valid: false, counterexample: { ...broken, model } });
  }
  return all((model) => verdicts.get(model) ?? late);
}

/** Mostly there is no circle at all, which one pass tells of all models. */
function isAcyclic(graph: DependencyGraph): boolean {
  const successors = successorsOf(graph.vertices, graph, () => true);
  return componentsOf(graph.vertices, successors).sizes.length === graph.vertices;
}

function circleAgainst(
  model: TransactionModel,
  graph: DependencyGraph,
  sources: Sources,
  operations: readonly Operation[],
  initial: Value,
): TransactionCounterexample | null {
  const inTime = orders[model];
  for (const kinds of dependencies) {
    const wanted = new Set([...kinds, ...inTime]);
    const successors = successorsOf(graph.vertices, graph, (edge) => wanted.has(graph.rule[edge]!));
    const circle = shortestCircle(graph, successors, sources.transactions, inTime.includes(4));
    if (circle === null) continue;
    const told = tellCircle(circle, graph, sources);
    return { model, ...told, verified: verifyCircle(model, told.cycle, operations, initial) };
  }
  return null;
}
