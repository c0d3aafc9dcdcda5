/** The registry of workloads: the keys are what `--workload` takes. */
import type { Workload } from '../src/generators/workload.ts';
import { converge } from './converge.ts';
import { insert } from './insert.ts';
import { register } from './register.ts';
import { txnBank } from './txn-bank.ts';

export const workloads: { readonly [name: string]: Workload } = {
  register,
  converge,
  insert,
  'txn-bank': txnBank,
};
