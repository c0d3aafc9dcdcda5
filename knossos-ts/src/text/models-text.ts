/** Which consistency models a history keeps, for people: a line for each, and what breaks the weakest that are broken. */
import { counted, listed } from '../explain/words.ts';
import type { ModelsFileAnalysis } from '../file/check-models-file.ts';
import type { Edge, ModelCounterexample } from '../weak/evidence/edges.ts';
import type { ModelVerdict } from '../weak/verdict.ts';
import { seconds } from './analysis-text.ts';

const mostEdges = 12;

/** Several lines, without the last line end. The first one says what is kept and what is not. */
export function modelsText(analysis: ModelsFileAnalysis): string {
  const { verdicts, holds, breaks, operations, format, readMilliseconds, milliseconds } = analysis;
  const width = Math.max(...[...verdicts.keys()].map((model) => model.length));
  const broken = breaks.flatMap((model) => {
    const verdict = verdicts.get(model);
    return verdict?.valid === false ? ['', ...counterexampleText(verdict.counterexample)] : [];
  });
  return [
    `The strongest that hold: ${listedOrNone(holds)}. The weakest that are broken: ${listedOrNone(breaks)}.`,
    '',
    ...[...verdicts].map(([model, verdict]) => `  ${model.padEnd(width)}  ${said(verdict)}`),
    ...broken,
    '',
    ...(operations === 0 ? ['There is no operation in this history, so that nothing was judged.'] : []),
    `${counted(operations, 'operation')} (${format}) read in ${seconds(readMilliseconds)} and judged in ${seconds(milliseconds - readMilliseconds)}.`,
  ].join('\n');
}

const listedOrNone = (models: readonly string[]): string => (models.length === 0 ? 'none' : listed(models));

function said(verdict: ModelVerdict): string {
  if (verdict.valid === 'unknown') return `unknown: ${verdict.detail}`;
  const { valid, impliedBy } = verdict;
  if (impliedBy === undefined) return valid ? 'holds' : 'broken';
  return valid ? `holds, since ${impliedBy} does` : `broken, since ${impliedBy} is`;
}

function counterexampleText({ model, sentence, cycle, verified }: ModelCounterexample): string[] {
  const steps = cycle.slice(0, mostEdges).map(stepText);
  const left = cycle.length - steps.length;
  return [
    `${model}: ${sentence}`,
    ...steps,
    ...(left > 0 ? [`- and ${counted(left, 'more step')} (--output json lists them)`] : []),
    verified ? '- A second, independent method agrees.' : '- Too large to be proved a second time.',
  ];
}

const stepText = ({ from, to, why }: Edge): string => `- ${named(from)} comes before ${named(to)}: ${why}.`;

const named = (end: number | 'initial'): string => (end === 'initial' ? 'the initial value' : `operation ${end}`);
