/** The registry of workloads: the keys are what `--workload` takes. */
import type { Workload } from '../src/generators/workload.ts';
import { converge } from './converge.ts';
import { register } from './register.ts';

export const workloads: { readonly [name: string]: Workload } = { register, converge };
