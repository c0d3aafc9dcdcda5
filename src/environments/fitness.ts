/**
 * What an environment can do here: on this machine, with this engine, under this kernel. Measured by trying, since what
 * a kernel is said to have and what a container may use of it are two things.
 */
import type { EnvironmentName } from './environment.ts';

export interface Fitness {
  readonly environment: EnvironmentName;
  /** Whether nodes can run in it at all. */
  readonly usable: boolean;
  /** A sentence: what was seen, or why it cannot be used. */
  readonly summary: string;
  /** What to do where it cannot be used; null where it can. */
  readonly advice: string | null;
  /** What else is worth knowing, a sentence each. */
  readonly facts: readonly string[];
  /** Empty where the environment cannot be used. */
  readonly faults: readonly FaultFitness[];
}

export interface FaultFitness {
  /** As the nemesis calls it: `partition`, or `packets:delay` for one variant. */
  readonly fault: string;
  readonly can: boolean;
  /** What was seen: the proof, or the complaint. */
  readonly seen: string;
  /** What to do where it cannot be had; null where it can. */
  readonly advice: string | null;
}

export const can = (fault: string, seen: string): FaultFitness => ({ fault, can: true, seen, advice: null });

export const cannot = (fault: string, seen: string, advice: string): FaultFitness => ({
  fault,
  can: false,
  seen,
  advice,
});

/** Where nodes cannot run, and what to do about it. */
export const unfit = (
  environment: EnvironmentName,
  summary: string,
  advice: string,
  facts: readonly string[] = [],
): Fitness => ({ environment, usable: false, summary, advice, facts, faults: [] });
