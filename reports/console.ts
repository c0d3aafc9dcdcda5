/** What a user reads at the end of `harness test`: some twenty lines, the verdict first and the next command last. */
import { styleText } from 'node:util';
import type { ReportFiles, Reporter } from '../src/report/reporter.ts';
import type { ModelReport, RunOutcome, RunReport } from '../src/report/run-report.ts';
import { notableModels } from './notable-models.ts';
import { clip, count, counted, deltaText, duration, moment, printable, tally } from './wording.ts';

export const consoleReport: Reporter = {
  name: 'console',
  summary: 'the summary at the end of a run',
  async write(run, _history, files) {
    files.print(summaryText(run, files));
  },
};

type Tone = 'good' | 'bad' | 'open' | 'quiet' | 'strong';
type Paint = (tone: Tone, text: string) => string;

const styles = { good: 'green', bad: 'red', open: 'yellow', quiet: 'dim', strong: 'bold' } as const;

/** Lines without a newline at the end. Escape sequences are in it only where `colour` is true. */
export function summaryText(run: RunReport, { folder, colour }: Pick<ReportFiles, 'folder' | 'colour'>): string {
  const paint: Paint = (tone, text) => (colour ? styleText(styles[tone], text, { validateStream: false }) : text);
  const rows: readonly Row[] = [
    ['models', modelLines(run, paint)],
    ['staleness', stalenessLines(run)],
    ['operations', operationLines(run)],
    ['counted', (run.figures ?? []).map((figure) => said(figure))],
    ['faults', faultLines(run, paint)],
    ['coverage', coverageLines(run, paint)],
    ['findings', findingLines(run, paint)],
    [run.outcome.kind === 'violated' ? 'because' : 'example', becauseLines(run)],
    ['report', folder === null ? [] : [`${said(folder)}/index.html`]],
    ['repeat', [paint('strong', printable(run.command))]],
  ];
  const blocks = rows.filter(([, lines]) => lines.length > 0);
  return ['', ...headLines(run, paint), '', ...blocks.flatMap(([name, lines]) => block(name, lines, paint))].join('\n');
}

type Row = readonly [name: string, lines: readonly string[]];

const nameWidth = 12;

