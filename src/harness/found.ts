/** What the checkers say of one model. */
import type { ModelReport } from '../report/run-report.ts';

export type Found = Pick<ModelReport, 'valid' | 'summary' | 'keys' | 'counterexamples' | 'refutation' | 'impliedBy'>;

export const noKeys: ModelReport['keys'] = { proven: 0, violated: 0, undecided: 0 };

export const undecided = (why: string): Found => ({
  valid: 'unknown',
  summary: why,
  keys: noKeys,
  counterexamples: [],
});
