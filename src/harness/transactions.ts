/** Decides the models of transactions over the history of a run. */
import {
  HistoryError,
  type HistoryEvent,
  type TransactionModel,
  type TransactionVerdict,
  checkTransactions,
  transactionModels,
} from 'knossos-ts';
import { messageOf } from '../core/errors.ts';
import type { Workload } from '../generators/workload.ts';
import type { ModelName } from '../protocol/system.ts';
import type { Found } from './found.ts';
import { noKeys, undecided } from './found.ts';

/** The data model of a history in which every write names the version that it replaces. */
export const versionedRegisters = 'versioned-registers';

export const isOfTransactions = (model: ModelName): model is TransactionModel =>
  (transactionModels as readonly ModelName[]).includes(model);

/** The verdict of each of the models that the workload can decide. Throws only a HistoryError. */
export function decideTransactions(
  models: readonly ModelName[],
  { decides }: Pick<Workload, 'decides'>,
  events: readonly HistoryEvent[],
  milliseconds: number,
): ReadonlyMap<ModelName, Found> {
  const decidable = models
    .filter(isOfTransactions)
    .filter((model) => decides.some((one) => one.model === model && one.dataModel === versionedRegisters));
  if (decidable.length === 0) return new Map();
  try {
    const { verdicts, transactions } = checkTransactions(events, { milliseconds });
    const held = `no circle in ${transactions.toLocaleString('en')} transactions`;
    return new Map(decidable.map((model) => [model, foundBy(verdicts.get(model), held)]));
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    return new Map(decidable.map((model) => [model, undecided(`the checker failed: ${messageOf(error)}`)]));
  }
}

function foundBy(verdict: TransactionVerdict | undefined, held: string): Found {
  if (verdict === undefined) return undecided('nothing decided it');
  if (verdict.valid === 'unknown') return undecided(verdict.detail);
  if (verdict.valid) return { valid: true, summary: held, keys: noKeys, counterexamples: [] };
  const { anomaly, sentence, operations, cycle, verified } = verdict.counterexample;
  const refutation = { sentence, operations, cycle, verified };
  return {
    valid: false,
    summary: `broken by ${operations.length} operations (${anomaly})`,
    keys: noKeys,
    counterexamples: [],
    refutation,
  };
}
