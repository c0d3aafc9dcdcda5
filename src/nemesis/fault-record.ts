/** What the journal, the coverage gate and schedule.json hold of a fault. */
import type { NodeId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { Answer, Fault, FaultId } from '../environments/faults.ts';

/** `begin` and `end` were asked for; `begun` and `ended` were answered, with a proof or an error. */
export type FaultChange = 'begin' | 'begun' | 'end' | 'ended';

export interface FaultRecord {
  readonly id: FaultId;
  readonly nemesis: string;
  readonly variant: string;
  readonly fault: Fault;
  readonly targets: string;
  /** The nodes that suffer. */
  readonly nodes: readonly NodeId[];
  /** When `begin` was asked for. */
  readonly beginAt: Instant;
  /** When it was answered, or given up, and with what; null before. An error: not proved. */
  readonly begunAt: Instant | null;
  readonly proof: Answer<string> | null;
  readonly endAt: Instant | null;
  readonly endedAt: Instant | null;
  /** The proof that it is undone; null before `ended`. */
  readonly healed: Answer<string> | null;
}
