/** The faults of a run as its history tells them: when each was asked for, proven, asked to end, and proven healed. */
import type { Operation } from 'knossos-ts';
import type { FaultReport } from '../report/run-report.ts';
import type { MarkEvent, MarkOf } from './marks.ts';
import { isWrite, writtenBy } from './observed.ts';

export interface LoggedFault {
  readonly begin: MarkOf<'begin'>;
  /** Positions in the history; Infinity for what never came. */
  readonly asked: number;
  readonly begun: number;
  readonly ending: number;
  readonly ended: number;
  /** Nanoseconds. */
  readonly begunAt: number;
  readonly endedAt: number | null;
  readonly proof: { readonly held: boolean; readonly text: string };
  readonly healed: { readonly held: boolean; readonly text: string };
}

const missing = (what: string): { readonly held: boolean; readonly text: string } => ({ held: false, text: what });

export function faultLog(marks: readonly MarkEvent[]): readonly LoggedFault[] {
  const faults = new Map<number, LoggedFault>();
  for (const { index, at, mark } of marks) {
    if (mark.mark === 'begin') {
      faults.set(mark.id, {
        begin: mark,
        asked: index,
        begun: Infinity,
        ending: Infinity,
        ended: Infinity,
        begunAt: at,
        endedAt: null,
        proof: missing('The run ended before a proof came.'),
        healed: missing('The run ended before it was healed.'),
      });
      continue;
    }
    if (mark.mark !== 'begun' && mark.mark !== 'end' && mark.mark !== 'ended') continue;
    const fault = faults.get(mark.id);
    if (fault !== undefined) faults.set(mark.id, { ...fault, ...changeBy(mark, index, at) });
  }
  return [...faults.values()];
}

function changeBy(mark: MarkOf<'begun' | 'end' | 'ended'>, index: number, at: number): Partial<LoggedFault> {
  if (mark.mark === 'end') return { ending: index };
  const answer = { held: mark.held, text: mark.text };
  return mark.mark === 'begun' ? { begun: index, proof: answer } : { ended: index, endedAt: at, healed: answer };
}

/** Whether the operation and the fault have any moment in common, from the first order to break to the last proof. */
export const touches = (fault: LoggedFault, { called, returned }: Operation): boolean =>
  called < fault.ended && returned > fault.asked;

/** Whether the operation ran wholly while the fault was proven and not yet asked to end. */
export const isWithin = (fault: LoggedFault, { called, returned }: Operation): boolean =>
  fault.proof.held && called > fault.begun && returned < fault.ending;

export function faultReports(faults: readonly LoggedFault[], operations: readonly Operation[]): readonly FaultReport[] {
  return faults.map((logged) => {
    const during = { ok: 0, fail: 0, info: 0 };
    for (const operation of operations) {
      if (isDuring(logged, operation)) during[operation.type]++;
    }
    const { id, nemesis, variant, targets, nodes, fault } = logged.begin;
    const { begunAt, endedAt, proof, healed } = logged;
    return {
      id,
      nemesis,
      variant,
      kind: fault.kind,
      targets,
      nodes,
      begunAt,
      endedAt,
      proof,
      healed,
      during,
      writes: writesAround(logged, operations),
    };
  });
}

const isDuring = ({ begun, ending }: LoggedFault, { called }: Operation): boolean => called > begun && called < ending;

/** Meanwhile, and the first one after healing, whenever it began. */
function writesAround(fault: LoggedFault, operations: readonly Operation[]): FaultReport['writes'] {
  const { ended, endedAt } = fault;
  const writes = operations.filter(isWrite);
  const meanwhile = writes.filter((operation) => isDuring(fault, operation));
  // One that was refused for what the store holds is no write.
  const done = writes.filter((operation) => operation.type === 'ok' && writtenBy(operation).length > 0);
  const after = done.flatMap(({ returned, completedAt }) => (returned > ended ? completedAt : []));
  return {
    ok: done.filter((operation) => isWithin(fault, operation)).length,
    all: meanwhile.length,
    againAfter:
      endedAt === null || after.length === 0 ? null : after.reduce((least, at) => Math.min(least, at)) - endedAt,
  };
}
