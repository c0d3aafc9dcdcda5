/** One random history against the oracle of a model: what `npm test` does thousands of times, and a fuzz a million. */
import type { Operation } from '../../history/operation.ts';
import { isList, showValue } from '../../history/value.ts';
import { counterexampleOf } from '../evidence/counterexample.ts';
import { flattened } from '../evidence/verify.ts';
import { Deciders } from '../deciders.ts';
import { buildIndex } from '../index/build-index.ts';
import type { ConsistencyModel } from '../models.ts';
import { oracleFor } from './oracle.ts';
import type { Random } from '../../testing/seeded.ts';
import { smallLists, smallRegisters } from './small-histories.ts';
import { twoViews } from './two-views.ts';

export type DecidedModel = Exclude<ConsistencyModel, 'linearizable'>;

export const generators: { readonly [kind: string]: (random: Random) => Operation[] } = {
  registers: smallRegisters,
  lists: smallLists,
  views: twoViews,
};

export interface Tally {
  /** How many histories were found to keep the model, and how many to break it. */
  kept: number;
  broken: number;
  impossible: number;
  /** Rules of edges that counterexamples used, with how often. */
  readonly rules: Map<string, number>;
}

export const newTally = (): Tally => ({ kept: 0, broken: 0, impossible: 0, rules: new Map() });

/** @throws Error when the check and the oracle disagree, or a counterexample does not stand. */
export function tryModel(model: DecidedModel, operations: readonly Operation[], tally: Tally): void {
  const initial = operations.some(({ output }) => isList(output)) ? [] : 0;
  const expected = oracleFor(model)(operations, initial);
  const built = buildIndex(operations, 0);
  if (built.kind === 'ambiguous') throw told('is ambiguous', model, operations);
  if (built.kind === 'impossible') {
    tally.impossible++;
    if (expected) throw told(`holds, but was refused: ${built.impossible.sentence}`, model, operations);
    return;
  }
  const deciders = new Deciders(built.index, operations, { isLate: () => false, bytes: 2 ** 28 });
  const outcome = deciders.decide(model);
  if (outcome.valid !== expected) throw told(`is ${expected}, found ${outcome.valid}`, model, operations);
  if (outcome.valid) {
    tally.kept++;
    return;
  }
  tally.broken++;
  const { verified, sentence, operations: story } = counterexampleOf(model, outcome.cycle, built.index, operations);
  for (const { rule } of flattened(outcome.cycle)) tally.rules.set(rule, (tally.rules.get(rule) ?? 0) + 1);
  if (!verified)
    throw told(
      `has a counterexample that does not stand: ${sentence} ${JSON.stringify(outcome.cycle)}`,
      model,
      operations,
    );
  if (oracleFor(model)(story, initial))
    throw told(`holds for the operations of its counterexample: ${sentence}`, model, operations);
}

function told(what: string, model: string, operations: readonly Operation[]): Error {
  const lines = operations.map(
    ({ process, f, key, input, output, type }) =>
      `p${process} ${f} ${showValue(key)} ${showValue(input)} -> ${type} ${showValue(output)}`,
  );
  return new Error(`${model} ${what}\n${lines.join('\n')}`);
}
