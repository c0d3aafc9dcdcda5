/**
 * The plan of a run: everything that decides what it does, as plain data. It is what test.json holds, so a run can be
 * analysed and repeated from it. A `Test` is a plan whose names have been looked up.
 */
import type { EnvironmentName } from '../environments/environment.ts';
import type { NodeId } from '../core/ids.ts';
import type { Duration } from '../core/time.ts';
import type { OptionValues, Workload, WorkloadPlan } from '../generators/workload.ts';
import type { NemesisSelection } from '../nemesis/selection.ts';
import type { SystemOptions } from '../protocol/protocol.ts';
import type { Bug, Claim, System } from '../protocol/system.ts';
import type { PlannedWeather } from './weather.ts';

export interface RunPlan {
  readonly system: string;
  readonly bug: string | null;
  /** Every option of the system with its value. */
  readonly systemOptions: OptionValues;
  readonly workload: string;
  readonly workloadOptions: OptionValues;
  /** As they were asked for: `partition:ring`, `kill`. */
  readonly nemeses: readonly string[];
  readonly environment: EnvironmentName;
  readonly environmentReason: string;
  readonly nodes: readonly NodeId[];
  /** Client threads. */
  readonly concurrency: number;
  /** Operations per second over all threads. */
  readonly rate: number;
  /** The main phase; set-up, healing and final reads come on top. */
  readonly timeLimit: Duration;
  /** The mean pause between two faults. */
  readonly nemesisInterval: Duration;
  readonly seed: number;
  readonly attemptTimeout: Duration;
  readonly operationTimeout: Duration;
  /** What the network is like by itself; what is not named is ordinary. Simulation only. */
  readonly weather: PlannedWeather;
  /** What one node may use: bytes, processors. Null: all that there is. In containers only. */
  readonly nodeLimits: { readonly memory: number | null; readonly cpus: number | null };
  /** Whether a liveness phase follows the main one (liveness.ts). */
  readonly liveness: boolean;
}

export interface Test {
  readonly plan: RunPlan;
  readonly system: System;
  readonly bug: Bug | null;
  readonly workload: Workload;
  readonly selections: readonly NemesisSelection[];
}

export interface Defaults {
  readonly workload: string;
  readonly nemesis: string;
  readonly nodeCount: number;
  readonly concurrency: string;
  readonly rate: number;
  /** Seconds. */
  readonly timeLimit: number;
  /** Seconds. */
  readonly nemesisInterval: number;
  /** Seconds. */
  readonly attemptTimeout: number;
  /** Seconds. */
  readonly operationTimeout: number;
}

/** Virtual time passes much faster than real time, and a simulated cluster elects and heals sooner. */
export const defaultsOf = (environment: EnvironmentName): Defaults => ({
  workload: 'register',
  nemesis: 'none',
  nodeCount: 5,
  concurrency: '2n',
  rate: 100,
  timeLimit: environment === 'sim' ? 20 : 60,
  nemesisInterval: environment === 'sim' ? 2 : 5,
  attemptTimeout: 1,
  operationTimeout: 5,
});

export const systemOptionsOf = (plan: RunPlan): SystemOptions => ({ bug: plan.bug, values: plan.systemOptions });

/** What the system promises under this plan. */
export const claimsOf = ({ system, plan }: Pick<Test, 'system' | 'plan'>): readonly Claim[] =>
  system.claims(systemOptionsOf(plan), plan.nodes);

export const workloadPlanOf = (plan: RunPlan): WorkloadPlan => ({
  values: plan.workloadOptions,
  rate: plan.rate,
  timeLimit: plan.timeLimit,
  nodeCount: plan.nodes.length,
  concurrency: plan.concurrency,
});

/** Whether anything is to be broken at all. The nemesis `none` needs nothing. */
export const isFaulty = (test: Test): boolean => test.selections.some(({ variants }) => variants.length > 0);

/** The nemeses that break something. */
export const breakingNames = ({ selections }: Pick<Test, 'selections'>): readonly string[] =>
  selections.filter(({ variants }) => variants.length > 0).map(({ nemesis }) => nemesis.name);

/** `raft-register-partition+kill`: the folder in the store. Safe for file systems and shells. */
export const runName = (plan: RunPlan): string =>
  [plan.system, plan.workload, plan.nemeses.map((choice) => choice.replace(':', '.')).join('+')]
    .map((part) => part.replaceAll(/[^\w.+-]/g, '_'))
    .join('-');
