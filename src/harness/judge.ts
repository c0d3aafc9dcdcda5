/** From what was found to one outcome: false wins over a finding, a finding over unknown, unknown over too little proof. */
import type { CoverageItem, FindingReport, ModelReport, RunOutcome } from '../report/run-report.ts';

export interface Evidence {
  /** The name of the system, with its bug: `raft (stale-read)`. */
  readonly subject: string;
  readonly models: readonly ModelReport[];
  readonly findings: readonly FindingReport[];
  readonly coverage: readonly CoverageItem[];
  readonly notes: readonly string[];
  /** The models that the workload can decide. */
  readonly decidable: readonly string[];
}

export function judge({ subject, models, findings, coverage, notes, decidable }: Evidence): RunOutcome {
  const judged = models.filter((model) => model.judged);
  const violated = judged.filter(({ valid }) => valid === false);
  const undecided = judged.filter(({ valid }) => valid === 'unknown');
  const unmet = coverage.filter(({ met }) => !met).map(({ text }) => text);
  const findingTexts = findings.map(
    ({ kind, node, text }) => `${kind}${node === '' ? '' : ` of ${node}`}: ${text.split('\n', 1)[0]}`,
  );
  if (violated.length > 0) {
    const headline = `${subject} broke its promise: ${named(violated)}.`;
    return { kind: 'violated', exitCode: 1, headline, reasons: [...findingTexts, ...unmet, ...notes] };
  }
  if (findings.length > 0) {
    const headline = `${subject} went wrong by itself: ${findings.length === 1 ? 'one finding' : `${findings.length} findings`}.`;
    return { kind: 'finding', exitCode: 1, headline, reasons: [...findingTexts, ...unmet, ...notes] };
  }
  if (undecided.some(({ model }) => decidable.includes(model))) {
    const headline = `Nobody knows whether ${subject} kept its promise: ${named(undecided)}.`;
    const reasons = [...undecided.map(({ model, summary }) => `${model}: ${summary}.`), ...unmet, ...notes];
    return { kind: 'unknown', exitCode: 2, headline, reasons };
  }
  const gaps = [
    ...undecided.map(({ model, summary }) => `Nothing decided whether ${model} holds: ${summary}.`),
    ...unmet,
  ];
  if (judged.length === 0) gaps.unshift(`No claim of ${subject} could be judged in this run.`);
  if (gaps.length > 0) {
    const headline = `The run proved too little to say whether ${subject} keeps its promise.`;
    return { kind: 'inconclusive', exitCode: 2, headline, reasons: [...gaps, ...notes] };
  }
  return { kind: 'valid', exitCode: 0, headline: `${subject} kept its promise: ${named(judged)}.`, reasons: notes };
}

const named = (models: readonly ModelReport[]): string => models.map(({ model }) => model).join(', ');
