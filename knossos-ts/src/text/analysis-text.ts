/** What a check found, for people: the verdict, the counterexample as a sentence and as lanes, and what decided it. */
import { count, counted, listed } from '../explain/words.ts';
import type { FileAnalysis } from '../file/file-options.ts';
import type { Operation } from '../history/operation.ts';
import { showKey } from '../history/value.ts';
import type { Analysis, Counterexample, KeyVerdict } from '../verdict.ts';
import { lanes } from './lanes.ts';
import { operationLabel } from './operation-label.ts';

export interface TextOptions {
  /** As the reader called it. */
  readonly model: string;
  /** Columns of the screen. Default 100. */
  readonly width?: number;
}

/** Several lines, without the last line end. The first one is the verdict. */
export function analysisText(analysis: Analysis | FileAnalysis, { model, width = 100 }: TextOptions): string {
  const { verdict, summary, keys } = analysis;
  return [
    `linearizable as ${model}: ${verdict.valid} (${summary})`,
    ...(verdict.valid === false ? counterexampleText(verdict.counterexample, width) : []),
    ...(verdict.valid === 'unknown' && verdict.detail !== summary ? [verdict.detail] : []),
    ...keyLines(keys),
    ...witnessLines(keys),
    ...(keys.length === 0 && verdict.valid === true
      ? ['There is no operation in this history, so that nothing was judged.']
      : []),
    decidedBy(analysis),
  ].join('\n');
}

function counterexampleText(counterexample: Counterexample, width: number): string[] {
  const { sentence, operations, impossible, order, rejected, forced, alternatives, verified } = counterexample;
  if (operations.length > mostDrawn) {
    return [
      sentence,
      '',
      `The counterexample has ${count(operations.length)} operations: --output json lists them.`,
      '',
    ];
  }
  const named = new Map(operations.map((operation) => [operation.id, operation]));
  const label = (id: number): string => {
    const operation = named.get(id);
    return operation === undefined ? `operation ${id}` : operationLabel(operation, 60);
  };
  const legal = order.map(({ operation, state }) => `${label(operation)} (${state})`);
  const reasons = [
    ...(haveTimes(operations) ? some(forced.map(({ why }) => why)) : []),
    ...some(alternatives.map(({ title, why }) => `${title}? ${why}`)),
    `The longest legal order: ${legal.length === 0 ? 'none' : listed(legal)}. Then ${label(rejected.operation)} does not fit: ${rejected.why}.`,
    verified ? 'A second, independent method finds no legal order either.' : 'Too large to be proved a second time.',
  ];
  return [
    sentence,
    '',
    ...lanes(operations, impossible, width - 2).map((line) => `  ${line}`.trimEnd()),
    '',
    ...reasons.map((reason) => `- ${reason}`),
    '',
  ];
}

/** The last ones are the nearest to what cannot be. */
const some = (reasons: readonly string[]): readonly string[] =>
  reasons.length <= mostReasons
    ? reasons
    : [`${count(reasons.length - mostReasons)} more (--output json lists them)`, ...reasons.slice(-mostReasons)];

/** Some notations have none, and then positions stand in for nanoseconds, which say no more than the lanes do. */
const haveTimes = (operations: readonly Operation[]): boolean =>
  operations.some(({ invokedAt, called }) => Math.abs(invokedAt - called) > 1_000);

const mostDrawn = 60;
const mostReasons = 6;
const mostKeys = 20;

/** The keys that are not proven, where there are several. */
function keyLines(keys: readonly KeyVerdict[]): string[] {
  const open = keys.filter(({ verdict }) => verdict.valid !== true);
  if (keys.length < 2 || open.length < 2) return [];
  const shown = open.slice(0, mostKeys).map(({ key, operations, verdict }) => {
    const what =
      verdict.valid === false ? `violated: ${verdict.counterexample.sentence}` : `undecided: ${detail(verdict)}`;
    return `key ${showKey(key)} (${counted(operations, 'operation')}) ${what}`;
  });
  const rest = open.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${counted(rest, 'key')} more`] : []), ''];
}

const detail = (verdict: KeyVerdict['verdict']): string => (verdict.valid === 'unknown' ? verdict.detail : '');

function witnessLines(keys: readonly KeyVerdict[]): string[] {
  return keys.flatMap(({ key, verdict }) => {
    if (verdict.valid !== true || verdict.witness === undefined) return [];
    const where = key === null ? '' : ` of key ${showKey(key)}`;
    return [`A legal order${where}, by the indices of the invocations: ${verdict.witness.join(' ')}`];
  });
}

function decidedBy(analysis: Analysis | FileAnalysis): string {
  const { keys, milliseconds } = analysis;
  const engines = new Map<string, number>();
  for (const { engine } of keys) if (engine !== undefined) engines.set(engine, (engines.get(engine) ?? 0) + 1);
  const names = [...engines].map(([name, times]) => (keys.length > 1 ? `${name} (${counted(times, 'key')})` : name));
  const by = names.length === 0 ? '' : `Decided by ${listed(names)}. `;
  if (!('readMilliseconds' in analysis)) return `${by}${seconds(milliseconds)} in all.`;
  const { operations, format, readMilliseconds, parts } = analysis;
  const inParts = parts > 1 ? ` in ${parts} parts` : '';
  const judging = seconds(milliseconds - readMilliseconds);
  return `${by}${counted(operations, 'operation')} (${format}) read in ${seconds(readMilliseconds)} and judged${inParts} in ${judging}.`;
}

export const seconds = (milliseconds: number): string =>
  milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
