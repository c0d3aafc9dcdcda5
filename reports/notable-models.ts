/**
 * Which models a reader sees first. There are a dozen, and most verdicts follow from others: what is told is what was
 * claimed, the strongest that hold, and the weakest that are broken; the rest is one line.
 */
import type { ModelReport, RunReport } from '../src/report/run-report.ts';
import { count } from './wording.ts';

export interface NotableModels {
  readonly told: readonly ModelReport[];
  /** One clause for all others; empty where there are none. */
  readonly rest: string;
}

export function notableModels({ models, consistency }: Pick<RunReport, 'models' | 'consistency'>): NotableModels {
  if (consistency === undefined) return { told: models, rest: '' };
  const extreme = new Set([...consistency.holds, ...consistency.breaks]);
  const isTold = ({ model, claimed, keys }: ModelReport): boolean =>
    claimed || extreme.has(model) || keys.violated > 0 || model === 'eventual';
  const others = models.filter((model) => !isTold(model));
  const parts = [
    ['weaker', 'held', others.filter(({ valid }) => valid === true)],
    ['stronger', 'broken', others.filter(({ valid }) => valid === false)],
    ['', 'unknown', others.filter(({ valid }) => valid === 'unknown')],
  ] as const;
  const rest = parts
    .filter(([, , of]) => of.length > 0)
    .map(([kind, word, of]) => `${word}: ${count(of.length)} ${kind} (${of.map(({ model }) => model).join(', ')})`)
    .map((text) => text.replace(/ {2,}/g, ' '));
  return { told: models.filter(isTold), rest: rest.join('; ') };
}