const block = (name: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.map((line, index) => `  ${paint('quiet', (index === 0 ? name : '').padEnd(nameWidth))}${line}`);

const said = (text: string, limit = 400): string => clip(printable(text), limit);

/** The first `limit` items, each as its lines, and a line that counts the others. */
function listed<T>(items: readonly T[], limit: number, lineOf: (item: T) => string, where: string): string[] {
  const lines = items.slice(0, limit).map(lineOf);
  if (items.length > limit) lines.push(`and ${count(items.length - limit)} more, see ${where}`);
  return lines;
}

const outcomeMarks = {
  valid: ['good', '✓'],
  violated: ['bad', '✗'],
  finding: ['open', '!'],
  unknown: ['open', '?'],
  inconclusive: ['open', '?'],
} as const satisfies { readonly [kind in RunOutcome['kind']]: readonly [Tone, string] };

function headLines({ outcome, plan }: RunReport, paint: Paint): readonly string[] {
  const [tone, mark] = outcomeMarks[outcome.kind];
  const planted = outcome.kind === 'violated' && plan.bug !== null;
  const named = outcome.reasons.some((reason) => reason.includes(plan.bug ?? ''));
  const found = planted && !named ? [`  The planted bug ${said(plan.bug ?? '')} was found.`] : [];
  const reasons = listed(outcome.reasons, 3, (reason) => `  ${said(reason)}`, 'index.html');
  return [paint(planted ? 'open' : tone, mark) + ' ' + paint('strong', said(outcome.headline)), ...found, ...reasons];
}

function modelLines(run: RunReport, paint: Paint): readonly string[] {
  const { told, rest } = notableModels(run);
  const width = Math.max(...told.map(({ model }) => said(model, 24).length));
  return [...told.map((model) => modelLine(model, width, paint)), ...(rest === '' ? [] : [paint('quiet', said(rest))])];
}

function modelLine({ model, claimed, judged, valid, summary }: ModelReport, width: number, paint: Paint): string {
  const [tone, mark, word] = (
    valid === true
      ? ['good', '✓', 'held']
      : valid === 'unknown'
        ? ['open', '?', 'unknown']
        : [claimed && judged ? 'bad' : 'quiet', '✗', claimed ? 'violated' : 'not kept']
  ) as readonly [Tone, string, string];
  const standing = claimed ? (judged ? 'claimed, ' : 'claimed but not judged, ') : 'not claimed, ';
  return `${paint(tone, mark)} ${said(model, 24).padEnd(width)}  ${standing}${paint(tone, word)}: ${said(summary)}`;
}

/** Only where something was stale: in most runs of most systems nothing may be. */
function stalenessLines({ staleness }: RunReport): readonly string[] {
  if (staleness === undefined || staleness.stale === 0) return [];
  const { reads, stale, writes, age, delta } = staleness;
  const sum = `${count(stale)} of ${counted(reads, 'read')} behind`;
  const k = `writes missed p50 ${count(writes.p50)}, p99 ${count(writes.p99)}, max ${count(writes.max)}`;
  return [
    `${sum}; ${k}; late by p50 ${duration(age.p50)}, p99 ${duration(age.p99)}, max ${duration(age.max)}`,
    deltaText(delta),
  ];
}

function operationLines({ counts, functions, durations, leaderChanges }: RunReport): readonly string[] {
  const split = `${count(counts.ok)} ok, ${count(counts.fail)} fail, ${count(counts.info)} info`;
  const each = functions
    .map(({ f, operations, ok }) => `${said(f)} ${count(ok)} of ${count(operations)} ok`)
    .join(', ');
  const leaders = leaderChanges === null ? '' : `; ${counted(leaderChanges, 'leader change')}`;
  const took = `${duration(durations.run * 1e9)} of operations, checked in ${duration(durations.check * 1e9)}${leaders}`;
  return [
    `${count(counts.operations)}: ${split}; ${count(counts.okDuringFaults)} ok during faults`,
    ...(each === '' ? [] : [each]),
    took,
  ];
}

function faultLines({ faults }: RunReport, paint: Paint): readonly string[] {
  if (faults.length === 0) return ['none'];
  const proven = faults.filter(({ proof }) => proof.held).length;
  const healed = faults.filter((fault) => fault.healed.held).length;
  const sum = `${proven} of ${faults.length} proven, ${healed} of ${faults.length} healed: ${said(tally(faults.map(({ nemesis }) => nemesis)))}`;
  const unproven = faults.filter(({ proof }) => !proof.held);
  return [
    sum,
    ...listed(
      unproven,
      2,
      ({ nemesis, targets, proof }) => `${paint('open', '?')} ${said(nemesis)} ${said(targets)}: ${said(proof.text)}`,
      'index.html',
    ),
  ];
}

function coverageLines({ coverage }: RunReport, paint: Paint): readonly string[] {
  const unmet = coverage.filter(({ met }) => !met);
  if (unmet.length === 0) return [];
  const lines = listed(
    unmet,
    4,
    ({ name, text }) => `${paint('open', '?')} ${said(name)}: ${said(text)}`,
    'index.html',
  );
  return [`${unmet.length} of ${coverage.length} not met`, ...lines];
}

const findingLines = ({ findings }: RunReport, paint: Paint): readonly string[] =>
  listed(
    findings,
    3,
    ({ kind, node, at, text }) =>
      `${paint('open', '!')} ${said(node)}, ${moment(at, 2)}, ${said(kind)}: ${said(text.split('\n', 1)[0] ?? '')}`,
    'index.html',
  );

/** The first sentence that the run has to show, of a claim before others, and how many more keys have one. */
function becauseLines({ models }: RunReport): readonly string[] {
  const broken = [...models.filter(isAccused), ...models.filter((model) => !isAccused(model))].find(
    ({ counterexamples, refutation }) => counterexamples.length > 0 || refutation !== undefined,
  );
  if (broken === undefined) return [];
  const { counterexamples, refutation, impliedBy } = broken;
  const [first] = counterexamples;
  const weakest = impliedBy === undefined || refutation === undefined ? [] : [`so even ${said(impliedBy)} is broken`];
  const others = broken.keys.violated - 1;
  return [
    said(first?.sentence ?? refutation?.sentence ?? ''),
    ...weakest,
    ...(others > 0 ? [`and ${counted(others, 'more key')} like it`] : []),
  ];
}

const isAccused = ({ claimed, judged }: ModelReport): boolean => claimed && judged;
