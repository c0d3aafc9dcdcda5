/** Under construction: see the public surface below. */
import type { NodeId } from '../core/ids.ts';
import type { Inspection } from '../core/inspection.ts';
import type { Random } from '../core/random.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Answer, Fault, FaultId } from '../environments/faults.ts';
import type { NemesisSelection } from './selection.ts';

export interface SchedulePlan {
  readonly selections: readonly NemesisSelection[];
  readonly nodes: readonly NodeId[];
  /** How long a fault is held, and how long the pause before the next one is, on average. */
  readonly interval: Duration;
  readonly random: Random;
  /** How long nodes have to say what they believe that they are; 500 ms without. */
  readonly inspectWithin?: Duration;
  /** How long the environment has to answer `begin` and `end`; 15 s without. */
  readonly answerWithin?: Duration;
}

export type ScheduleInput =
  /** The first one starts it; later ones answer `wakeAt`. One too many does no harm. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'inspected'; readonly round: number; readonly node: NodeId; readonly answer: Answer<Inspection> }
  | { readonly kind: 'begun'; readonly id: FaultId; readonly answer: Answer<string> }
  | { readonly kind: 'ended'; readonly id: FaultId; readonly answer: Answer<string> }
  /** Ends every fault and begins no more. */
  | { readonly kind: 'stop' };

/** May be answered at once, from within the step. */
export interface ScheduleEffects {
  begin(id: FaultId, fault: Fault): void;
  end(id: FaultId): void;
  /** The answer names the round. */
  inspect(round: number, node: NodeId): void;
  /** Asks for a tick at that instant. Replaces what was asked before. */
  wakeAt(at: Instant): void;
  /** For the journal: a fault changed as `change` says. The record is a value that is not changed afterwards. */
  record(change: FaultChange, fault: FaultRecord): void;
  /** After `stop`: every fault has ended, or its end was given up. Once. */
  done(): void;
}

/** `begin` and `end` were asked for; `begun` and `ended` were answered, with a proof or an error. */
export type FaultChange = 'begin' | 'begun' | 'end' | 'ended';

export interface FaultRecord {
  readonly id: FaultId;
  readonly nemesis: string;
  readonly variant: string;
  readonly fault: Fault;
  readonly targets: string;
  readonly nodes: readonly NodeId[];
  /** When `begin` was asked for, and what was answered to it; null before. */
  readonly beginAt: Instant;
  readonly begunAt: Instant | null;
  readonly proof: Answer<string> | null;
  readonly endAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly healed: Answer<string> | null;
}
