/** One random history against the oracle of a model: what `npm test` does thousands of times, and a fuzz a million. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, showValue } from '../../history/value.ts';
import { counterexampleOf } from '../evidence/counterexample.ts';
import type { Edge } from '../evidence/edges.ts';
import { flattened } from '../evidence/verify.ts';
import { Deciders } from '../deciders.ts';
import { buildIndex } from '../index/build-index.ts';
import type { HistoryIndex, Indexed } from '../index/history-index.ts';
import { consistencyModels, type ConsistencyModel } from '../models.ts';
import { exhausted } from '../sequential/exhausted.ts';
import { oracleOf, type Oracle } from './oracle.ts';
import type { Random } from '../../testing/seeded.ts';
import { smallAbsences, smallLists, smallRegisters } from './small-histories.ts';
import { twoViews } from './two-views.ts';

export type DecidedModel = Exclude<ConsistencyModel, 'linearizable'>;

export const decidedModels: readonly DecidedModel[] = consistencyModels.filter(
  (model): model is DecidedModel => model !== 'linearizable',
);

export const generators: { readonly [kind: string]: (random: Random) => Operation[] } = {
  registers: smallRegisters,
  lists: smallLists,
  views: twoViews,
  absences: smallAbsences,
};

/** One history, whose index and whose relations are shared by all models that are tried on it. */
export class Trial {
  readonly #operations: readonly Operation[];
  readonly #initial: Value;
  readonly #oracle: Oracle;
  readonly #built: Indexed;
  readonly #deciders: Deciders | undefined;

  constructor(operations: readonly Operation[]) {
    this.#operations = operations;
    this.#initial = operations.some(({ output }) => isList(output)) ? [] : 0;
    this.#oracle = oracleOf(operations, this.#initial);
    this.#built = buildIndex(operations, 0);
    if (this.#built.kind !== 'indexed') return;
    this.#deciders = new Deciders(this.#built.index, operations, { isLate: () => false, bytes: 2 ** 28 });
  }

  /**
   * What became of the history: `kept`, `undecided`, or the kinds of violation: the rules of the edges of its
   * counterexample, what makes it impossible under any model, or `exhausted` where a search refuted it.
   * @throws Error when the check and the oracle disagree, or a counterexample does not stand.
   */
  try(model: DecidedModel): readonly string[] {
    const expected = this.#oracle(model);
    const built = this.#built;
    if (built.kind === 'ambiguous') throw told('is ambiguous', model, this.#operations);
    if (built.kind === 'impossible') {
      const { sentence, rule } = built.impossible;
      if (expected) throw told(`holds, but was refused: ${sentence}`, model, this.#operations);
      return [rule];
    }
    if (this.#deciders!.hasOrder() && !expected)
      throw told('does not hold, and an order was found', model, this.#operations);
    const outcome = this.#deciders!.decide(model);
    const isMute = built.index.absences.length > 0;
    if (isMute && outcome.valid === 'unknown' && outcome.reason === 'absence') return ['undecided'];
    if (outcome.valid !== expected) throw told(`is ${expected}, found ${outcome.valid}`, model, this.#operations);
    if (outcome.valid) return [isMute && model !== 'sequential' ? 'undecided' : 'kept'];
    return this.#stands(model, outcome.cycle, built.index);
  }

  #stands(model: DecidedModel, found: readonly Edge[], index: HistoryIndex): readonly string[] {
    const isExhausted = found.length === 0;
    const { verified, sentence, operations, cycle } = isExhausted
      ? exhausted(index, this.#operations, () => false)
      : counterexampleOf(model, found, index, this.#operations);
    const why = verified
      ? oracleOf(operations, this.#initial)(model) && 'would keep the model'
      : `does not stand: ${JSON.stringify(cycle)}`;
    if (why !== false) throw told(`has a counterexample that ${why}: ${sentence}`, model, this.#operations);
    return isExhausted ? ['exhausted'] : [...new Set(flattened(cycle).map(({ rule }) => rule))];
  }
}

function told(what: string, model: string, operations: readonly Operation[]): Error {
  const lines = operations.map(
    ({ process, f, key, input, output, type }) =>
      `p${process} ${f} ${showValue(key)} ${showValue(input)} -> ${type} ${showValue(output)}`,
  );
  return new Error(`${model} ${what}\n${lines.join('\n')}`);
}
