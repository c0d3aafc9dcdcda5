/**
 * The one data contract between a run and its reports. It is what results.json holds, and all that a reporter may
 * know, besides the history. `schema` grows when a field changes its meaning.
 */
import type { Counterexample, Edge, Operation, TransactionEdge } from 'knossos-ts';

export interface RunReport {
  readonly schema: 1;
  /** `raft-register-partition/20261120T134502.123Z`: the folder in the store. */
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly versions: { readonly harness: string; readonly node: string };
  readonly plan: RunPlanSummary;
  /** The one command that repeats this run. */
  readonly command: string;
  readonly outcome: RunOutcome;
  /** Strongest first; those that are claimed are among them. */
  readonly models: readonly ModelReport[];
  /** Absent where only the claims were checked. */
  readonly consistency?: ConsistencyReport;
  /** Absent where only the claims were checked, and where reads do not name the write that they saw. */
  readonly staleness?: StalenessReport;
  /** Absent where no node was asked what it held in the end. */
  readonly convergence?: ConvergenceReport;
  /** What the system's nodes have counted, by its own names; absent where they count nothing. */
  readonly counters?: { readonly [name: string]: number };
  /** What the system says of them, in whole sentences. */
  readonly figures?: readonly string[];
  readonly counts: Counts;
  readonly functions: readonly FunctionReport[];
  readonly coverage: readonly CoverageItem[];
  readonly faults: readonly FaultReport[];
  readonly findings: readonly FindingReport[];
  /** Seconds. */
  readonly durations: { readonly setup: number; readonly run: number; readonly check: number };
  readonly leaderChanges: number | null;
  readonly trace: { readonly events: number; readonly hash: string } | null;
  /** Files beside the report, relative to its folder. */
  readonly files: readonly { readonly path: string; readonly summary: string }[];
}

export interface RunPlanSummary {
  readonly system: string;
  readonly bug: string | null;
  readonly systemOptions: { readonly [name: string]: string | number | boolean };
  readonly workload: string;
  readonly workloadOptions: { readonly [name: string]: string | number | boolean };
  readonly nemeses: readonly string[];
  readonly environment: string;
  readonly environmentReason: string;
  readonly nodes: readonly string[];
  readonly concurrency: number;
  /** Operations per second. */
  readonly rate: number;
  /** Seconds. */
  readonly timeLimit: number;
  /** Seconds. */
  readonly nemesisInterval: number;
  readonly seed: number;
}

/** `inconclusive` counts as unknown: nothing was violated, but the run proved too little. */
export interface RunOutcome {
  readonly kind: 'valid' | 'violated' | 'unknown' | 'inconclusive' | 'finding';
  /** 0 valid, 1 violated or finding, 2 unknown or inconclusive. */
  readonly exitCode: 0 | 1 | 2;
  /** One sentence without jargon but the models: `Raft kept its promise: linearizable.` */
  readonly headline: string;
  /** Whole sentences, the most telling first. */
  readonly reasons: readonly string[];
}

export interface ModelReport {
  readonly model: string;
  readonly claimed: boolean;
  /** False where a fault went beyond what the claim assumes: reported, not judged. */
  readonly judged: boolean;
  readonly valid: true | false | 'unknown';
  /** For people: `51 of 51 keys proven`. */
  readonly summary: string;
  readonly keys: { readonly proven: number; readonly violated: number; readonly undecided: number };
  /** The most readable first; at most ten. */
  readonly counterexamples: readonly Counterexample[];
  /** What breaks a model that is not judged key by key. */
  readonly refutation?: Refutation;
  /** The model from which the verdict follows, where it was not decided by itself. */
  readonly impliedBy?: string;
}

/** Operations that cannot be as the model demands, told in one sentence. */
export interface Refutation {
  readonly sentence: string;
  /** By invocation. */
  readonly operations: readonly Operation[];
  /** Each ends where the next begins, and the last where the first does. Empty where the sentence says it all. */
  readonly cycle: readonly (Edge | TransactionEdge)[];
  /** Whether it was derived again by code that shares nothing with the check. */
  readonly verified: boolean;
}

/** Consistency models are a partial order, so there may be several strongest ones that hold. */
export interface ConsistencyReport {
  /** Of the models that hold, those that no other one that holds implies. */
  readonly holds: readonly string[];
  /** Of the models that are broken, those that imply no other broken one. */
  readonly breaks: readonly string[];
}

/** How far reads were behind, at least. */
export interface StalenessReport {
  readonly reads: number;
  readonly stale: number;
  /** Reads of which it is not known what they saw. */
  readonly undecided: number;
  /** Surely newer writes that were complete when the read began. */
  readonly writes: Distribution;
  /** For how long the first of them had been, in nanoseconds. */
  readonly age: Distribution;
  readonly delta: DeltaReport;
}

/** By how much, in nanoseconds, all reads would have had to begin earlier for the run to be linearizable. */
export type DeltaReport =
  | { readonly kind: 'delta'; readonly nanoseconds: number }
  /** However much earlier: staleness is not all that is wrong. */
  | { readonly kind: 'none' }
  /** Not decided within so many seconds. */
  | { readonly kind: 'unknown'; readonly seconds: number };

export interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** How many are at most `upTo` and above the bound before. The first bound is 0, the second 1, and then they double. */
  readonly histogram: readonly { readonly upTo: number; readonly count: number }[];
}

export interface ConvergenceReport {
  readonly valid: true | false | 'unknown';
  readonly keys: number;
  readonly nodes: number;
  /** Keys on which all nodes agree. */
  readonly agreed: number;
  /** Nanoseconds from the healing of all faults until the last node was seen to have its final value; null without one. */
  readonly after: number | null;
  /** Acknowledged writes that are gone without a successor. */
  readonly lost: number;
}

export interface Counts {
  readonly operations: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** Operations that were invoked and returned ok while a fault was active. */
  readonly okDuringFaults: number;
}

export interface FunctionReport extends Omit<Counts, 'okDuringFaults'> {
  readonly f: string;
}

export interface CoverageItem {
  readonly name: string;
  readonly met: boolean;
  /** `cas swapped 312 times`, or what was missing and what to do about it. */
  readonly text: string;
}

export interface FaultReport {
  readonly id: number;
  readonly nemesis: string;
  readonly variant: string;
  readonly kind: string;
  readonly targets: string;
  /** Names of the nodes that the fault touches. */
  readonly nodes: readonly string[];
  /** Nanoseconds since the run began; null while it never happened. */
  readonly begunAt: number;
  readonly endedAt: number | null;
  /** What a probe saw while it was active, or why it could not. */
  readonly proof: { readonly held: boolean; readonly text: string };
  readonly healed: { readonly held: boolean; readonly text: string };
  /** Operations invoked while it was active, by outcome. */
  readonly during: { readonly ok: number; readonly fail: number; readonly info: number };
  /** Those of them that write: what a system cannot do without the nodes that are away. */
  readonly writes: {
    /** How many ended well before it was asked to heal; those that waited for that did not. */
    readonly ok: number;
    readonly all: number;
    /** Nanoseconds from healing until the first write ended well; null where none did. */
    readonly againAfter: number | null;
  };
}

export interface FindingReport {
  readonly kind: string;
  readonly node: string;
  /** Nanoseconds since the run began. */
  readonly at: number;
  readonly text: string;
}
