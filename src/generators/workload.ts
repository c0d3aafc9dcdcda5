/** What a workload is to the harness: the operations that it asks for, and the models that it can decide. */
import type { Operation } from 'knossos-ts';
import type { ModelName, OptionDefinition } from '../protocol/system.ts';
import type { Generator } from './generator.ts';
import type { Duration } from '../core/time.ts';

export interface Workload {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionDefinition[];
  /** Throws a UsageError on values that are each in range but make no sense together. */
  check?(values: OptionValues): void;
  /** The functions that it generates under these options. */
  functions(values: OptionValues): readonly string[];
  /** The consistency models that its histories can decide, each with the data model of knossos-ts that it needs. */
  readonly decides: readonly {
    readonly model: ModelName;
    readonly dataModel: string;
    readonly operations: readonly string[];
  }[];
  /** After the final reads, every node is asked for what it holds for every key, until all agree or a deadline. */
  readonly peeks?: true;
  /** What people want to know of the history besides the verdict, in whole sentences. Absent: nothing. */
  remarks?(operations: readonly Operation[], values: OptionValues): readonly string[];
  /** The main phase: as fast as it is asked, and never ends by itself. The run adds the rate and the time limit. */
  generator(plan: WorkloadPlan): Generator;
  /** The final phase, after every fault has healed: ends by itself. Told all events of the main phase before. */
  final(plan: WorkloadPlan): Generator;
}

export type OptionValues = { readonly [name: string]: string | number | boolean };

export interface WorkloadPlan {
  readonly values: OptionValues;
  /** Operations per second over all processes. */
  readonly rate: number;
  readonly timeLimit: Duration;
  readonly nodeCount: number;
  readonly concurrency: number;
}
