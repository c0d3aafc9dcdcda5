/**
 * A nemesis says what to break next; when, how long, the proof and the healing are the schedule's business. So a new
 * one is a file of some thirty lines: a pure function from what the cluster looks like to a fault.
 */
import type { NodeId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Fault, FaultId, FaultKind, FaultVariety } from '../environments/faults.ts';
import type { Inspection } from '../core/inspection.ts';

export interface Nemesis {
  readonly name: string;
  readonly summary: string;
  /** Its shapes, as in `partition:ring`. Without one, each fault takes a random shape that the cluster can carry. */
  readonly variants: readonly NemesisVariant[];
  /** A shape that is aimed at who has the role, as in `kill:tail`: there for systems that name their roles. */
  readonly ofRole?: (role: string) => NemesisVariant;
  readonly needs: readonly FaultKind[];
}

export interface NemesisVariant {
  readonly name: string;
  readonly summary: string;
  /** Fewer nodes cannot carry it. */
  readonly minimumNodes: number;
  /** What the environment must be able to do besides the kinds that the nemesis needs. */
  readonly needs?: FaultVariety;
  /** Finds most for its cost: it opens every round of variants and comes up twice in it. */
  readonly favoured?: boolean;
  /** The next fault, or null when nothing sensible can be broken now. */
  plan(view: NemesisView): PlannedFault | null;
}

export interface NemesisView {
  readonly nodes: readonly NodeId[];
  /** What each node that answered believes that it is. */
  readonly inspections: ReadonlyMap<NodeId, Inspection>;
  /** All faults that have begun and not ended, of every nemesis. */
  readonly active: readonly ActiveFault[];
  readonly random: Random;
  readonly assumes: Assumptions;
}

/** What the claims of the system assume of the faults, the strictest of each; null: no limit. */
export interface Assumptions {
  /** Of any node's clock, as a share: 0.01 is 1%. Drift within it is the nemesis's own business. */
  readonly maxDrift: number | null;
  /** How many nodes may be down or cut off at once. The schedule passes over what would go beyond (bounds.ts). */
  readonly maxDown: number | null;
  /** No node may be killed, and no disk may fail. Absent: they may. */
  readonly noCrash?: true;
}

export interface PlannedFault {
  readonly fault: Fault;
  /** For people: `n3 (primary) | n1 n2 n4 n5`. */
  readonly targets: string;
  /** The nodes that suffer: those that are down, the smaller side of a cut, or all where no side is the smaller. */
  readonly nodes: readonly NodeId[];
}

export interface ActiveFault {
  readonly id: FaultId;
  readonly nemesis: string;
  readonly fault: Fault;
  /** The nodes that suffer. */
  readonly nodes: readonly NodeId[];
}
