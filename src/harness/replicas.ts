/**
 * Whether the replicas came to agree, from the peeks of a history; and how stale its reads were. Both are judged by
 * knossos-ts; here is what of a history they are handed.
 */
import {
  type ConvergenceVerdict,
  type Operation,
  type Peek,
  deltaAtomicity,
  judgeConvergence,
  linearizability,
  stalenessOf,
} from 'knossos-ts';
import { inMilliseconds, nanoseconds } from '../core/time.ts';
import type { ConvergenceReport, DeltaReport, StalenessReport } from '../report/run-report.ts';
import { type Found, undecided } from './found.ts';
import type { MarkEvent, MarkOf } from './marks.ts';

type PeekMark = { readonly at: number; readonly mark: MarkOf<'peek'> };

/**
 * Null where no node was ever asked. A node that did not answer the last round does not count as seen. `isWhole`: the run
 * came to its end; in one that was cut short nobody waited for replicas to agree.
 */
export function replicasOf(
  operations: readonly Operation[],
  marks: readonly MarkEvent[],
  nodes: readonly string[],
  isWhole: boolean,
): { readonly report: ConvergenceReport; readonly found: Found } | null {
  const all = marks.flatMap(({ at, mark }): PeekMark[] => (mark.mark === 'peek' ? [{ at, mark }] : []));
  const last = Math.max(0, ...all.map(({ mark }) => mark.round));
  const present = new Set(all.filter(({ mark }) => mark.round === last).map(({ mark }) => mark.node));
  const peeks = all
    .filter(({ mark }) => present.has(mark.node))
    .flatMap(({ at, mark }) =>
      Object.entries(mark.values).map(([key, value]): Peek => ({ replica: mark.node, key, value, time: at })),
    );
  const healed = marks.findLast(({ mark }) => mark.mark === 'phase' && mark.phase === 'quiesce');
  if (all.length === 0 || healed === undefined) return null;
  const judged = judgeConvergence(operations, peeks, { since: healed.at, replicas: nodes });
  const { agreed, timeToConverge, lost } = judged;
  const verdict = isWhole ? judged.verdict : excused(judged.verdict);
  const report: ConvergenceReport = {
    valid: verdict.valid,
    keys: new Set(peeks.map(({ key }) => key)).size,
    nodes: nodes.length,
    agreed: agreed.size,
    after: timeToConverge ?? null,
    lost: lost.length,
  };
  if (verdict.valid === 'unknown') return { report, found: undecided(verdict.detail) };
  const empty = { keys: { proven: 0, violated: 0, undecided: 0 }, counterexamples: [] };
  if (!verdict.valid) {
    const refutation = { sentence: verdict.sentence, operations: [], cycle: [], verified: false };
    const summary = `${report.agreed} of ${report.keys} keys are the same at all ${report.nodes} nodes`;
    return { report, found: { valid: false, summary, ...empty, refutation } };
  }
  return { report, found: { valid: true, summary: summaryOf(report), ...empty } };
}

/** Two that differ have broken nothing yet; what nobody wrote has. */
const excused = (verdict: ConvergenceVerdict): ConvergenceVerdict =>
  verdict.valid === false && verdict.peeks.length > 1
    ? { valid: 'unknown', detail: 'the run was cut short before the replicas had their time to agree' }
    : verdict;

function summaryOf({ keys, nodes, after, lost }: ConvergenceReport): string {
  const when = `${Math.ceil(inMilliseconds(nanoseconds(after ?? 0)))} ms after healing at the latest`;
  return `all ${nodes} nodes agree on ${keys} keys, ${when}; ${lost} acknowledged writes lost`;
}

/** What Delta-atomicity may take: it asks for linearizability again and again. */
export interface DeltaLimits {
  /** The run is linearizable, so that nothing has to be asked. */
  readonly isLinearizable: boolean;
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Undefined where nothing was read, or nothing is known of any read. */
export function stalenessReport(operations: readonly Operation[], limits: DeltaLimits): StalenessReport | undefined {
  const { reads, undecided: unclear } = stalenessOf(operations);
  if (reads.count === 0) return undefined;
  const { k, t } = reads;
  return {
    reads: reads.count,
    stale: reads.stale,
    undecided: unclear,
    writes: k,
    age: t,
    delta: deltaReport(operations, limits),
  };
}

function deltaReport(
  operations: readonly Operation[],
  { isLinearizable, milliseconds, bytes }: DeltaLimits,
): DeltaReport {
  if (isLinearizable) return { kind: 'delta', nanoseconds: 0 };
  const end = performance.now() + milliseconds;
  const found = deltaAtomicity(operations, (moved, initial) => {
    const left = end - performance.now();
    return left <= 0 ? undefined : linearizability({ milliseconds: left, bytes })(moved, initial);
  });
  if (found.kind === 'unknown') return { kind: 'unknown', seconds: milliseconds / 1_000 };
  return found.kind === 'none' ? found : { kind: 'delta', nanoseconds: found.delta };
}
