/** One random history against brute force: what `npm test` does thousands of times, and a fuzz a million. */
import { pairOperations } from '../../history/pair-operations.ts';
import { showKey, showValue } from '../../history/value.ts';
import type { Operation } from '../../history/operation.ts';
import type { Random } from '../../testing/seeded.ts';
import { judgeTransactions, type TransactionVerdict } from '../check-transactions.ts';
import { transactionModels } from '../models.ts';
import { isKept } from './oracle.ts';
import { smallHistory } from './small-histories.ts';

/** How it came out: `kept`, the anomaly, or `unknown`. @throws Error where the check and brute force differ. */
export function tryTransactions(random: Random): string {
  const operations = pairOperations(smallHistory(random));
  const { verdicts } = judgeTransactions(operations, { initial: null, isLate: () => false });
  let kept = false;
  const verdictsInOrder = transactionModels.map((model) => {
    const verdict = verdicts.get(model)!;
    // What keeps a model keeps the weaker ones.
    kept ||= isKept(model, operations, null);
    if (verdict.valid === 'unknown' ? false : verdict.valid !== kept)
      throw told(`${model} is ${kept}, found ${JSON.stringify(verdict)}`, operations);
    if (verdict.valid === false && !verdict.counterexample.verified)
      throw told(`a counterexample does not stand: ${JSON.stringify(verdict)}`, operations);
    return verdict;
  });
  return nameOf(verdictsInOrder);
}

function nameOf([strict]: readonly TransactionVerdict[]): string {
  if (strict?.valid === false) return strict.counterexample.anomaly;
  return strict?.valid === true ? 'kept' : 'unknown';
}

function told(what: string, operations: readonly Operation[]): Error {
  const lines = operations.map(
    ({ id, process, f, key, input, output, type, called, returned }) =>
      `#${id} p${process} [${called},${returned}] ${f} ${showKey(key)} ${showValue(input)} -> ${type} ${showValue(output)}`,
  );
  return new Error(`${what}\n${lines.join('\n')}`);
}
