import { type BatchReport, percent } from '../harness/batch.ts';
import type { FinishedRun } from '../harness/run.ts';

/** The sums of a batch, for people. */
export function batchText(report: BatchReport, elapsed: number, nemesis: string, stored: FinishedRun | null): string {
  const { kinds, counts, proven, outcome, conclusiveShare, events } = report;
  const seeds = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  const ended = Object.entries(kinds).filter(([, count]) => count > 0);
  const faults = Object.entries(proven).map(([name, count]) => `${name} ${number(count)}`);
  const speed = events === 0 ? '' : `, ${number(Math.round(events / elapsed))} events/s`;
  return [
    '',
    outcome.headline,
    ...outcome.reasons.slice(0, 5).map((reason) => `  ${reason}`),
    '',
    `  seeds       ${seeds} (${report.first} to ${report.last}): ${ended.map(([kind, count]) => `${number(count)} ${kind}`).join(', ')}`,
    `  conclusive  ${percent(conclusiveShare)} of the seeds by themselves`,
    `  operations  ${number(counts.ok)} ok, ${number(counts.fail)} fail, ${number(counts.info)} info`,
    `  faults      ${faults.length === 0 ? `none (--nemesis ${nemesis})` : `proven: ${faults.join(', ')}`}`,
    `  leaders     ${number(report.leaderChanges)} changes`,
    `  speed       ${(seeds / elapsed).toFixed(1)} seeds/s${speed}, ${elapsed.toFixed(1)} s in all`,
    ...(stored?.folder == null ? [] : [`  kept        seed ${stored.report.plan.seed}: ${stored.folder.path}`]),
  ].join('\n');
}

const number = (count: number): string => count.toLocaleString('en');
