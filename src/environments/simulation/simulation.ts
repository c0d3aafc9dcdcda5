/** The environment that needs nothing: a whole cluster in memory, on virtual time, the same for the same seed. */
import type { Environment } from '../environment.ts';
import { SimulatedCluster } from './cluster.ts';
import { simulatedFaultKinds } from './faults.ts';

/** After this many events the loop lets the process look at its signals and files. */
const ordinaryBreath = 20_000;

/** `breath`: after how many events the loop lets promises of the caller go on. Tests that await take every event. */
export const simulation = (breath: number = ordinaryBreath): Environment => ({
  name: 'sim',
  faults: simulatedFaultKinds,
  deploy: async (deployment) => new SimulatedCluster(deployment, breath),
});
